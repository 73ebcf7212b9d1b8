// SPDX-License-Identifier: MIT
import type { CommandWithVerbs } from '../command.ts';

export const series: CommandWithVerbs = {
  options: {},
  verbs: {
    list: {
      args: [],
      summary: 'what lies in patches/',
      details: `The series in the folder that the setting patches names: versions, patches,
the tree each is for.`,
      examples: ['series list'],
      load: async () => (await import('../verbs/series.ts')).list,
    },
    show: {
      args: ['SERIES'],
      summary: 'a series: its patches, files, people',
      options: {
        version: { type: 'string', value: 'vN', description: 'the version to show; the newest by default' },
      },
      details: `SERIES is a name in patches/, a folder of *.patch files, an mbox,
git:REPOSITORY#A..B, or a range A..B of the repository in this folder.`,
      examples: ['series show vsock-rx-buffers --version v1', 'series show origin/main..HEAD'],
      load: async () => (await import('../verbs/series.ts')).show,
    },
  },
};
