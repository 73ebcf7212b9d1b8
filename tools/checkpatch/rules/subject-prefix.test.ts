// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { subjectPrefix } from './subject-prefix.ts';

it('finds a subject without a subsystem', async () => {
  const patches = [{}, { subject: 'Fix the credit of vsock' }, { subject: 'vsock:fix the credit' }];
  expect(await found(subjectPrefix, { patches })).toEqual([
    '2 subject the subject names no subsystem',
    '3 subject no space follows the subsystem',
  ]);
});

it.each([
  'net: phy: fix it',
  'perf tools: fix it',
  'x86/mm, kexec: fix it',
  'Revert "vsock: fix it"',
  'Partially revert "vsock: fix it"',
  'MAINTAINERS: add Ann',
  'dt-bindings: net: add std::thing',
])('is silent on %j', async (subject) => {
  expect(await found(subjectPrefix, { patches: [{ subject }] })).toEqual([]);
});
