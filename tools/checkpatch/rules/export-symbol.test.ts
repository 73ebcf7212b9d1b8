// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { exportSymbol } from './export-symbol.ts';

const PATH = 'net/vmw_vsock/af_vsock.c';
const of = async (lines: readonly string[]): Promise<string[]> =>
  await found(exportSymbol, { patches: [{ diff: adds(PATH, lines) }] });

it('notes an export for all', async () => {
  expect(await of(['EXPORT_SYMBOL(vsock_room);'])).toEqual([
    `1 ${PATH}:11 vsock_room is exported to modules under any licence`,
  ]);
});

it('is silent about one for the kernel, and about a word', async () => {
  expect(
    await of(['EXPORT_SYMBOL_GPL(vsock_room);', 'EXPORT_SYMBOL_NS_GPL(a, B);', '/* EXPORT_SYMBOL(a) */']),
  ).toEqual([]);
});

it('is silent about a renamed one', async () => {
  const diff = adds(PATH, ['EXPORT_SYMBOL(b);']).replace(' /* behind */', '-EXPORT_SYMBOL(a);');
  expect(await found(exportSymbol, { patches: [{ diff: diff.replace('+10,3', '+10,2') }] })).toEqual([]);
});
