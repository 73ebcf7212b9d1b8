// SPDX-License-Identifier: MIT
/** The command table: what `respin --help` lists, in its order. */
import type { CommandEntry } from './command.ts';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'series',
    summary: 'patch series: what lies in patches/, and what one holds',
    usage: ['series list', 'series show SERIES [--version vN]'],
    load: async () => (await import('./commands/series.ts')).series,
  },
  {
    name: 'tree',
    summary: 'kernel trees to work on: add, list, show, remove',
    usage: ['tree add SOURCE', 'tree list', 'tree show SOURCE', 'tree remove SOURCE'],
    load: async () => (await import('./commands/tree.ts')).tree,
  },
  {
    name: 'doctor',
    summary: 'what this machine has, lacks, and which VM mode it gets',
    usage: ['doctor'],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'config',
    summary: 'the settings in force and where each comes from',
    usage: ['config show [--origin]'],
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'help',
    summary: 'what a command does and takes',
    usage: ['help [COMMAND]'],
    load: async () => (await import('./commands/help.ts')).help,
  },
  {
    name: 'version',
    summary: 'the version of respin and of the Node.js it runs on',
    usage: ['version'],
    load: async () => (await import('./commands/version.ts')).version,
  },
];

export function findCommand(name: string): CommandEntry | undefined {
  return COMMANDS.find((entry) => entry.name === name);
}
