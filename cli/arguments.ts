// SPDX-License-Identifier: MIT
/** The command line, read against the options a command declares. */
import { parseArgs } from 'node:util';
import { RespinError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { OptionTable, OptionValues } from './command.ts';

/** Options every command takes. */
export const GLOBAL_OPTIONS = {
  directory: { type: 'string', short: 'C', value: 'DIR', description: 'work as if started in DIR' },
  quiet: { type: 'boolean', short: 'q', description: 'no progress and no warnings' },
  verbose: {
    type: 'boolean',
    short: 'v',
    description: 'print commands, what make prints, and console lines',
  },
  json: { type: 'boolean', description: 'print one JSON document on stdout and nothing else' },
  ndjson: { type: 'boolean', description: 'print the events on stdout, one JSON object a line' },
  'no-pager': { type: 'boolean', description: 'print long output as it is, not through a pager' },
  debug: { type: 'boolean', description: 'print the stack of an error' },
  help: { type: 'boolean', short: 'h', description: 'print this help' },
} satisfies OptionTable;

/** Known before any command is. */
export const TOP_OPTIONS: OptionTable = {
  ...GLOBAL_OPTIONS,
  version: { type: 'boolean', description: 'print the version' },
};

export interface Parsed {
  values: OptionValues;
  positionals: string[];
}

/**
 * Splits a command line at the command's name: global options may stand before it.
 * @throws RespinError UNKNOWN_OPTION, BAD_OPTION (usage)
 */
export function splitCommandLine(argv: readonly string[]): {
  before: string[];
  name: string | null;
  after: string[];
} {
  let i = 0;
  while (i < argv.length) {
    const word = argv[i] ?? '';
    if (word === '--')
      return { before: argv.slice(0, i), name: argv[i + 1] ?? null, after: argv.slice(i + 2) };
    if (!word.startsWith('-') || word === '-') break;
    // The only global option with a value; `-CDIR` and `--directory=DIR` carry it themselves.
    i += word === '-C' || word === '--directory' ? 2 : 1;
  }
  return { before: argv.slice(0, i), name: argv[i] ?? null, after: argv.slice(i + 1) };
}

/**
 * Reads options and positionals.
 * @throws RespinError UNKNOWN_OPTION or BAD_OPTION (usage), with the nearest names
 */
export function readArguments(argv: readonly string[], options: OptionTable, command: string | null): Parsed {
  const { tokens } = parseArgs({
    args: [...argv],
    options: parserOptions(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = options[token.name];
    if (spec === undefined) throw unknownOption(token.rawName, options, command);
    // A value that looks like an option is most often one that was forgotten: `--tree --json`.
    if (
      spec.type === 'string' &&
      (token.value === undefined || (!token.inlineValue && /^-./.test(token.value)))
    ) {
      throw badOption(`${token.rawName} needs a value: ${token.rawName} ${spec.value ?? 'VALUE'}`, command);
    }
    if (spec.type === 'boolean' && token.value !== undefined) {
      throw badOption(`${token.rawName} takes no value`, command);
    }
  }
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: parserOptions(options),
    allowPositionals: true,
    strict: false,
  });
  return { values: { ...values }, positionals };
}

function parserOptions(
  options: OptionTable,
): NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object {
  return Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [
      name,
      {
        type: spec.type,
        ...(spec.short === undefined ? {} : { short: spec.short }),
        ...(spec.multiple === undefined ? {} : { multiple: spec.multiple }),
      },
    ]),
  );
}

/** Where a wrong word sends to; `command` with its verb, if it has one. */
export function helpHint(command: string | null): string {
  return `respin ${command === null ? '' : `${command} `}--help lists the options`;
}

function unknownOption(rawName: string, options: OptionTable, command: string | null): RespinError {
  const near = nearest(rawName.replace(/^-+/, ''), Object.keys(options)).map((name) => `--${name}`);
  return new RespinError({
    code: 'UNKNOWN_OPTION',
    blame: 'usage',
    message: `unknown option ${rawName}${command === null ? '' : ` of respin ${command}`}`,
    hint: near.length > 0 && rawName.length > 2 ? `did you mean ${near.join(' or ')}?` : helpHint(command),
  });
}

function badOption(message: string, command: string | null): RespinError {
  return new RespinError({ code: 'BAD_OPTION', blame: 'usage', message, hint: helpHint(command) });
}

/** @throws RespinError UNKNOWN_COMMAND (usage) */
export function unknownCommand(name: string, names: readonly string[]): RespinError {
  const near = nearest(name, names);
  return new RespinError({
    code: 'UNKNOWN_COMMAND',
    blame: 'usage',
    message: `there is no command '${name}'`,
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'respin --help lists the commands',
  });
}
