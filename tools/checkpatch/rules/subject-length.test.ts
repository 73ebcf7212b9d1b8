// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { subjectLength } from './subject-length.ts';

const of = (length: number): string => `vsock: ${'x'.repeat(length - 7)}`;

it('finds a subject of 76 characters', async () => {
  expect(await found(subjectLength, { patches: [{}, { subject: of(76) }] })).toEqual([
    '2 subject the subject has 76 characters',
  ]);
});

it('counts characters, not bytes, and not the brackets', async () => {
  const subject = `vsock: ${'ü'.repeat(68)}`;
  expect(
    await found(subjectLength, { patches: [{ subject: of(75) }, { subject }], prefix: 'net-next' }),
  ).toEqual([]);
});

it('takes the subject of a revert as git writes it', async () => {
  expect(await found(subjectLength, { patches: [{ subject: `Revert "${of(75)}"` }] })).toEqual([]);
});
