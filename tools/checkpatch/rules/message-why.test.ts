// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { messageWhy } from './message-why.ts';

const check = async (message: string): Promise<string[]> =>
  await found(messageWhy, {
    patches: [{ subject: 'vsock: take the lock for the whole of it', message: `${message}\n\n${SIGNED}` }],
  });

it.each([
  ['Take the lock for the whole of it.', 'the message repeats the subject'],
  ['It was broken.', 'the message has 3 words'],
  ['This reverts commit 123456789abc.', 'the message does not say why it is reverted'],
  [
    `This reverts commit ${'1'.repeat(40)} ("vsock: a thing").`,
    'the message does not say why it is reverted',
  ],
])('finds %j', async (message, text) => {
  expect(await check(message)).toEqual([`1 message ${text}`]);
});

it('is silent on a sentence with a reason, and on a message of trailers', async () => {
  expect(await check('The queue is changed from two contexts.')).toEqual([]);
  expect(await check('This reverts commit 123456789abc.\n\nIt made the guest hang on boot.')).toEqual([]);
  expect(await check('Take the lock for the whole of it, because the queue is changed twice.')).toEqual([]);
  expect(await found(messageWhy, { patches: [{ message: SIGNED }] })).toEqual([]);
});
