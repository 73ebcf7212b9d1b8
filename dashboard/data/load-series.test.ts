// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunRecord } from '../../core/run.ts';
import { seriesFacts } from './load-series.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../test/fixtures/reports');

function recorded(name: 'fail' | 'pass'): RunRecord {
  return JSON.parse(readFileSync(path.join(FIXTURES, `${name}.json`), 'utf8')) as RunRecord;
}

it('a run of some cases alone is not the last run of its series', async () => {
  const part = { ...recorded('fail'), part: { cases: ['vsock_test:3'], times: 20 } };
  const whole = { ...recorded('pass'), series: part.series };
  const row = { name: part.series?.name ?? '', folder: '/no/such/folder', title: '', facts: null };
  const facts = async (...runs: RunRecord[]) => await seriesFacts(row, { runs, perf: [], checks: [] });
  expect((await facts(part, whole)).run).toMatchObject({ verdict: 'pass' });
  expect((await facts(part)).run).toBeNull();
});
