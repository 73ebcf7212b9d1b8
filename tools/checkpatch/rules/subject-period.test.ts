// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { subjectPeriod } from './subject-period.ts';

it('finds a full stop', async () => {
  expect(await found(subjectPeriod, { patches: [{}, { subject: 'vsock: fix it.' }] })).toEqual([
    '2 subject the subject ends in a full stop',
  ]);
});

it('is silent on dots and abbreviations', async () => {
  const patches = [{ subject: 'vsock: and so on...' }, { subject: 'vsock: fix ids etc.' }];
  expect(await found(subjectPeriod, { patches })).toEqual([]);
});
