// SPDX-License-Identifier: MIT
/** From mails to commits: what the reader of mails shows is what git takes out of them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppliedSeries, Tree } from '../core/tree.ts';
import { readSeries } from '../patches/read-series.ts';
import { applySeries } from './apply.ts';
import { change, errorOf, finish, LINES, makeClone, room, sh } from './fixtures.ts';
import { importTree } from './import-tree.ts';

const FILE = 'net/vmw_vsock/af_vsock.c';
let folder: string;
let done: () => Promise<void>;
let clone: string;
let base: string;
let tree: Tree;

beforeEach(async () => {
  ({ folder, done } = await room());
  clone = makeClone(path.join(folder, 'clone'));
  writeFileSync(path.join(clone, 'crlf.txt'), 'one\r\ntwo\r\nthree\r\n');
  sh(clone, 'git', 'add', '-f', 'crlf.txt');
  sh(clone, 'git', 'commit', '-q', '-m', 'a file with carriage returns');
  base = sh(clone, 'git', 'rev-parse', 'HEAD').trim();
  tree = (await finish(importTree(`git:${clone}#${base}`))).value;
});
afterEach(async () => await done());

/** The commits since the base as a folder of mails. */
function mails(edit: (mail: string) => string = (mail) => mail): string {
  const into = path.join(folder, 'mails');
  mkdirSync(into, { recursive: true });
  sh(clone, 'git', 'format-patch', '-q', '-o', into, `${base}..HEAD`);
  for (const name of readdirSync(into)) {
    const file = path.join(into, name);
    writeFileSync(file, edit(readFileSync(file, 'latin1')), 'latin1');
  }
  return into;
}

async function apply(what: string): Promise<AppliedSeries> {
  const series = await readSeries(what, { cwd: folder, patchesDir: path.join(folder, 'none') });
  return (await finish(applySeries(tree, series))).value;
}

const inTree = (...args: string[]): string => sh(folder, 'git', '--git-dir', tree.gitDir, ...args).trim();
const ten = `${LINES.map((line, i) => (i === 9 ? '\tten();' : line)).join('\n')}\n`;

test('a change of a file with CRLF line ends', async () => {
  change(clone, 'crlf.txt', 'one\r\nzwei\r\nthree\r\n', 'crlf: two');
  const applied = await apply(mails());
  expect(applied.treeHash).toBe(sh(clone, 'git', 'rev-parse', 'HEAD^{tree}').trim());
});

test('what is above the scissors is dropped, and the headers below count', async () => {
  change(clone, FILE, ten, 'vsock: chatter');
  const talk = 'Hi all,\n\nwhat about this?\n\n-- >8 --\n';
  const own = 'From: Real Author <real@example.org>\nSubject: vsock: the real subject\n\nBecause.\n';
  const { commit, patches } = await apply(
    mails((mail) => mail.replace(/\n\n(?=---\n)/, `\n\n${talk}${own}`)),
  );
  expect(patches[0]?.subject).toBe('vsock: the real subject');
  expect(inTree('log', '-1', '--format=%an %s%n%b', commit)).toBe(
    'Real Author vsock: the real subject\nBecause.',
  );
});

test('lines that begin with From stay as they are', async () => {
  change(clone, FILE, ten, 'vsock: ten\n\nFrom now on ten.\n\n>From there on as well.');
  const { commit } = await apply(mails());
  expect(inTree('log', '-1', '--format=%b', commit)).toBe('From now on ten.\n\n>From there on as well.');
});

test('a diff in a part of the mail that is no text is not applied unseen', async () => {
  change(clone, FILE, ten, 'vsock: ten');
  const hidden = Buffer.from(
    '--- a/scripts/run.sh\n+++ b/scripts/run.sh\n@@ -1 +1,2 @@\n #!/bin/sh\n+echo owned\n',
  ).toString('base64');
  const series = mails((mail) => {
    const [head = '', ...body] = mail.split('\n\n');
    const headers = head.replace(/\n(?:MIME|Content)[^\n]*/g, '');
    return [
      `${headers}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"`,
      `--x\nContent-Type: text/plain\n\n${body.join('\n\n')}`,
      `--x\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n${hidden}\n--x--\n`,
    ].join('\n\n');
  });
  const error = await errorOf(apply(series));
  expect(error).toMatchObject({ code: 'PATCH_HIDDEN_PART', blame: 'series' });
  expect(error['message']).toContain('scripts/run.sh');
});

test('a mail without a date gives the same commit in every cache', async () => {
  change(clone, FILE, ten, 'vsock: ten');
  const series = mails((mail) => mail.replace(/^Date: .*\n/m, ''));
  const first = await apply(series);
  process.env['XDG_CACHE_HOME'] = path.join(folder, 'other-cache');
  tree = (await finish(importTree(`git:${clone}#${base}`))).value;
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await apply(series)).commit).toBe(first.commit);
});
