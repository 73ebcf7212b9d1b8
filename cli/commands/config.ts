// SPDX-License-Identifier: MIT
import { formatTable } from '../../core/table.ts';
import { SETTINGS } from '../../system/config.ts';
import type { CommandWithVerbs } from '../command.ts';

export const config: CommandWithVerbs = {
  options: {},
  details: `Settings come, the first that has one: from the command line, the environment,
respin.toml in this folder or the nearest above it, respin/config.toml in the
XDG config folder, the defaults.

${formatTable(
  [{ title: 'key' }, { title: 'environment' }, { title: 'what', wrap: true }],
  Object.values(SETTINGS).map((setting) => [setting.key, setting.env, setting.what]),
  { width: 80 },
)}`,
  verbs: {
    show: {
      args: [],
      summary: 'the settings in force',
      options: { origin: { type: 'boolean', description: 'tell where each value comes from' } },
      details: 'What each setting is here and now, with everything that is laid on top.',
      examples: ['config show --origin'],
      load: async () => (await import('../verbs/config.ts')).show,
    },
  },
};
