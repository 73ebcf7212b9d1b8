// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireLock } from './lock.ts';
import { makeWhole } from './whole.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-whole-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('what is not whole is made again, but never what another has just made', async () => {
  const final = path.join(folder, 'x');
  const text = async (): Promise<string> => await readFile(path.join(final, 'text'), 'utf8').catch(() => '');
  const make = async (half: string): Promise<void> => await writeFile(path.join(half, 'text'), 'mine');
  const isWhole = async (): Promise<boolean> => (await text()) !== '';
  await mkdir(final);
  // Another holds the lock, and has the folder whole before it gives it back.
  const other = await acquireLock(`${final}.lock`);
  const made = makeWhole(final, make, {
    isWhole,
    onWait: () => {
      void writeFile(path.join(final, 'text'), 'theirs').then(async () => await other.release());
    },
  });
  expect(await made).toBe('there');
  expect(await text()).toBe('theirs');

  await rm(path.join(final, 'text'));
  expect(await makeWhole(final, make, { isWhole })).toBe('made');
  expect(await text()).toBe('mine');
  expect((await readdir(folder)).sort()).toEqual(['x', 'x.lock']);
});
