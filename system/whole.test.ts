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

it('what a killed process left is removed by whoever makes something beside it, but not what is being made', async () => {
  const final = path.join(folder, 'x');
  const names = async (): Promise<string[]> => (await readdir(folder)).sort();
  const halves = ['left.half-77', 'making.half-78', 'unknown.half-79', 'x.half-80', 'y.half-life'];
  for (const name of halves) {
    await mkdir(path.join(folder, name));
    await writeFile(path.join(folder, name, 'text'), 'half');
  }
  await writeFile(path.join(folder, 'left.lock'), '');
  await writeFile(path.join(folder, 'file.half-81'), 'being written');
  await using _other = await acquireLock(path.join(folder, 'making.lock'));
  const make = async (half: string): Promise<void> => await writeFile(path.join(half, 'text'), 'mine');
  expect(await makeWhole(final, make)).toBe('made');
  expect((await names()).filter((name) => name.includes('.half-'))).toEqual([
    'file.half-81',
    'making.half-78',
    'unknown.half-79',
    'y.half-life',
  ]);
  // A second one waits for no lock of the first.
  expect(await makeWhole(path.join(folder, 'left'), make)).toBe('made');
});
