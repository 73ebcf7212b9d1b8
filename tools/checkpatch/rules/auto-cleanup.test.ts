// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, newFile } from '../fixture.ts';
import { autoCleanup } from './auto-cleanup.ts';

const PATH = 'net/core/dev.c';
const of = async (lines: readonly string[], path = PATH): Promise<string[]> =>
  await found(autoCleanup, { patches: [{ diff: newFile(path, lines) }] });
const guarded = (length: number): string[] => [
  'static int f(int a)',
  '{',
  '\tguard(mutex)(&lock);',
  ...Array.from({ length: length - 1 }, () => '\tg();'),
  '}',
];

it('finds __free()', async () => {
  expect(await of(['int f(void)', '{', '\tstruct a *b __free(kfree) = NULL;'])).toEqual([
    `1 ${PATH}:3 __free() is discouraged in networking code`,
  ]);
});

it('notes guard() in a function of 21 lines', async () => {
  expect(await of(guarded(21))).toEqual([`1 ${PATH}:3 guard() in f(), which has more than 20 lines`]);
});

it('is silent about one of 20, about scoped_guard() and elsewhere', async () => {
  expect(await of(guarded(20))).toEqual([]);
  expect(await of(guarded(30).map((line) => line.replace('guard', 'scoped_guard')))).toEqual([]);
  expect(await of(guarded(30), 'drivers/virtio/virtio.c')).toEqual([]);
  expect(await of(['DEFINE_FREE(a, int, __free(a))', '/* __free(b) */'])).toEqual([]);
});
