// SPDX-License-Identifier: MIT
/** The records of coverage, a line each. */
import type { CoverageRecord } from '../core/coverage.ts';
import { printable } from '../core/escape.ts';
import { type Column, formatTable } from '../core/table.ts';
import { seriesName } from './words.ts';

interface Listed {
  id: string;
  state: string;
  record: CoverageRecord | null;
  trouble: string | null;
}

const COLUMNS: Column[] = [{ title: 'record' }, { title: 'series' }, { title: 'tests' }, { title: 'result' }];

export function formatCoverageList(records: readonly Listed[]): string {
  if (records.length === 0) return 'no coverage yet: respin coverage SERIES measures it\n';
  const rows = records.map(({ id, state, record, trouble }) =>
    record === null
      ? [id, '', '', `${state}: ${trouble ?? ''}`]
      : [id, seriesName(record), record.tests?.verdict ?? '', resultOf(record)].map((cell) =>
          printable(cell),
        ),
  );
  return formatTable(COLUMNS, rows);
}

function resultOf({ error, counts, readings }: CoverageRecord): string {
  if (error !== null) return `no result: ${error.message.slice(0, 60)}`;
  const lost = readings.some((one) => one.lost !== null) ? ', counters lost' : '';
  return `${counts.ran} of ${counts.code} ran${lost}`;
}
