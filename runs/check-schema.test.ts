// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { CheckRecord } from '../core/check.ts';
import { findingOf, placeIn, reportOf } from '../reports/check-fixture.ts';
import { parseCheckRecord } from './check-schema.ts';

const waiver = { rule: 'long-line', by: 'Ann', date: '2026-11-26', reason: 'it reads better' };
const RECORD: CheckRecord = {
  ...reportOf([findingOf('f1111111'), findingOf('f2222222', { place: placeIn('series', null), waiver })]),
  ...{ id: '20261126-101500-a-series-1111', started: '2026-11-26T10:15:00Z', ended: '2026-11-26T10:15:09Z' },
  ...{ respin: '0.1.0', argv: ['check', 'a-series'] },
};

it('reads back what was written', () => {
  expect(parseCheckRecord(JSON.stringify(RECORD))).toEqual({ record: RECORD });
});

it.each([
  ['{', /not JSON/],
  ['{"schema":"respin.run/1"}', /has the schema respin.run\/1/],
  [JSON.stringify({ ...RECORD, findings: [{ id: 'f1' }] }), /findings\.0/],
  [JSON.stringify({ ...RECORD, exit: 7 }), /exit/],
])('%# is no record', (json, why) => {
  expect(parseCheckRecord(json)).toEqual({ trouble: expect.stringMatching(why) });
});
