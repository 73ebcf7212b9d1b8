// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found, SIGNED } from '../fixture.ts';
import { selftestsMissing } from './selftests-missing.ts';

const UAPI = adds('include/uapi/linux/vm_sockets.h', ['#define SO_VM_SOCKETS_NEW 9']);
const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => `int a${at};`);

it('notes a new interface without a test', async () => {
  expect(await found(selftestsMissing, { patches: [{}, { diff: UAPI }] })).toEqual([
    '2 include/uapi/linux/vm_sockets.h the series adds to the user-space interface and has no test',
  ]);
});

it('notes a feature of netdevsim, and nothing smaller', async () => {
  const of = async (count: number): Promise<string[]> =>
    await found(selftestsMissing, { patches: [{ diff: adds('drivers/net/netdevsim/a.c', lines(count)) }] });
  expect(await of(10)).toEqual(['1 drivers/net/netdevsim/a.c the series adds to netdevsim and has no test']);
  expect(await of(9)).toEqual([]);
});

it('is silent with a test anywhere in the series, about a fix, and about other code', async () => {
  const test = adds('tools/testing/vsock/vsock_test.c', ['int a;']);
  expect(await found(selftestsMissing, { patches: [{ diff: UAPI }, { diff: test }] })).toEqual([]);
  const message = `Mend it.\n\nFixes: 0123456789ab ("vsock: break it")\n${SIGNED}`;
  expect(await found(selftestsMissing, { patches: [{ diff: UAPI, message }] })).toEqual([]);
  expect(await found(selftestsMissing, { patches: [{ diff: adds('net/core/dev.c', lines(90)) }] })).toEqual(
    [],
  );
});
