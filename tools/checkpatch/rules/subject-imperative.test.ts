// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { subjectImperative } from './subject-imperative.ts';

it.each([
  ['vsock: Added a lock', 'Added', 'add'],
  ['net: phy: fixes a lock', 'fixes', 'fix'],
  ['Removing a lock', 'Removing', 'remove'],
  ['vsock: dropped it', 'dropped', 'drop'],
  ['perf tools: modifies it', 'modifies', 'modify'],
])('finds %j', async (subject, word, verb) => {
  expect(await found(subjectImperative, { patches: [{}, { subject }] })).toEqual([
    `2 subject the subject begins with "${word}", not "${verb}"`,
  ]);
});

it.each([
  'vsock: add a lock',
  'of: fixed-link support',
  'vsock: user-added ids',
  'fixes: add a page',
  'Added-value: x',
  'vsock: addition of ids',
])('is silent on %j', async (subject) => {
  expect(await found(subjectImperative, { patches: [{ subject }] })).toEqual([]);
});

it('takes no longer for a subject of many colons', async () => {
  const subject = 'a: '.repeat(3000);
  expect(await found(subjectImperative, { patches: [{ subject }] })).toEqual([]);
});
