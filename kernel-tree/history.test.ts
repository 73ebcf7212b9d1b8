// SPDX-License-Identifier: MIT

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Tree } from '../core/tree.ts';
import { finish, room, sh, writeKernel } from './fixtures.ts';
import { changedFiles, commitsNamed, historyOf } from './history.ts';
import { importTree } from './import-tree.ts';

let place: Awaited<ReturnType<typeof room>>;
let clone: string;
const git = (...args: string[]): string => sh(clone, 'git', ...args).trim();
const tree = async (source: string): Promise<Tree> => (await finish(importTree(source, {}))).value;

beforeEach(async () => {
  place = await room();
  clone = path.join(place.folder, 'linux');
  mkdirSync(clone);
  writeKernel(clone);
  git('init', '-q', '-b', 'main');
  git('add', '-f', '-A');
  git('commit', '-q', '-m', 'vsock: begin\n\nWith a body.');
  writeFileSync(path.join(clone, 'empty'), 'no more\n');
  git('commit', '-q', '-a', '-m', 'vsock: fill what\nwas empty');
});

afterEach(async () => await place.done());

it('knows commits by the beginning of their ids', async () => {
  const [first, second] = [git('rev-parse', 'HEAD~1'), git('rev-parse', 'HEAD')];
  const here = await tree(`git:${clone}#main`);
  const blob = git('rev-parse', 'HEAD:empty');
  const ids = [
    first.slice(0, 12),
    first.slice(0, 9).toUpperCase(),
    second,
    'f'.repeat(12),
    blob,
    '--all',
    'HEAD',
  ];
  const known = await commitsNamed(here, ids);
  expect(Object.fromEntries(known)).toEqual({
    [first.slice(0, 12)]: { commit: first, subject: 'vsock: begin' },
    [first.slice(0, 9)]: { commit: first, subject: 'vsock: begin' },
    [second]: { commit: second, subject: 'vsock: fill what was empty' },
  });
  expect((await commitsNamed(here, ['f'.repeat(40)])).size).toBe(0);
  expect((await commitsNamed(here, [])).size).toBe(0);
});

it('knows how much history there is', async () => {
  expect(await historyOf(await tree(`git:${clone}#main`))).toBe('whole');
  expect(await historyOf(await tree(`git:file://${clone}#main`))).toBe('none');
  const shallow = path.join(place.folder, 'shallow');
  writeFileSync(path.join(clone, 'empty'), 'nothing\n');
  git('commit', '-q', '-a', '-m', 'vsock: empty it');
  git('clone', '-q', '--depth=2', `file://${clone}`, shallow);
  expect(await historyOf(await tree(`git:${shallow}#main`))).toBe('cut');
});

it('knows which files differ', async () => {
  const here = await tree(`git:${clone}#main`);
  expect([...(await changedFiles(here, git('rev-parse', 'HEAD~1'), here.commit))]).toEqual(['empty']);
});
