// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { PerformanceClaim } from '../../../core/review.ts';
import { adds, found, SIGNED } from '../fixture.ts';
import { testingStated } from './testing-stated.ts';

const TESTED = { text: 'Tested with vsock_test.', programs: ['vsock_test'], directions: [], patch: 2 };

it('finds a series that says nothing', async () => {
  expect(await found(testingStated, { patches: [{}, {}] })).toEqual([
    '- series nothing in it says how it was tested',
  ]);
});

it('is content with a sentence or a measurement anywhere', async () => {
  expect(await found(testingStated, { patches: [{}, {}], reviewed: { tested: [TESTED] } })).toEqual([]);
  const performance = [{ test: '64KB' } as PerformanceClaim];
  expect(await found(testingStated, { patches: [{}], reviewed: { performance } })).toEqual([]);
});

it('is content with a Tested-by', async () => {
  const message = `Say why.\n\nTested-by: Ben Berg <ben@example.org>\n${SIGNED}`;
  expect(await found(testingStated, { patches: [{}, { message }] })).toEqual([]);
});

it('does not concern documentation', async () => {
  const diff = adds('Documentation/networking/vsock.rst', ['Words.']);
  expect(await found(testingStated, { patches: [{ diff }] })).toEqual([
    'not for this: it changes documentation only',
  ]);
  expect(await found(testingStated, { patches: [{ diff }, {}] })).toHaveLength(1);
});
