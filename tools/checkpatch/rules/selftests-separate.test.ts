// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { selftestsSeparate } from './selftests-separate.ts';

const TEST = adds('tools/testing/vsock/util.c', ['int a;']);
const CODE = adds('net/vmw_vsock/af_vsock.c', ['int a;']);

it('finds a test in the patch of the change', async () => {
  expect(await found(selftestsSeparate, { patches: [{}, { diff: CODE + TEST }] })).toEqual([
    '2 tools/testing/vsock/util.c a test is changed together with net/vmw_vsock/af_vsock.c',
  ]);
});

it('is silent about two patches, and about what goes with a test', async () => {
  expect(await found(selftestsSeparate, { patches: [{ diff: CODE }, { diff: TEST }] })).toEqual([]);
  const beside = ['MAINTAINERS', 'Documentation/a.rst', 'tools/include/uapi/a.h'].map((path) =>
    adds(path, ['a']),
  );
  expect(await found(selftestsSeparate, { patches: [{ diff: TEST + beside.join('') }] })).toEqual([]);
});

it('is silent about tests that are built from the kernel’s sources', async () => {
  const lockstep = adds('tools/testing/radix-tree/a.c', ['int a;']);
  expect(await found(selftestsSeparate, { patches: [{ diff: CODE + lockstep }] })).toEqual([]);
});
