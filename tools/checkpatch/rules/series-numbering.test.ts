// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { seriesNumbering } from './series-numbering.ts';

it('finds patches without numbers', async () => {
  const patches = [{ brackets: 'PATCH' }, { brackets: 'PATCH' }];
  expect(await found(seriesNumbering, { patches })).toEqual([
    '1 subject the subject has no number, it is 1/2',
    '2 subject the subject has no number, it is 2/2',
  ]);
});

it('finds the mail that does not say its version', async () => {
  const patches = [{}, { brackets: 'PATCH 2/2' }];
  expect(await found(seriesNumbering, { patches, version: 'v2', folder: 'v2' })).toEqual([
    '2 subject the subject names no version, the series is v2',
  ]);
});

it('is silent on a single patch, with a number or without, and on padded numbers', async () => {
  expect(await found(seriesNumbering, { patches: [{}] })).toEqual([]);
  expect(await found(seriesNumbering, { patches: [{ brackets: 'PATCH 1/1' }] })).toEqual([]);
  expect(await found(seriesNumbering, { patches: [{ brackets: 'PATCH 01/02' }, {}] })).toEqual([]);
  expect(await found(seriesNumbering, { cover: 'All.', patches: [{}, {}], version: 'v3' })).toEqual([]);
});
