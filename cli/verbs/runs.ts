// SPDX-License-Identifier: MIT
import { readdir } from 'node:fs/promises';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import type { RunRecord } from '../../core/run.ts';
import { compareRuns, formatComparison } from '../../reports/compare.ts';
import { formatJunit } from '../../reports/junit.ts';
import { formatRunList } from '../../reports/run-list.ts';
import { formatTap } from '../../reports/tap.ts';
import { RUN_RECORDS } from '../../runs/record.ts';
import type { Context } from '../command.ts';
import { shownRecord } from '../shown-record.ts';
import { terminalWidth } from '../width.ts';

const FORMATS: Record<string, (record: RunRecord) => string> = { junit: formatJunit, tap: formatTap };

/** `respin runs list` */
export async function list(context: Context): Promise<ExitCode> {
  const records = await RUN_RECORDS.list();
  if (context.json) context.printJson(records);
  else await context.show(formatRunList(records, terminalWidth(context) ?? Number.MAX_SAFE_INTEGER));
  return 0;
}

/** `respin runs show [RUN]` */
export async function show(context: Context, [which = 'last']: string[]): Promise<ExitCode> {
  const { dir, record } = await RUN_RECORDS.load(which);
  const format = context.text('format') ?? 'table';
  if (context.json) context.printJson(record);
  else if (context.flag('files')) {
    const names = (await readdir(dir)).filter((name) => !name.startsWith('.')).sort();
    await context.show(`${names.map((name) => `${dir}/${name}`).join('\n')}\n`);
  } else if (format === 'table') {
    await context.show(shownRecord(record, dir, context.stdout.columns));
  } else {
    const print = FORMATS[format];
    if (print === undefined) {
      throw new RespinError({
        code: 'BAD_OPTION',
        blame: 'usage',
        message: `--format ${format}: not known`,
        hint: 'it takes table, junit, tap',
      });
    }
    await context.show(print(record));
  }
  return 0;
}

/** `respin runs compare RUN RUN` */
export async function compare(
  context: Context,
  [first = 'last', second = 'last']: string[],
): Promise<ExitCode> {
  const [before, after] = await Promise.all([RUN_RECORDS.load(first), RUN_RECORDS.load(second)]);
  const comparison = compareRuns(before.record, after.record);
  if (context.json) context.printJson({ ...comparison, before: before.record.id, after: after.record.id });
  else await context.show(formatComparison(comparison, context.stdout.columns || 80));
  return 0;
}
