// SPDX-License-Identifier: MIT
/** Commands with verbs (`tree add`): from the words of the command line to the verb that is run. */
import { type ExitCode, RespinError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { helpHint } from './arguments.ts';
import type { Command, CommandWithVerbs, Context, OptionTable, Verb } from './command.ts';

/** What the command line may hold, whichever verb it has: verbs share the names of options. */
export function allOptions(command: Command): OptionTable {
  if (!('verbs' in command)) return command.options;
  return Object.assign({}, ...Object.values(command.verbs).map(({ options }) => options), command.options);
}

/**
 * Runs a command, or the verb of it that was named.
 * @throws RespinError UNKNOWN_COMMAND, MISSING_ARGUMENT, TOO_MANY_ARGUMENTS or BAD_OPTION (usage), and what it throws
 */
export async function runCommand(name: string, command: Command, context: Context): Promise<ExitCode> {
  if (!('verbs' in command)) return await command.run(context);
  const [word, ...args] = context.positionals;
  const { verb, name: verbName } = findVerb(name, command, word);
  expectArguments(`${name} ${verbName}`, args, verb.args);
  refuseOptions(name, command, verbName, context);
  const run = await verb.load();
  return await run(context, args);
}

/**
 * The verb with this name.
 * @throws RespinError UNKNOWN_COMMAND or MISSING_ARGUMENT (usage)
 */
export function findVerb(
  command: string,
  { verbs }: CommandWithVerbs,
  word: string | undefined,
): { name: string; verb: Verb } {
  const names = Object.keys(verbs);
  if (word === undefined) {
    throw new RespinError({
      code: 'MISSING_ARGUMENT',
      blame: 'usage',
      message: `respin ${command} needs one of: ${names.join(', ')}`,
      hint: helpHint(command),
    });
  }
  const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
  if (verb !== undefined) return { name: word, verb };
  const near = nearest(word, names);
  throw new RespinError({
    code: 'UNKNOWN_COMMAND',
    blame: 'usage',
    message: `there is no command 'respin ${command} ${word}'`,
    hint:
      near.length > 0
        ? `did you mean respin ${command} ${near.join(` or respin ${command} `)}?`
        : `respin ${command} takes one of: ${names.join(', ')}`,
  });
}

/**
 * Checks that the arguments are those named.
 * @param names as a verb has them: the last ones may be in brackets, and the very last end in `…`
 * @throws RespinError MISSING_ARGUMENT or TOO_MANY_ARGUMENTS (usage)
 */
export function expectArguments(command: string, args: readonly string[], names: readonly string[]): void {
  const least = names.filter((name) => !name.startsWith('[')).length;
  const most = names.at(-1)?.includes('…') === true ? Number.POSITIVE_INFINITY : names.length;
  if (args.length >= least && args.length <= most) return;
  const few = args.length < least;
  throw new RespinError({
    code: few ? 'MISSING_ARGUMENT' : 'TOO_MANY_ARGUMENTS',
    blame: 'usage',
    message: few
      ? `respin ${command} needs ${names.slice(args.length, least).join(' and ')}`
      : `respin ${command} does not take '${args[names.length]}'`,
    hint: `respin ${[command, ...names].join(' ')}`,
  });
}

/** Nothing that was asked for is passed over in silence. */
function refuseOptions(
  command: string,
  { options, verbs }: CommandWithVerbs,
  verb: string,
  context: Context,
): void {
  const allowed = { ...options, ...verbs[verb]?.options };
  for (const option of Object.keys(allOptions({ options, verbs }))) {
    if (option in allowed || context.values[option] === undefined) continue;
    const others = Object.keys(verbs).filter((name) => option in (verbs[name]?.options ?? {}));
    throw new RespinError({
      code: 'BAD_OPTION',
      blame: 'usage',
      message: `--${option} is not for ${command} ${verb}`,
      hint: `it is for ${command} ${others.join(', ')}; ${helpHint(`${command} ${verb}`)}`,
    });
  }
}
