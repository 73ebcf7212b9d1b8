// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tree } from '../../../core/tree.ts';
import { finish, room, sh, writeKernel } from '../../../kernel-tree/fixtures.ts';
import { importTree } from '../../../kernel-tree/import-tree.ts';
import { found, type SeriesText } from '../fixture.ts';
import type { CheckTree } from '../rule.ts';
import { baseCommit } from './base-commit.ts';

const FILE = 'net/vmw_vsock/af_vsock.c';
const file = (before: string): string => `${'x\n'.repeat(9)}/* ${before} */\n/* behind */\n`;

let place: Awaited<ReturnType<typeof room>>;
let clone: string;
/** The file as the patch wants it; the same and another file; the file changed. */
let good: string;
let other: string;
let bad: string;

beforeAll(async () => {
  place = await room();
  clone = path.join(place.folder, 'linux');
  mkdirSync(clone);
  writeKernel(clone);
  const commit = (name: string, text: string): string => {
    writeFileSync(path.join(clone, name), text);
    sh(clone, 'git', 'add', '-f', '-A');
    sh(clone, 'git', 'commit', '-q', '-m', `change ${name}`);
    return sh(clone, 'git', 'rev-parse', 'HEAD').trim();
  };
  sh(clone, 'git', 'init', '-q', '-b', 'main');
  bad = commit(FILE, file('something else'));
  good = commit(FILE, file('before'));
  other = commit('empty', 'no more\n');
});

afterAll(async () => await place.done());

async function check(text: Partial<SeriesText>, source = `git:${clone}#main`): Promise<string[]> {
  const tree: Tree = (await finish(importTree(source, {}))).value;
  const prepared = async (): Promise<CheckTree> => ({ applied: { tree } }) as CheckTree;
  const lines = await found(baseCommit, { patches: [{}], tree: prepared, ...text });
  return lines.map((line) => line.replaceAll(place.folder, ''));
}

it('finds a series that does not say it, and one that says half of it', async () => {
  expect(await check({})).toEqual(['- series no mail says which commit it is made on']);
  expect(await check({ cover: `All.\n\nbase-commit: ${good.slice(0, 12)}` })).toEqual([
    '0 cover:3 the base-commit: line has no whole commit id',
  ]);
});

it('says nothing of commits that name none', async () => {
  expect(await check({ source: 'main..mine' })).toEqual([
    'not for this: these are commits, and their mails are not made yet',
  ]);
});

it('finds a commit that the series does not apply to', async () => {
  const [line, ...more] = await check({ cover: `All.\n\nbase-commit: ${bad}` });
  expect(more).toEqual([]);
  expect(line).toMatch(
    new RegExp(`^0 cover:3 the series does not apply to its base-commit ${bad.slice(0, 12)}: .*af_vsock`),
  );
});

it('says so when the tree does not know the commit', async () => {
  const notes = `base-commit: ${'1'.repeat(40)}`;
  expect(await check({ patches: [{ notes }] })).toEqual([
    '1 mail git:/linux#main does not have base-commit 111111111111, so it was not tried',
  ]);
});

it('is silent on the tree itself, and on a commit with the same files or others it applies to', async () => {
  expect(await check({ cover: `All.\n\nbase-commit: ${other}` })).toEqual([]);
  expect(await check({ cover: `All.\n\nbase-commit: ${good}` })).toEqual([]);
  expect(await check({ cover: `All.\n\nbase-commit: ${good}` }, `git:${clone}#${bad}`)).toEqual([]);
});
