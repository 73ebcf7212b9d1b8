// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { messageEmpty } from './message-empty.ts';

it('finds a message of trailers, and none at all', async () => {
  expect(await found(messageEmpty, { patches: [{}, { message: SIGNED }, { message: '' }] })).toEqual([
    '2 message the message has nothing but trailers',
    '3 message the message is empty',
  ]);
});

it('is silent on a word', async () => {
  expect(await found(messageEmpty, { patches: [{ message: `Needed.\n\n${SIGNED}` }] })).toEqual([]);
  expect(
    await found(messageEmpty, { patches: [{ message: 'Cc: the stable team wants it.\nSo do I.' }] }),
  ).toEqual([]);
});
