// SPDX-License-Identifier: MIT
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { SETTINGS, type Settings } from '../../system/config.ts';
import { chooseVerb } from '../arguments.ts';
import type { Command } from '../command.ts';

export const config: Command = {
  options: {
    origin: { type: 'boolean', description: 'tell where each value comes from' },
  },
  details: `Settings come, the first that has one: from the command line, the environment, respin.toml in this
folder or the nearest above it, respin/config.toml in the XDG config folder, the defaults.

${formatTable(
  [{ title: 'key' }, { title: 'environment' }, { title: 'what' }],
  Object.values(SETTINGS).map((setting) => [setting.key, setting.env, setting.what]),
)}`,
  run: async (context) => {
    chooseVerb('config', context.positionals, { show: [] });
    const { settings, origins } = await context.settings();
    const names = Object.keys(SETTINGS) as (keyof Settings)[];
    if (context.json) {
      context.printJson(
        Object.fromEntries(
          names.map((name) => [SETTINGS[name].key, { value: settings[name], origin: origins[name] }]),
        ),
      );
      return 0;
    }
    const rows = names.map((name) => [
      SETTINGS[name].key,
      printable(String(settings[name] ?? '(chosen when needed)')),
      printable(origins[name]),
    ]);
    const columns = [{ title: 'setting' }, { title: 'value' }];
    context.stdout.write(
      context.flag('origin')
        ? formatTable([...columns, { title: 'origin' }], rows)
        : formatTable(columns, rows),
    );
    return 0;
  },
};
