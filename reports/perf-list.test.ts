// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { PerfRecord } from '../core/perf.ts';
import { perfRecord } from './perf-fixture.ts';
import { formatPerfList } from './perf-list.ts';

function lineOf(record: PerfRecord): string {
  const listed = { id: record.id, state: 'done', record, trouble: null };
  return formatPerfList([listed]).trim().split('\n').at(-1) ?? '';
}

it('names what changed, and does not say of too few runs that nothing did', () => {
  const record = perfRecord();
  const changes = record.changes.map((change) => ({ ...change, real: false }));
  expect(lineOf(record)).toContain('64KB-h2g-stream +30.1 %');
  expect(lineOf({ ...record, runs: 5, changes })).toMatch(/ no measurable change$/);
  expect(lineOf({ ...record, runs: 4, changes })).toMatch(/ too few runs to tell$/);
});
