// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DiskWatch } from './watch.ts';

let folder: string;
let watch: DiskWatch;
let told: (string | null)[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'watch-'));
  mkdirSync(path.join(folder, 'one'));
  told = [];
  watch = new DiskWatch(folder, (name) => told.push(name));
  watch.series(['one']);
});
afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

const inside = (...names: string[]): string => path.join(folder, ...names);

async function expectTold(name: string | null, change: () => void): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 150));
  told = [];
  change();
  await vi.waitFor(() => expect(told).toContain(name), { timeout: 10_000 });
}

it('a decision that is written as a whole, a mail, and a patch in a folder that came later', async () => {
  writeFileSync(inside('one', '.half'), 'x');
  await expectTold('one', () => renameSync(inside('one', '.half'), inside('one', 'review.toml')));
  await expectTold('one', () => mkdirSync(inside('one', 'mail')));
  await expectTold('one', () => writeFileSync(inside('one', 'mail', 'a.eml'), ''));
  await expectTold('one', () => mkdirSync(inside('one', 'v2')));
  await expectTold('one', () => writeFileSync(inside('one', 'v2', '0001-a.patch'), ''));
});

it('a series that comes, and one that was removed and made again', async () => {
  await expectTold(null, () => mkdirSync(inside('two')));
  await expectTold(null, () => rmSync(inside('one'), { recursive: true }));
  await expectTold(null, () => mkdirSync(inside('one')));
  watch.series(['one', 'two']);
  await expectTold('one', () => writeFileSync(inside('one', 'series.toml'), ''));
  await expectTold('two', () => writeFileSync(inside('two', 'series.toml'), ''));
});

it('what is half written is not told', async () => {
  await new Promise((resolve) => setTimeout(resolve, 150));
  told = [];
  writeFileSync(inside('one', '.review.lock'), '');
  writeFileSync(inside('one', 'review.toml.half-77'), '');
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(told).toEqual([]);
});

it('a record, when it begins and when its result is there', async () => {
  mkdirSync(inside('runs'));
  let changed = 0;
  watch.records([inside('runs')], () => changed++);
  mkdirSync(inside('runs', '20261126-101500-one-1111'));
  await vi.waitFor(() => expect(changed).toBeGreaterThan(0), { timeout: 10_000 });
  changed = 0;
  writeFileSync(inside('runs', '20261126-101500-one-1111', 'run.json'), '{}');
  await vi.waitFor(() => expect(changed).toBeGreaterThan(0), { timeout: 10_000 });
});
