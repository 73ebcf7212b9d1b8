// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { subjectUnique } from './subject-unique.ts';

it('finds the same subject, whatever its capitals', async () => {
  const patches = [
    { subject: 'vsock: fix it' },
    { subject: 'vsock: take it' },
    { subject: 'vsock: Fix it.' },
  ];
  expect(await found(subjectUnique, { patches })).toEqual(['3 subject the subject is that of patch 1, too']);
});

it('is silent on subjects that differ in a word, and on a cover letter of the same name', async () => {
  const patches = [{ subject: 'vsock: fix it' }, { subject: 'vhost/vsock: fix it' }];
  expect(await found(subjectUnique, { patches, cover: 'All.', coverSubject: 'vsock: fix it' })).toEqual([]);
});
