// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, checkInput } from '../fixture.ts';
import { newWarnings, type Warning } from './new-warnings.ts';

const FILE = 'net/vmw_vsock/af_vsock.c';
const UNUSED = "unused variable 'i' [-Wunused-variable]";

async function patchAdding(lines: number) {
  const diff = adds(
    FILE,
    Array.from({ length: lines }, (_, at) => `\tint i${at};`),
  );
  const [patch] = (await checkInput({ patches: [{ diff }] })).series.patches;
  if (patch === undefined) throw new Error('no patch');
  return patch;
}

const at = (line: number, text = UNUSED, path = FILE): Warning => ({ path, line, text });

it('a warning that has only moved is not new', async () => {
  expect(newWarnings([at(40)], [at(43)], await patchAdding(3))).toEqual([]);
});

it('a warning that was not there is new, wherever it is', async () => {
  const other = at(7, UNUSED, 'include/linux/virtio_vsock.h');
  expect(newWarnings([at(40)], [at(40), other], await patchAdding(3))).toEqual([other]);
});

it('of one more of a kind, the one in an added line is the new one', async () => {
  // Lines 11 to 13 of the file are added.
  expect(newWarnings([at(40)], [at(12), at(43)], await patchAdding(3))).toEqual([at(12)]);
});

it('other words are another warning', async () => {
  const other = at(40, 'something else [-Wother]');
  expect(newWarnings([at(40)], [other], await patchAdding(1))).toEqual([other]);
});

it('gives them by file and line', async () => {
  const after = [at(13, 'b'), at(11, 'a'), at(1, 'c', 'drivers/vhost/vsock.c')];
  expect(newWarnings([], after, await patchAdding(3)).map(({ line }) => line)).toEqual([1, 11, 13]);
});
