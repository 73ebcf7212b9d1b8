// SPDX-License-Identifier: MIT
import type { CommandWithVerbs } from '../command.ts';

export const runs: CommandWithVerbs = {
  options: {},
  details: `RUN is the id of a record, the beginning of one, or last. A record is a folder:
run.json, commands.sh with every command line, build.log when something was
built, junit.xml, results.tap, and a log for each console and for each side of
each program.`,
  verbs: {
    list: {
      args: [],
      summary: 'the records, the newest first',
      details: 'One line a run: when, of what, and what it came to.',
      examples: ['runs list'],
      load: async () => (await import('../verbs/runs.ts')).list,
    },
    show: {
      args: ['[RUN]'],
      summary: 'the verdict of a run; the last one by default',
      options: {
        format: { type: 'string', value: 'NAME', description: 'table (default), junit or tap' },
        files: { type: 'boolean', description: 'list the files of the record' },
      },
      details: `Each case in each direction, what failed with its reason and logs, the machines
and kernels. RUN is the id of a record, the beginning of one, or last.`,
      examples: ['runs show', 'runs show 20261125-1437 --format junit'],
      load: async () => (await import('../verbs/runs.ts')).show,
    },
    compare: {
      args: ['RUN', 'RUN'],
      summary: 'what two runs differ in',
      details: `The cases that came to something else in the second run, and what was
different about the machines, kernels and programs.`,
      examples: ['runs compare 20261124-0910 last'],
      load: async () => (await import('../verbs/runs.ts')).compare,
    },
  },
};
