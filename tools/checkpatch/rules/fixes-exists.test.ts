// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tree } from '../../../core/tree.ts';
import { finish, room, sh, writeKernel } from '../../../kernel-tree/fixtures.ts';
import { importTree } from '../../../kernel-tree/import-tree.ts';
import { found, SIGNED } from '../fixture.ts';
import type { CheckTree } from '../rule.ts';
import { fixesExists } from './fixes-exists.ts';

let place: Awaited<ReturnType<typeof room>>;
let clone: string;
let id: string;

beforeAll(async () => {
  place = await room();
  clone = path.join(place.folder, 'linux');
  mkdirSync(clone);
  writeKernel(clone);
  sh(clone, 'git', 'init', '-q', '-b', 'main');
  sh(clone, 'git', 'add', '-f', '-A');
  sh(clone, 'git', 'commit', '-q', '-m', 'vsock: begin "it"');
  id = sh(clone, 'git', 'rev-parse', 'HEAD').slice(0, 12);
  writeFileSync(path.join(clone, 'empty'), 'no more\n');
  sh(clone, 'git', 'commit', '-q', '-a', '-m', 'vsock: go on');
});

afterAll(async () => await place.done());

async function check(source: string, fixes: string): Promise<string[]> {
  const tree: Tree = (await finish(importTree(source, {}))).value;
  const prepared = async (): Promise<CheckTree> => ({ applied: { tree } }) as CheckTree;
  const message = `Say why.\n\n${fixes}\n${SIGNED}`;
  const lines = await found(fixesExists, { patches: [{}, { message }], tree: prepared });
  return lines.map((line) => line.replaceAll(place.folder, ''));
}

it('finds another subject, and a commit that is not there', async () => {
  expect(await check(`git:${clone}#main`, `Fixes: ${id} ("vsock: begin it")`)).toEqual([
    `2 message:3 the subject of ${id} is "vsock: begin "it""`,
  ]);
  expect(await check(`git:${clone}#main`, 'Fixes: 123456789abc ("vsock: begin")')).toEqual([
    '2 message:3 git:/linux#main has no commit 123456789abc',
  ]);
});

it('is silent on the right one, and on a line that names no commit', async () => {
  expect(await check(`git:${clone}#main`, `Fixes: ${id} ("vsock: begin "it"")`)).toEqual([]);
  expect(await check(`git:${clone}#main`, 'Fixes: all of it')).toEqual([
    'not for this: no Fixes: line names a commit',
  ]);
});

it('says nothing in a tree without history', async () => {
  expect(await check(`git:file://${clone}#main`, `Fixes: ${id} ("vsock: begin")`)).toEqual([
    'not for this: git:file:///linux#main comes without the history to look them up in',
  ]);
});
