// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { seriesLength } from './series-length.ts';

const of = (count: number) => ({ patches: Array.from({ length: count }, () => ({})) });

it('finds a series of 16', async () => {
  expect(await found(seriesLength, of(16))).toEqual(['- series the series has 16 patches']);
});

it('is silent on 15 and a cover letter', async () => {
  expect(await found(seriesLength, { ...of(15), cover: 'All.' })).toEqual([]);
});
