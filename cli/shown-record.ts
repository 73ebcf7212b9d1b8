// SPDX-License-Identifier: MIT
import { printable } from '../core/escape.ts';
import type { RunRecord } from '../core/run.ts';
import { formatVerdict, type VerdictOptions } from '../reports/verdict-table.ts';

/** A record as `run` and `runs show` print it: the verdict, and where the logs are. */
export function shownRecord(
  record: RunRecord,
  folder: string,
  columns: number | undefined,
  options: Pick<VerdictOptions, 'withoutError'> = {},
): string {
  return `${formatVerdict(record, { width: columns || 80, ...options })}record: ${printable(folder)}\n`;
}
