// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import type { MutantResult, MutantsRecord } from '../../core/mutants.ts';
import { MUTANT_RECORDS } from '../../runs/mutants-record.ts';
import type { Context } from '../command.ts';
import { expectNoMore } from '../expect-no-more.ts';
import { terminalWidth } from '../width.ts';

/** `respin mutants list` */
export async function list(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 0, 'mutants list');
  const records = await MUTANT_RECORDS.list();
  if (context.json) context.printJson(records);
  else {
    const { formatMutantsList } = await import('../../reports/mutants-table.ts');
    await context.show(formatMutantsList(records));
  }
  return 0;
}

/** `respin mutants show [RECORD]` */
export async function show(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 1, 'mutants show [RECORD]');
  await showMutants(context, (await MUTANT_RECORDS.load(args[0] ?? 'last')).record);
  return 0;
}

export async function showMutants(context: Context, record: MutantsRecord): Promise<void> {
  if (context.json) return context.printJson(record);
  const { formatMutants } = await import('../../reports/mutants-table.ts');
  const width = terminalWidth(context);
  await context.show(formatMutants(record, width === undefined ? {} : { width }));
}

/** What the last record found; nothing where there is none. */
export async function lastResults(): Promise<MutantResult[]> {
  const last = (await MUTANT_RECORDS.list()).find(({ record }) => record !== null);
  return last?.record?.results ?? [];
}
