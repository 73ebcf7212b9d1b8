// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { SETTINGS, type Settings } from '../../system/config.ts';
import type { Context } from '../command.ts';

/** `respin config show` */
export async function show(context: Context): Promise<ExitCode> {
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
  await context.show(
    context.flag('origin')
      ? formatTable([...columns, { title: 'origin' }], rows)
      : formatTable(columns, rows),
  );
  return 0;
}
