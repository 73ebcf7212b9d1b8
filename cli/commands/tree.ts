// SPDX-License-Identifier: MIT
import type { CommandWithVerbs } from '../command.ts';

const NAMED = `SOURCE is as for tree add, or a name: the source without its kind, or the start
of the commit id.`;

export const tree: CommandWithVerbs = {
  options: {},
  details: `A tree is imported into the cache once; a clone on this machine is only read.`,
  verbs: {
    add: {
      args: ['SOURCE'],
      summary: 'import a tree into the cache',
      details: `SOURCE is one of
  debian:PACKAGE[=VERSION]     debian:linux-source-6.12, debian:linux-source-6.1
  git:URL#COMMIT, git:/path#REF
  tar:/path, tar:URL#sha256=SUM`,
      examples: ['tree add debian:linux-source-6.1', 'tree add git:../linux#v6.12'],
      load: async () => (await import('../verbs/tree.ts')).add,
    },
    list: {
      args: [],
      summary: 'the trees in the cache',
      details: 'One line a tree: source, version, commit, when it was imported.',
      examples: ['tree list'],
      load: async () => (await import('../verbs/tree.ts')).list,
    },
    show: {
      args: ['SOURCE'],
      summary: 'all that is known of a tree',
      details: NAMED,
      examples: ['tree show linux-source-6.12'],
      load: async () => (await import('../verbs/tree.ts')).show,
    },
    remove: {
      args: ['SOURCE'],
      summary: 'remove a tree from the cache',
      details: NAMED,
      examples: ['tree remove linux-source-6.1'],
      load: async () => (await import('../verbs/tree.ts')).remove,
    },
  },
};
