// SPDX-License-Identifier: MIT
/** The command table: what `respin --help` lists, in its order. */
import type { CommandEntry } from './command.ts';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'apply, build, boot and test a series; print the verdict',
    usage: ['run [SERIES] [--version vN] [--direction LIST] [--check]', 'run --base [--tree SOURCE]'],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'apply',
    summary: 'the first stage: the series on its tree, each patch a commit',
    usage: ['apply [SERIES] [--version vN] [--tree SOURCE]'],
    load: async () => (await import('./commands/apply.ts')).apply,
  },
  {
    name: 'build',
    summary: 'up to the second stage: kernel and test programs',
    usage: ['build [SERIES] [--version vN] [--tree SOURCE]', 'build --base'],
    load: async () => (await import('./commands/build.ts')).build,
  },
  {
    name: 'test',
    summary: 'the last stage, the same as run: what is built already is not built again',
    usage: ['test [SERIES] [--version vN] [--direction LIST]', 'test --base'],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'shell',
    summary: 'a shell in the booted host or guest',
    usage: ['shell host|guest [SERIES] [--version vN]', 'shell host|guest --base'],
    load: async () => (await import('./commands/shell.ts')).shell,
  },
  {
    name: 'runs',
    summary: 'the run records: list, show, compare',
    load: async () => (await import('./commands/runs.ts')).runs,
  },
  {
    name: 'matrix',
    summary: 'does it hold everywhere: versions or patches × trees, kernels and machines',
    usage: [
      'matrix [SERIES] [--versions LIST] [--trees LIST] [--interop]',
      'matrix [SERIES] --each-patch [--versions vN]',
      'matrix list|show [RECORD] [--format NAME]',
    ],
    load: async () => (await import('./commands/matrix.ts')).matrix,
  },
  {
    name: 'bisect',
    summary: 'which patch of a series made a case fail',
    usage: ['bisect [SERIES] [--version vN] [--case PROGRAM[:CASE]]'],
    load: async () => (await import('./commands/bisect.ts')).bisect,
  },
  {
    name: 'reproduce',
    summary: "do an author's results hold here: fetch, apply, test, measure, answer",
    usage: ['reproduce SERIES|MESSAGE-ID|URL|MBOX|FOLDER [--version vN]'],
    load: async () => (await import('./commands/reproduce.ts')).reproduce,
  },
  {
    name: 'perf',
    summary: 'before and after: measure a series, and say how sure the difference is',
    usage: [
      'perf [SERIES] [--runs N] [--clock NAME] [--matrix]',
      'perf --base [--tree SOURCE]',
      'perf list|show [RECORD]',
      'perf compare A B',
    ],
    load: async () => (await import('./commands/perf.ts')).perf,
  },
  {
    name: 'coverage',
    summary: 'which added lines of a series ran, in which machine, by which program',
    usage: ['coverage [SERIES] [--version vN] [--direction LIST] [--probes]', 'coverage list|show [RECORD]'],
    load: async () => (await import('./commands/coverage.ts')).coverage,
  },
  {
    name: 'mutants',
    summary: 'how good the tests are: small faults put into the tree, and which programs notice',
    usage: [
      'mutants [FOLDER|FILE...] [--only LIST] [--no-probes] [--continue]',
      'mutants list|show [RECORD]',
    ],
    load: async () => (await import('./commands/mutants.ts')).mutants,
  },
  {
    name: 'series',
    summary: 'patch series: what lies in patches/, and what one holds',
    load: async () => (await import('./commands/series.ts')).series,
  },
  {
    name: 'check',
    summary: 'what a machine can say about a series: checkpatch, builds, mails, people',
    usage: [
      'check [SERIES] [--only RULE] [--no-tree] [--sarif|--markdown]',
      'check --list|--explain RULE',
      'check [SERIES] --waive ID --why TEXT',
    ],
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'review',
    summary: 'what people said of a series: import the mails, see what is still owed, close it',
    load: async () => (await import('./commands/review.ts')).review,
  },
  {
    name: 'dash',
    summary: 'the dashboard: series, versions, patches and comments in the terminal',
    usage: ['dash [SERIES]'],
    load: async () => (await import('./commands/dash.ts')).dash,
  },
  {
    name: 'tree',
    summary: 'kernel trees to work on: add, list, show, remove',
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
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'help',
    summary: 'what a command does and takes',
    usage: ['help [COMMAND [VERB]]'],
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
