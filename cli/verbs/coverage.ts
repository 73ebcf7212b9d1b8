// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { CoverageRecord } from '../../core/coverage.ts';
import type { ExitCode } from '../../core/errors.ts';
import { COVERAGE_RECORDS } from '../../runs/coverage-record.ts';
import { writeWhole } from '../../system/whole.ts';
import type { Context } from '../command.ts';
import { expectNoMore } from '../expect-no-more.ts';
import { terminalWidth } from '../width.ts';

/** `respin coverage list` */
export async function list(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 0, 'coverage list');
  const records = await COVERAGE_RECORDS.list();
  if (context.json) context.printJson(records);
  else {
    const { formatCoverageList } = await import('../../reports/coverage-list.ts');
    await context.show(formatCoverageList(records));
  }
  return 0;
}

/** `respin coverage show [RECORD]` */
export async function show(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 1, 'coverage show [RECORD]');
  await showCoverage(context, (await COVERAGE_RECORDS.load(args[0] ?? 'last')).record);
  return 0;
}

/** The table or JSON, and the tracefile where one is asked for. */
export async function showCoverage(
  context: Context,
  record: CoverageRecord,
  { withoutError = false } = {},
): Promise<void> {
  const lcov = context.text('lcov');
  if (lcov !== undefined) {
    const { formatLcov } = await import('../../reports/coverage-lcov.ts');
    await writeWhole(path.resolve(context.cwd, lcov), formatLcov(record));
  }
  if (context.json) return context.printJson(record);
  const { formatCoverage } = await import('../../reports/coverage-table.ts');
  const width = terminalWidth(context);
  const options = { color: context.color, withoutError, ...(width === undefined ? {} : { width }) };
  await context.show(formatCoverage(record, options));
}
