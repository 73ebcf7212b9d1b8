// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { coverageRecord } from '../reports/coverage-fixture.ts';
import { parseCoverageRecord } from './coverage-schema.ts';

it('reads back what was written', () => {
  const record = coverageRecord();
  expect(parseCoverageRecord(JSON.stringify(record))).toEqual({ record });
});

it.each([
  ['{', /not JSON/],
  ['{"schema":"respin.perf/1"}', /has the schema respin.perf\/1/],
  [JSON.stringify({ ...coverageRecord(), readings: [{ program: 'boot' }] }), /readings\.0/],
  [JSON.stringify({ ...coverageRecord(), files: [{ path: 'a' }] }), /files\.0/],
])('%# is no record', (json, why) => {
  expect(parseCoverageRecord(json)).toEqual({ trouble: expect.stringMatching(why) });
});
