// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { mutantsRecord } from '../reports/mutants-fixture.ts';
import { parseMutantsRecord } from './mutants-schema.ts';

it('reads what is written', () => {
  const record = mutantsRecord();
  expect(parseMutantsRecord(JSON.stringify(record))).toEqual({ record });
});

it('says what is wrong with another', () => {
  expect(parseMutantsRecord('{')).toEqual({ trouble: 'mutants.json is not JSON' });
  const cut = { ...mutantsRecord(), results: [{ name: 'x' }] };
  expect(parseMutantsRecord(JSON.stringify(cut))).toHaveProperty(
    'trouble',
    expect.stringContaining('results.0'),
  );
  const other = { ...mutantsRecord(), schema: 'respin.mutants/9' };
  expect(parseMutantsRecord(JSON.stringify(other))).toHaveProperty(
    'trouble',
    expect.stringContaining('respin.mutants/9'),
  );
});
