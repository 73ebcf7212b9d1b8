// SPDX-License-Identifier: MIT
/** Help, made from the command table, the options commands declare, and their verbs. */
import { formatTable, wrapText } from '../core/table.ts';
import { GLOBAL_OPTIONS, TOP_OPTIONS } from './arguments.ts';
import type { Command, CommandEntry, CommandWithVerbs, OptionSpec, OptionTable, Verb } from './command.ts';
import { findVerb } from './verb.ts';

const WIDTH = 80;

export function topHelp(commands: readonly CommandEntry[]): string {
  return [
    'respin takes a Linux kernel patch series to a verdict: it applies it, builds the',
    'kernel, boots a host VM and a guest VM in it, and runs vsock_test both ways.\n',
    'usage: respin [OPTIONS] COMMAND [ARGUMENTS]\n',
    'commands:',
    indented(commands.map((command) => [command.name, command.summary])),
    'options of every command:',
    optionLines(TOP_OPTIONS),
    'respin COMMAND --help says more about one.',
    'exit status: 0 it holds, 1 the series is at fault, 2 wrong words, 3 the machine',
    'could not tell, 130 interrupted.',
    '',
  ].join('\n');
}

/**
 * Help on a command, or on the verb of it that is named.
 * @throws RespinError UNKNOWN_COMMAND (usage) for a verb it does not have
 */
export function commandHelp(entry: CommandEntry, command: Command, verb?: string): string {
  if (!('verbs' in command)) return plainHelp(entry, command);
  if (verb === undefined) return verbsHelp(entry, command);
  const found = findVerb(entry.name, command, verb);
  return verbHelp(`${entry.name} ${found.name}`, found.verb, { ...found.verb.options, ...command.options });
}

function plainHelp({ name, summary, usage = [] }: CommandEntry, { options, details }: Command): string {
  const parts = [title(name, summary), ...usage.map(usageLine), ''];
  if (Object.keys(options).length > 0) parts.push('options:', optionLines(options));
  parts.push('options of every command:', optionLines(GLOBAL_OPTIONS));
  if (details !== undefined) parts.push(details.trimEnd(), '');
  return parts.join('\n');
}

function verbsHelp({ name, summary }: CommandEntry, { verbs, options, details }: CommandWithVerbs): string {
  const parts = [
    title(name, summary),
    `usage: respin ${name} VERB [ARGUMENTS]\n`,
    'verbs:',
    indented(Object.entries(verbs).map(([verb, { args, summary }]) => [[verb, ...args].join(' '), summary])),
  ];
  if (Object.keys(options).length > 0) parts.push('options of every verb:', optionLines(options));
  parts.push('options of every command:', optionLines(GLOBAL_OPTIONS));
  if (details !== undefined) parts.push(`${details.trimEnd()}\n`);
  parts.push(`respin ${name} VERB --help has the options of one, and examples.`, '');
  return parts.join('\n');
}

function verbHelp(name: string, { args, summary, details, examples }: Verb, options: OptionTable): string {
  const words = [...args, ...Object.entries(options).map(inUsage)];
  const parts = [
    title(name, summary),
    ...words.reduce(intoUsage, [`usage: respin ${name}`]),
    '',
    `${details}\n`,
  ];
  if (Object.keys(options).length > 0) parts.push('options:', optionLines(options));
  parts.push(
    examples.length === 1 ? 'example:' : 'examples:',
    ...examples.map((line) => `  respin ${line}`),
    '',
  );
  parts.push('Options of every command, such as --json and -q: respin --help', '');
  return parts.join('\n');
}

function title(name: string, summary: string): string {
  return `${wrapText(`respin ${name}: ${summary}`, WIDTH).join('\n')}\n`;
}

function usageLine(line: string, at: number): string {
  return `${at === 0 ? 'usage: ' : '       '}respin ${line}`;
}

/** One more word of a usage, on a line of its own where the last one is full. */
function intoUsage(lines: string[], word: string): string[] {
  const last = lines.at(-1) ?? '';
  if (last.length + 1 + word.length > WIDTH)
    return [...lines, `${' '.repeat('usage: respin '.length)}${word}`];
  return [...lines.slice(0, -1), `${last} ${word}`];
}

function inUsage([name, spec]: [string, OptionSpec]): string {
  const text = withValue(name, spec);
  return spec.required === true ? text : `[${text}]`;
}

function withValue(name: string, { type, value }: OptionSpec): string {
  return `--${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`;
}

function optionLines(options: OptionTable): string {
  return indented(
    Object.entries(options).map(([name, spec]) => [
      `${spec.short === undefined ? '    ' : `-${spec.short}, `}${withValue(name, spec)}`,
      spec.description,
    ]),
  );
}

function indented(rows: string[][]): string {
  const table = formatTable([{ title: '' }, { title: '', wrap: true }], rows, {
    bare: true,
    width: WIDTH - 2,
  });
  return table.replace(/^(?=.)/gm, '  ');
}
