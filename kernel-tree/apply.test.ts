// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Series } from '../core/series.ts';
import type { Tree } from '../core/tree.ts';
import { applySeries, baseOf } from './apply.ts';
import { change, errorOf, finish, LINES, listing, makeClone, room, seriesOf, sh } from './fixtures.ts';
import { importTree } from './import-tree.ts';
import { keyOf, treeFolder } from './stored.ts';

let folder: string;
let done: () => Promise<void>;
let clone: string;
let base: string;
let tree: Tree;
const FILE = 'net/vmw_vsock/af_vsock.c';

/** The made-up source with some lines (1-based) replaced. */
function edited(lines: Record<number, string>): string {
  return `${LINES.map((line, i) => lines[i + 1] ?? line).join('\n')}\n`;
}

beforeEach(async () => {
  ({ folder, done } = await room());
  clone = makeClone(path.join(folder, 'clone'));
  base = sh(clone, 'git', 'rev-parse', 'HEAD').trim();
  tree = (await finish(importTree(`git:${clone}#${base}`))).value;
});
afterEach(async () => await done());

const apply = (series: Series) => finish(applySeries(tree, series));
const inTree = (...args: string[]): string => sh(folder, 'git', '--git-dir', tree.gitDir, ...args);

function twoPatches(): Series {
  change(clone, FILE, edited({ 10: '\tten();' }), 'vsock: ten');
  change(clone, FILE, edited({ 10: '\tten();', 40: '\tforty();' }), 'vsock: fourty');
  return seriesOf(clone, `${base}..HEAD`);
}

function noneLeft(): void {
  const entries = readdirSync(path.join(treeFolder(keyOf(tree)), 'apply'), { withFileTypes: true });
  expect(entries.filter((entry) => entry.isDirectory())).toEqual([]);
}

describe('applySeries', () => {
  test('each patch is a commit with its author, date and message', async () => {
    const series = twoPatches();
    const { value, events } = await apply(series);
    expect(value.variant).toBe('patched');
    expect(value.treeHash).toBe(sh(clone, 'git', 'rev-parse', 'HEAD^{tree}').trim());
    expect(events.filter((event) => event.type === 'patch-applied')).toEqual([
      { type: 'patch-applied', index: 1, total: 2, subject: 'vsock: ten', commit: value.patches[0]?.commit },
      { type: 'patch-applied', index: 2, total: 2, subject: 'vsock: fourty', commit: value.commit },
    ]);
    expect(inTree('log', '--format=%an %ae %ad %s', '--date=raw', '-1', value.commit).trim()).toBe(
      'Ann Author ann@example.org 1700000000 +0100 vsock: fourty',
    );
    expect(value.patches[1]?.messageId).toBe('<1@example.org>');
    const patch = inTree('diff-tree', '-p', value.commit);
    const file = path.join(folder, 'p');
    writeFileSync(file, patch);
    expect(sh(folder, 'sh', '-c', `git patch-id --stable < ${file}`)).toContain(value.patches[1]?.patchId);
    noneLeft();
  });

  test('again: the same commits without git am; in another cache: the same ids', async () => {
    const series = twoPatches();
    const first = (await apply(series)).value;
    const again = await apply(series);
    expect(again.value).toEqual(first);
    expect(again.events.map(({ type }) => type)).toEqual([
      'stage',
      'patch-applied',
      'patch-applied',
      'stage-end',
    ]);
    expect(again.events.at(-1)).toMatchObject({ stage: 'apply', outcome: 'cached' });
    process.env['XDG_CACHE_HOME'] = path.join(folder, 'other-cache');
    tree = (await finish(importTree(`git:${clone}#${base}`))).value;
    expect((await apply(series)).value.commit).toBe(first.commit);
  });

  test("the result survives a gc of the cache repository, the user's settings do not matter", async () => {
    const series = twoPatches();
    writeFileSync(
      path.join(folder, 'gitconfig'),
      '[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n[am]\n\tkeepcr = true\n',
    );
    process.env['GIT_CONFIG_GLOBAL'] = path.join(folder, 'gitconfig');
    try {
      const { value } = await apply(series);
      inTree('gc', '-q', '--prune=now');
      expect((await apply(series)).value.treeHash).toBe(value.treeHash);
    } finally {
      delete process.env['GIT_CONFIG_GLOBAL'];
    }
  });

  test('falls back on a three-way merge where the context moved', async () => {
    change(clone, FILE, edited({ 10: '\tten();' }), 'vsock: ten');
    const series = seriesOf(clone, 'HEAD~1..HEAD');
    sh(clone, 'git', 'checkout', '-q', '-b', 'moved', base);
    const moved = change(clone, FILE, edited({ 12: '\ttwelve();' }), 'vsock: other');
    tree = (await finish(importTree(`git:${clone}#${moved}`))).value;
    const { value } = await apply(series);
    expect(inTree('show', `${value.commit}:${FILE}`)).toBe(edited({ 10: '\tten();', 12: '\ttwelve();' }));
  });

  test('adds, deletes, renames, modes and binary contents', async () => {
    change(clone, 'net/new file [1].c', 'new\n', 'net: new');
    change(clone, 'include/linux/vsock.h', null, 'net: gone');
    sh(clone, 'git', 'mv', FILE, 'net/renamed.c');
    sh(clone, 'git', 'update-index', '--chmod=+x', 'net/renamed.c');
    sh(clone, 'git', 'commit', '-q', '-m', 'net: renamed');
    writeFileSync(path.join(clone, 'logo.bin'), Buffer.from([0, 1, 2, 3, 255, 0]));
    sh(clone, 'git', 'add', '-f', 'logo.bin');
    sh(clone, 'git', 'commit', '-q', '-m', 'logo');
    const { value } = await apply(seriesOf(clone, `${base}..HEAD`));
    expect(value.treeHash).toBe(sh(clone, 'git', 'rev-parse', 'HEAD^{tree}').trim());
  });

  test('a reject: patch, file, hunk, what was expected and the nearest place', async () => {
    sh(clone, 'git', 'checkout', '-q', '-b', 'other', base);
    change(
      clone,
      FILE,
      `/* new */\n/* top */\n${edited({ 38: '\tchanged();', 39: '\talso();' })}`,
      'vsock: other',
    );
    const from = sh(clone, 'git', 'rev-parse', 'HEAD').trim();
    change(
      clone,
      FILE,
      `/* new */\n/* top */\n${edited({ 38: '\tchanged();', 39: '\talso();', 40: '\tforty();' })}`,
      'vsock: forty',
    );
    // Blobs that are not in the tree: no three-way merge can be tried.
    const series = seriesOf(clone, `${from}..HEAD`, (mail) => mail.replace(/^index .*\n/m, ''));
    const error = await errorOf(apply(series));
    expect(error).toMatchObject({ code: 'PATCH_DOES_NOT_APPLY', blame: 'series' });
    expect(error['message']).toContain(`patch 1/1 "vsock: forty"`);
    expect(error['message']).toMatch(/af_vsock\.c, hunk @@ -39,7 \+39,7 @@/);
    expect(error['detail']).toMatch(/nearest match: line 37, where 5 of its 7 lines stand/);
    expect(error['detail']).toMatch(/! +changed\(\); +\| +38 +statement_38\(\);/);
    expect(error['detail']).toMatch(/^ {2}\+ +forty\(\);/m);
    noneLeft();
    expect(inTree('for-each-ref', 'refs/respin/applied')).toBe('');
  });

  test('all of it is there already', async () => {
    const series = twoPatches();
    tree = (await finish(importTree(`git:${clone}#master`))).value;
    const error = await errorOf(apply(series));
    expect(error).toMatchObject({ code: 'ALREADY_APPLIED', blame: 'series' });
    expect(error['message']).toContain('whole series');
  });

  test('a part of it is there already, and which', async () => {
    const series = twoPatches();
    tree = (await finish(importTree(`git:${clone}#master~1`))).value;
    const error = await errorOf(apply(series));
    expect(error).toMatchObject({ code: 'ALREADY_APPLIED', detail: 'already there: patch 1/2 "vsock: ten"' });
    expect(error['message']).toContain('1 of 2 patches');
  });

  test('a series for another tree', async () => {
    change(clone, 'fs/a.c', 'a\n', 'fs: a');
    const from = change(clone, 'fs/b.c', 'b\n', 'fs: b');
    change(clone, 'fs/a.c', 'aa\n', 'fs: change a');
    change(clone, 'fs/b.c', 'bb\n', 'fs: change b');
    const error = await errorOf(apply(seriesOf(clone, `${from}..HEAD`)));
    expect(error).toMatchObject({ code: 'WRONG_TREE', blame: 'series' });
    expect(error['detail']).toContain('not there: fs/a.c');
  });

  test('a series that names another base and does not apply', async () => {
    const from = change(clone, FILE, edited({ 39: '\tother();', 40: '\tother();' }), 'vsock: other');
    change(clone, FILE, edited({ 39: '\tother();', 40: '\tforty();' }), 'vsock: forty');
    const series = { ...seriesOf(clone, `${from}..HEAD`), baseCommit: from };
    const error = await errorOf(apply(series));
    expect(error).toMatchObject({ code: 'WRONG_TREE', blame: 'series' });
    expect(error['detail']).toContain(from);
    expect(error['detail']).toContain('af_vsock.c');
  });

  test('no patches; a patch without a change', async () => {
    const series = twoPatches();
    expect(await errorOf(apply({ ...series, patches: [] }))).toMatchObject({
      code: 'SERIES_EMPTY',
      blame: 'series',
    });
    const [patch] = series.patches;
    if (patch === undefined) throw new Error('no patch');
    const mail = Buffer.from(
      Buffer.from(patch.mail)
        .toString()
        .replace(/\ndiff --git[\s\S]*(?=\n-- \n)/, '\n'),
    );
    const empty = { ...patch, files: [], mail };
    expect(await errorOf(apply({ ...series, patches: [empty] }))).toMatchObject({
      code: 'PATCH_EMPTY',
      blame: 'series',
    });
  });

  test('binary files without their contents', async () => {
    writeFileSync(path.join(clone, 'logo.bin'), Buffer.from([0, 1, 2, 3, 255, 0]));
    sh(clone, 'git', 'add', '-f', 'logo.bin');
    sh(clone, 'git', 'commit', '-q', '-m', 'logo');
    const series = seriesOf(clone, 'HEAD~1..HEAD', (mail) =>
      mail.replace(
        /\nindex .*\nGIT binary patch\n[\s\S]*?(?=\n-- \n)/,
        '\nindex 0000000..1234567\nBinary files /dev/null and b/logo.bin differ\n',
      ),
    );
    expect(await errorOf(apply(series))).toMatchObject({ code: 'PATCH_BINARY', blame: 'series' });
  });

  test.each(['../escape', '.git/hooks/post-checkout', 'net/.GIT/config'])('refuses %s', async (name) => {
    const series = twoPatches();
    const [patch] = series.patches;
    if (patch === undefined) throw new Error('no patch');
    const mail = Buffer.from(Buffer.from(patch.mail).toString().replaceAll(FILE, name));
    const files = patch.files.map((file) => ({ ...file, oldPath: name, newPath: name }));
    const evil = { ...series, patches: [{ ...patch, mail, files }] };
    expect(await errorOf(apply(evil))).toMatchObject({ code: 'PATCH_PATH_UNSAFE', blame: 'series' });
    // And git refuses it too, were the check above to miss it.
    const hidden = { ...series, patches: [{ ...patch, mail }] };
    expect(await errorOf(apply(hidden))).toMatchObject({ blame: 'series' });
    expect(existsSync(path.join(folder, 'escape'))).toBe(false);
  });

  test('the clone is as it was, byte for byte', async () => {
    const series = twoPatches();
    const before = listing(clone);
    await apply(series);
    expect(listing(clone)).toEqual(before);
  });

  test('a folder left by a killed run is removed', async () => {
    const series = twoPatches();
    await apply(series);
    const left = path.join(treeFolder(keyOf(tree)), 'apply', 'left');
    sh(folder, 'mkdir', '-p', left);
    sh(folder, 'touch', path.join(left, 'x'));
    inTree('update-ref', '-d', inTree('for-each-ref', '--format=%(refname)', 'refs/respin/applied').trim());
    await apply(series);
    noneLeft();
  });

  test("a pruned clone is the machine's trouble, not the series'", async () => {
    const series = twoPatches();
    sh(folder, 'rm', '-rf', path.join(clone, '.git/objects'));
    sh(folder, 'mkdir', path.join(clone, '.git/objects'));
    expect(await errorOf(apply(series))).toMatchObject({ code: 'TREE_BROKEN', blame: 'machine' });
  });
});

test('baseOf gives the tree itself', async () => {
  const applied = await baseOf(tree);
  expect(applied).toMatchObject({ variant: 'base', commit: base, patches: [] });
  expect(applied.treeHash).toBe(sh(clone, 'git', 'rev-parse', `${base}^{tree}`).trim());
  expect(readFileSync(path.join(clone, 'Makefile'), 'utf8')).toContain('VERSION');
});
