// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { coverLetter } from './cover-letter.ts';

it('finds three patches without one', async () => {
  expect(await found(coverLetter, { patches: [{}, {}, {}] })).toEqual([
    '- series a series of 3 patches has no cover letter',
  ]);
});

it('says nothing of commits', async () => {
  expect(await found(coverLetter, { patches: [{}, {}, {}], source: 'main..mine' })).toEqual([
    'not for this: these are commits, and their mails are not made yet',
  ]);
});

it('is silent on two, and on three with one', async () => {
  expect(await found(coverLetter, { patches: [{}, {}] })).toEqual([]);
  expect(await found(coverLetter, { cover: 'All.', patches: [{}, {}, {}] })).toEqual([]);
});
