// SPDX-License-Identifier: MIT
/** The records of measurements, a line each. */
import { printable } from '../core/escape.ts';
import { FEWEST_RUNS, type PerfChange, type PerfRecord } from '../core/perf.ts';
import { type Column, formatTable } from '../core/table.ts';
import { changeText, kernelsName, TOO_FEW } from './perf-words.ts';

interface Listed {
  id: string;
  state: string;
  record: PerfRecord | null;
  trouble: string | null;
}

const COLUMNS: Column[] = [{ title: 'record' }, { title: 'series' }, { title: 'clock' }, { title: 'result' }];

export function formatPerfList(records: readonly Listed[]): string {
  if (records.length === 0) return 'no measurements yet: respin perf SERIES makes one\n';
  const rows = records.map(({ id, state, record, trouble }) =>
    record === null
      ? [id, '', '', `${state}: ${trouble ?? ''}`]
      : [id, seriesOf(record), record.machine?.clock ?? '', resultOf(record)].map((cell) => printable(cell)),
  );
  return formatTable(COLUMNS, rows);
}

function seriesOf({ series }: PerfRecord): string {
  return series === null ? 'base' : `${series.name} ${series.version}`;
}

function resultOf({ error, changes, runs }: PerfRecord): string {
  if (error !== null) return `no figures: ${error.message.slice(0, 60)}`;
  const real = changes.filter((one) => one.real);
  if (real.length === 0) return runs < FEWEST_RUNS ? TOO_FEW : 'no measurable change';
  return real.map((one) => `${one.test}${percentileOf(one)} ${changeText(one)}${pairOf(one)}`).join(', ');
}

function percentileOf({ of }: PerfChange): string {
  return of === 'throughput' ? '' : ` ${of}`;
}

/** What a matrix tells apart. */
function pairOf({ after }: PerfChange): string {
  return after.host === after.guest ? '' : ` (${kernelsName(after)})`;
}
