// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cachePath } from '../system/paths.ts';
import {
  change,
  errorOf,
  fakeProgram,
  finish,
  listing,
  makeClone,
  makePackage,
  makeTarball,
  room,
  sh,
  startImport,
} from './fixtures.ts';
import { importTree } from './import-tree.ts';
import { listTrees, removeTree, showTree } from './registry.ts';

let folder: string;
let done: () => Promise<void>;

beforeEach(async () => {
  ({ folder, done } = await room());
});
afterEach(async () => await done());

const add = (source: string) => finish(importTree(source));
const kept = (): string[] =>
  existsSync(cachePath('trees'))
    ? readdirSync(cachePath('trees')).filter((name) => !name.endsWith('.lock'))
    : [];

/** The tree id git itself gives the same files. */
function expectedTree(): string {
  return sh(makeClone(path.join(folder, 'expected')), 'git', 'rev-parse', 'HEAD^{tree}').trim();
}

const treeOf = (tree: { gitDir: string; commit: string }): string =>
  sh(folder, 'git', '--git-dir', tree.gitDir, 'rev-parse', `${tree.commit}^{tree}`).trim();

describe('debian', () => {
  test('a package, without unpacking it; again without apt', async () => {
    makePackage(folder);
    const { value, events } = await add('debian:linux-source-6.12');
    expect(value).toMatchObject({
      version: '6.12.7',
      packageVersion: '6.12.7-1',
      source: 'debian:linux-source-6.12',
    });
    const tarball = readFileSync(path.join(folder, 'linux-source-6.12.tar.xz'));
    expect(value.sha256).toBe(createHash('sha256').update(tarball).digest('hex'));
    expect(treeOf(value)).toBe(expectedTree());
    expect(
      events.some(
        (event) => event.type === 'progress' && event.unit === 'B' && event.done === tarball.length,
      ),
    ).toBe(true);
    expect(events[0]).toEqual({ type: 'stage', stage: 'tree', title: 'debian:linux-source-6.12' });
    const end = { type: 'stage-end', stage: 'tree', detail: 'debian:linux-source-6.12  6.12.7' };
    expect(events.at(-1)).toMatchObject({ ...end, outcome: 'done' });
    sh(folder, 'git', '--git-dir', value.gitDir, 'fsck', '--strict');
    expect(existsSync(path.join(path.dirname(value.gitDir), 'download'))).toBe(false);

    fakeProgram(folder, 'apt-get', `echo again >> ${folder}/apt-calls; exit 100`);
    const again = await add('debian:linux-source-6.12');
    expect(again.value).toEqual(value);
    expect(again.events.at(-1)).toMatchObject({ ...end, outcome: 'cached' });
    expect(readFileSync(path.join(folder, 'apt-calls'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  test('a machine whose lists do not have it gets fresh ones, private and for once', async () => {
    makePackage(folder);
    const real = path.join(folder, 'bin/real-apt-get');
    renameSync(path.join(folder, 'bin/apt-get'), real);
    fakeProgram(
      folder,
      'apt-get',
      `case "$*" in
*Dir::State::lists=*update) echo updated >>${folder}/updates ;;
*Dir::State::lists=*) exec ${real} "$@" ;;
*) echo 'E: Unable to locate package linux-source-6.12' >&2; exit 100 ;;
esac`,
    );
    const { value, events } = await add('debian:linux-source-6.12');
    expect(value).toMatchObject({ version: '6.12.7' });
    expect(readFileSync(path.join(folder, 'updates'), 'utf8')).toBe('updated\n');
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'note', text: expect.stringContaining('fetching fresh ones') }),
    );
    expect(existsSync(path.join(path.dirname(value.gitDir), 'download'))).toBe(false);
  });

  test('the commit is the same in another cache at another time', async () => {
    makePackage(folder);
    const first = (await add('debian:linux-source-6.12')).value;
    process.env['XDG_CACHE_HOME'] = path.join(folder, 'other');
    expect((await add('debian:linux-source-6.12')).value.commit).toBe(first.commit);
  });

  test.each([
    ['E: Unable to locate package linux-source-9.9', 'TREE_NO_PACKAGE'],
    [
      "E: Failed to fetch http://example.org/x.deb  Temporary failure resolving 'example.org'",
      'TREE_OUT_OF_REACH',
    ],
    ['E: You have no space: No space left on device', 'NO_SPACE'],
  ])('apt says %s', async (says, code) => {
    fakeProgram(folder, 'apt-get', `cat >&2 <<'END'\n${says}\nEND\nexit 100`);
    const error = await errorOf(add('debian:linux-source-9.9'));
    expect(error).toMatchObject({ code, blame: 'machine', exitCode: 3, hint: expect.any(String) });
    expect(error['detail']).toContain(says);
    expect(kept()).toEqual([]);
  });

  test('a package without kernel sources', async () => {
    makePackage(folder);
    sh(folder, 'rm', '-r', 'deb/usr');
    sh(folder, 'dpkg-deb', '--root-owner-group', '-b', 'deb', 'linux-source-6.12_6.12.7-1_all.deb');
    expect(await errorOf(add('debian:linux-source-6.12'))).toMatchObject({
      code: 'TREE_NOT_KERNEL',
      blame: 'usage',
    });
  });
});

describe('tar', () => {
  test.each([
    ['linux.tar', ['--format=gnu']],
    ['linux.tar.gz', ['--format=pax']],
    ['linux.tgz', ['--format=oldgnu']],
    ['linux.tar.xz', ['--format=posix']],
  ])('%s', async (name, options) => {
    const file = makeTarball(folder, name, ...options);
    const { value } = await add(`tar:${file}`);
    expect(treeOf(value)).toBe(expectedTree());
    expect(value.version).toBe('6.12.7');
  });

  test('hard links, and no folder at the top', async () => {
    const top = path.join(folder, 'linux-6.12.7');
    makeTarball(folder);
    sh(top, 'ln', 'Makefile', 'Zmakefile');
    sh(top, 'tar', '--sort=name', '-cf', '../flat.tar', '.');
    const { value } = await add(`tar:${folder}/flat.tar`);
    const names = sh(folder, 'git', '--git-dir', value.gitDir, 'ls-tree', '--name-only', value.commit);
    expect(names).toContain('Zmakefile');
    expect(sh(folder, 'git', '--git-dir', value.gitDir, 'show', `${value.commit}:Zmakefile`)).toContain(
      'VERSION = 6',
    );
  });

  test('still there without the tarball; refused when it was replaced', async () => {
    const file = makeTarball(folder);
    const { value } = await add(`tar:${file}`);
    const bytes = readFileSync(file);
    sh(folder, 'rm', file);
    expect((await add(`tar:${file}`)).value).toEqual(value);
    writeFileSync(file, bytes.subarray(1));
    expect(await errorOf(add(`tar:${file}`))).toMatchObject({ code: 'TREE_CHANGED', blame: 'usage' });
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), 'TREE_BAD_TAR'],
    ['empty', () => Buffer.alloc(0), 'TREE_BAD_TAR'],
    ['no archive', () => Buffer.from('x'.repeat(5000)), 'TREE_BAD_TAR'],
  ])('%s', async (_, spoil, code) => {
    const file = makeTarball(folder);
    writeFileSync(file, spoil(readFileSync(file)));
    expect(await errorOf(add(`tar:${file}`))).toMatchObject({
      code,
      blame: 'usage',
      hint: expect.any(String),
    });
    expect(kept()).toEqual([]);
  });

  test('no kernel, a wrong sum, no file, a name that leaves the tree', async () => {
    const file = makeTarball(folder);
    expect(await errorOf(add(`tar:${file}#sha256=${'0'.repeat(64)}`))).toMatchObject({
      code: 'TREE_HASH_MISMATCH',
    });
    expect(await errorOf(add(`tar:${folder}/none.tar`))).toMatchObject({
      code: 'TREE_NO_TARBALL',
      blame: 'usage',
    });
    sh(folder, 'tar', '-cf', 'other.tar', 'linux-6.12.7/net');
    expect(await errorOf(add(`tar:${folder}/other.tar`))).toMatchObject({
      code: 'TREE_NOT_KERNEL',
      blame: 'usage',
    });
    sh(folder, 'tar', '-P', '--transform=s,^,../,', '-cf', 'evil.tar', 'linux-6.12.7');
    expect(await errorOf(add(`tar:${folder}/evil.tar`))).toMatchObject({
      code: 'TREE_BAD_TAR',
      blame: 'usage',
    });
    expect(kept()).toEqual([]);
  });

  test("from the network: its sum decides; a server that is gone is the machine's trouble", async () => {
    const bytes = readFileSync(makeTarball(folder));
    const sum = createHash('sha256').update(bytes).digest('hex');
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/linux.tar.xz' ? 200 : request.url === '/busy' ? 503 : 404);
      response.end(request.url === '/linux.tar.xz' ? bytes : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await add(`tar:${url}/linux.tar.xz#sha256=${sum}`)).value.sha256).toBe(sum);
    const other = 'f'.repeat(64);
    expect(await errorOf(add(`tar:${url}/linux.tar.xz#sha256=${other}`))).toMatchObject({
      code: 'TREE_HASH_MISMATCH',
    });
    expect(await errorOf(add(`tar:${url}/none#sha256=${other}`))).toMatchObject({ code: 'TREE_NO_TARBALL' });
    expect(await errorOf(add(`tar:${url}/busy#sha256=${other}`))).toMatchObject({
      code: 'TREE_OUT_OF_REACH',
      blame: 'machine',
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await add(`tar:${url}/linux.tar.xz#sha256=${sum}`)).value.sha256).toBe(sum);
    expect(await errorOf(add(`tar:${url}/more#sha256=${other}`))).toMatchObject({
      code: 'TREE_OUT_OF_REACH',
      blame: 'machine',
    });
  });
});

describe('git', () => {
  test('a clone is read and not touched; a branch that moved is followed', async () => {
    const clone = makeClone(path.join(folder, 'clone'));
    const before = listing(clone);
    const first = (await add(`git:${clone}#master`)).value;
    expect(first).toMatchObject({ version: '6.12.7', sha256: null });
    expect(listing(clone)).toEqual(before);
    expect(sh(folder, 'du', '-sk', first.gitDir)).toMatch(/^\d{1,3}\t/);
    const commit = change(clone, 'new.c', 'x\n', 'new');
    const second = (await add(`git:${clone}#master`)).value;
    expect(second.commit).toBe(commit);
    expect(second.gitDir).toBe(first.gitDir);
    expect(await listTrees()).toHaveLength(1);
  });

  test('a linked work tree, a shallow clone and a bare one', async () => {
    const clone = makeClone(path.join(folder, 'clone'));
    const commit = change(clone, 'new.c', 'x\n', 'new');
    sh(clone, 'git', 'worktree', 'add', '-q', '--detach', '../linked');
    sh(folder, 'git', 'clone', '-q', '--depth=1', `file://${clone}`, 'shallow');
    sh(folder, 'git', 'clone', '-q', '--bare', clone, 'bare.git');
    for (const name of ['linked', 'shallow', 'bare.git']) {
      expect((await add(`git:${folder}/${name}#HEAD`)).value.commit).toBe(commit);
    }
  });

  test('no such ref, no repository, no kernel, a partial clone', async () => {
    const clone = makeClone(path.join(folder, 'clone'));
    expect(await errorOf(add(`git:${clone}#v9.9`))).toMatchObject({
      code: 'TREE_UNKNOWN_REF',
      blame: 'usage',
    });
    expect(await errorOf(add(`git:${folder}/none#HEAD`))).toMatchObject({
      code: 'TREE_NO_CLONE',
      blame: 'usage',
    });
    change(clone, 'Makefile', 'all:\n', 'no kernel');
    expect(await errorOf(add(`git:${clone}#HEAD`))).toMatchObject({
      code: 'TREE_NOT_KERNEL',
      blame: 'usage',
    });
    sh(clone, 'git', 'config', 'remote.origin.promisor', 'true');
    expect(await errorOf(add(`git:${clone}#HEAD~1`))).toMatchObject({
      code: 'TREE_PARTIAL_CLONE',
      blame: 'usage',
    });
    expect(await listTrees()).toEqual([]);
  });

  test('a clone that was moved', async () => {
    const clone = makeClone(path.join(folder, 'clone'));
    await add(`git:${clone}#HEAD`);
    sh(folder, 'mv', 'clone', 'elsewhere');
    expect(await errorOf(add(`git:${clone}#HEAD`))).toMatchObject({ code: 'TREE_BROKEN', blame: 'machine' });
  });

  test('one commit from a URL, then without it', async () => {
    const clone = makeClone(path.join(folder, 'clone'));
    const old = sh(clone, 'git', 'rev-parse', 'HEAD').trim();
    change(clone, 'new.c', 'x\n', 'new');
    sh(clone, 'git', 'tag', '-a', '-m', 'tag', 'v6.12.7');
    const url = `file://${clone}`;
    const tree = (await add(`git:${url}#${old}`)).value;
    expect(tree).toMatchObject({ commit: old, version: '6.12.7' });
    expect((await add(`git:${url}#v6.12.7`)).value.gitDir).toBe(tree.gitDir);
    expect(await errorOf(add(`git:${url}#none`))).toMatchObject({ code: 'TREE_UNKNOWN_REF', blame: 'usage' });
    sh(folder, 'rm', '-r', 'clone');
    expect((await add(`git:${url}#${old}`)).value).toEqual(tree);
    expect(await errorOf(add(`git:${url}#none`))).toMatchObject({ code: 'TREE_NO_CLONE' });
    expect(await errorOf(add('git:http://127.0.0.1:1/linux.git#HEAD'))).toMatchObject({
      code: 'TREE_OUT_OF_REACH',
      blame: 'machine',
    });
  });
});

describe('ended in the middle', () => {
  test('SIGKILL, then a second start', async () => {
    makePackage(folder);
    // xz gives what it has and then stays: the import is in its middle when it is killed.
    fakeProgram(
      folder,
      'xz',
      `cat > /dev/null & /usr/bin/xz "$@" | head -c 4096; echo > ${folder}/there; wait; exec tail -f /dev/null`,
    );
    const child = startImport('debian:linux-source-6.12');
    await child.until(() => existsSync(path.join(folder, 'there')));
    child.kill();
    await child.ended;
    expect(kept().some((name) => name.includes('.half-'))).toBe(true);
    expect(await listTrees()).toEqual([]);
    sh(folder, 'rm', 'bin/xz');
    expect(treeOf((await add('debian:linux-source-6.12')).value)).toBe(expectedTree());
    expect(kept()).toEqual(['debian-linux-source-6.12']);
  });

  test('an abort leaves nothing', async () => {
    makePackage(folder);
    const controller = new AbortController();
    fakeProgram(folder, 'xz', 'exec tail -f /dev/null');
    const steps = importTree('debian:linux-source-6.12', { signal: controller.signal });
    const work = (async () => {
      for (;;) {
        const next = await steps.next();
        if (next.done) return;
        if (next.value.type === 'progress' && next.value.unit === 'B') controller.abort();
      }
    })();
    expect(await errorOf(work)).toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    expect(kept()).toEqual([]);
  });

  test('two at once: one imports, both have it', async () => {
    makePackage(folder);
    const [one, two] = await Promise.all([add('debian:linux-source-6.12'), add('debian:linux-source-6.12')]);
    expect(two.value).toEqual(one.value);
    expect(readFileSync(path.join(folder, 'apt-calls'), 'utf8').trim().split('\n')).toHaveLength(1);
  });
});

describe('registry', () => {
  test('show by source, by name and by commit; remove', async () => {
    const clone = makeClone(path.join(folder, 'clone'));
    change(clone, 'new.c', 'x\n', 'new');
    makePackage(folder);
    const deb = (await add('debian:linux-source-6.12')).value;
    await add(`git:${clone}#HEAD`);
    await add(`git:${clone}#HEAD~1`);
    expect((await listTrees()).map((tree) => tree.source)).toEqual([
      'debian:linux-source-6.12',
      `git:${clone}#HEAD`,
      `git:${clone}#HEAD~1`,
    ]);
    expect(await showTree('linux-source-6.12')).toMatchObject(deb);
    expect(await showTree(deb.commit.slice(0, 10))).toMatchObject(deb);
    expect(await errorOf(showTree('none'))).toMatchObject({ code: 'TREE_UNKNOWN', blame: 'usage' });
    const before = listing(clone);
    await removeTree(`git:${clone}#HEAD`);
    expect((await listTrees()).map((tree) => tree.source)).toEqual([
      'debian:linux-source-6.12',
      `git:${clone}#HEAD~1`,
    ]);
    await removeTree(`git:${clone}#HEAD~1`);
    await removeTree('debian:linux-source-6.12');
    expect(await listTrees()).toEqual([]);
    expect(kept()).toEqual([]);
    expect(listing(clone)).toEqual(before);
  });
});
