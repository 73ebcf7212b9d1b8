// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { commitReference } from './commit-reference.ts';

const check = async (text: string): Promise<string[]> =>
  await found(commitReference, { patches: [{}, { message: `Say why.\n\n${text}\n\n${SIGNED}` }] });

it.each([
  ['Since commit 1234abcd ("vsock: a thing") it', '2 message:3 the commit id 1234abcd has 8 digits, not 12'],
  ['It came in\nwith commit 123456789abc and', '2 message:4 commit 123456789abc is named without its title'],
  ['Since commit\n123456789abc it', '2 message:3 commit 123456789abc is named without its title'],
  [
    'Commit 123456789abc "vsock: a thing" did',
    '2 message:3 the title of commit 123456789abc is not written as ("title")',
  ],
])('finds %j', async (text, line) => {
  expect(await check(text)).toEqual([line]);
});

it.each([
  'Since commit 123456789abc ("vsock: a thing") it hangs.',
  'Since commit 123456789abc\n("vsock: a\nthing") it hangs. Revert commit 123456789abc.',
  `commit ${'1'.repeat(40)} upstream.`,
  `[ Upstream commit ${'1'.repeat(40)} ]`,
  `[commit ${'1'.repeat(40)} in linux-rt-devel]`,
  `It is a backport of commit ${'1'.repeat(40)}\nupstream.`,
  `    commit ${'1'.repeat(40)}\n    Author: Ann`,
  `commit ${'1'.repeat(40)}`,
  'They commit 1234567 pages, and commit defaced things; a pre-commit 1234567a hook.'.replace(
    '1234567 ',
    '123 ',
  ),
])('is silent on %j', async (text) => {
  expect(await check(text)).toEqual([]);
});

it('takes what git revert writes, where the subject has the title', async () => {
  const message = `This reverts commit ${'1'.repeat(40)}, which broke it.\n\n${SIGNED}`;
  const revert = { subject: 'Revert "vsock: a thing"', message };
  expect(await found(commitReference, { patches: [revert, { message }] })).toEqual([
    '2 message:1 commit 111111111111 is named without its title',
  ]);
});
