// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { fixesForm } from './fixes-form.ts';

const check = async (fixes: string): Promise<string[]> =>
  await found(fixesForm, { patches: [{}, { message: `Say why.\n\n${fixes}\n${SIGNED}` }] });

it.each([
  ['Fixes: 12345678 ("vsock: a thing")', 'the commit id has 8 digits, not 12'],
  ['Fixes: 123456789abc', 'the Fixes: line does not say the subject of the commit'],
  ['Fixes: 123456789abc (vsock: a thing)', 'the Fixes: line does not say the subject of the commit'],
  ['Fixes: 123456789abc "vsock: a thing"', 'the Fixes: line is not written as scripts read it'],
  ['Fixes: commit 123456789abc ("vsock: a thing")', 'the Fixes: line is not written as scripts read it'],
  ['fixes: 123456789abc ("vsock: a thing")', 'the Fixes: line is not written as scripts read it'],
  ['Fixes: https://bugs.example.org/1', 'the Fixes: line names no commit'],
  ['Fixes: 123456789abc ("vsock: a thing\n that is long")', 'the Fixes: line is split'],
  ['Fixes: 123456789abc ("vsock: a thing\nthat is long")', 'the Fixes: line is split'],
])('finds %j', async (fixes, text) => {
  expect(await check(fixes)).toEqual([`2 message:3 ${text}`]);
});

it.each([
  'Fixes: 123456789abc ("vsock: a thing")',
  `Fixes: 123456789abc ("vsock: a thing ${'that is long '.repeat(10)}")`,
  `Fixes: ${'1'.repeat(40)} ("vsock: say "no" (and ("so") on)")`,
])('is silent on %j', async (fixes) => {
  expect(await check(fixes)).toEqual([]);
});

it('is silent on a sentence', async () => {
  const message = `Fixes: two things were wrong.\n\nFixes: not this.\nNor that.\n\n${SIGNED}`;
  expect(await found(fixesForm, { patches: [{ message }] })).toEqual([]);
});
