// SPDX-License-Identifier: MIT
/** Help, made from the command table and the options commands declare. */
import { formatTable } from '../core/table.ts';
import { GLOBAL_OPTIONS, TOP_OPTIONS } from './arguments.ts';
import type { Command, CommandEntry, OptionTable } from './command.ts';

const WIDTH = 100;

export function topHelp(commands: readonly CommandEntry[]): string {
  return [
    'respin takes a Linux kernel patch series to a verdict: it applies it, builds the kernel, boots a',
    'host VM and a guest VM in it, and runs vsock_test both ways.\n',
    'usage: respin [OPTIONS] COMMAND [ARGUMENTS]\n',
    'commands:',
    indented(commands.map((command) => [command.name, command.summary])),
    'options of every command:',
    optionLines(TOP_OPTIONS),
    'respin COMMAND --help says more about one.',
    'exit status: 0 it holds, 1 the series is at fault, 2 wrong words, 3 the machine could not tell,',
    '130 interrupted.',
    '',
  ].join('\n');
}

export function commandHelp(entry: CommandEntry, command: Command): string {
  const parts = [
    `respin ${entry.name}: ${entry.summary}\n`,
    ...entry.usage.map((line, i) => `${i === 0 ? 'usage: ' : '       '}respin ${line}`),
    '',
  ];
  if (Object.keys(command.options).length > 0) parts.push('options:', optionLines(command.options));
  parts.push('options of every command:', optionLines(GLOBAL_OPTIONS));
  if (command.details !== undefined) parts.push(command.details.trimEnd(), '');
  return parts.join('\n');
}

function optionLines(options: OptionTable): string {
  return indented(
    Object.entries(options).map(([name, spec]) => [
      `${spec.short === undefined ? '    ' : `-${spec.short}, `}--${name}${
        spec.type === 'string' ? ` ${spec.value ?? 'VALUE'}` : ''
      }`,
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
