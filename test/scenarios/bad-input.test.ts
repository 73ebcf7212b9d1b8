// SPDX-License-Identifier: MIT
/** Series and trees that are no good: what respin says, whom it blames, and that nothing is lost. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listing } from '../../kernel-tree/fixtures.ts';
import {
  edit,
  expectError,
  type FakeTree,
  fakeProgram,
  fakeTree,
  makeWorld,
  sh,
  type World,
} from './world.ts';

let world: World;
let tree: FakeTree;

beforeEach(async () => {
  world = await makeWorld();
  tree = fakeTree(world);
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const apply = (series: string): string[] => ['apply', series, '--tree', tree.source];
const line = (number: number, text: string) => (file: string) =>
  file.replace(`int statement_${number};\n`, `${text}\n`);

/** Two patches as mails in `good/`, and the tree back at its base. */
function twoPatches(): [string, string] {
  tree.commit('net: forty', { 'net/long.c': line(40, 'int forty;') });
  tree.commit('net: fifty', { 'net/long.c': line(50, 'int fifty;') });
  const mails = tree.mails('good');
  tree.reset();
  return mails as [string, string];
}

test('a good series, to know that the rest fails for its own reason', async () => {
  twoPatches();
  const { status, stdout } = await world.respin(...apply('good'), '--json');
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as { patches: unknown[] }).patches).toHaveLength(2);
});

describe('a patch that does not apply', () => {
  test('is named with file, hunk, what was expected and the nearest match; nothing is left', async () => {
    tree.commit('net: other', {
      'net/long.c': (text) => line(39, 'int other;')(`/* a */\n/* b */\n${text}`),
    });
    const from = tree.commit('net: more', { 'net/long.c': line(41, 'int more;') });
    tree.commit('net: forty', { 'net/long.c': line(40, 'int forty;') });
    const [mail = ''] = tree.mails('series', from, '--no-base');
    edit(mail, (text) => text.replace(/^index .*\n/m, ''));
    tree.reset();
    const before = listing(tree.folder);
    const said = await expectError(world, apply('series'), {
      code: 'PATCH_DOES_NOT_APPLY',
      exit: 1,
      message: /patch 1\/1 "net: forty" does not apply .*net\/long\.c, hunk @@ -39,7 \+39,7 @@/,
      hint: /rebase|--tree/,
      detail: /nearest match: line 37, where \d of its 7 lines stand/,
    });
    expect(said).toMatch(/\+ ?int forty;/);
    expect(listing(tree.folder)).toEqual(before);
  });

  test('is for another tree', async () => {
    const from = tree.commit('fs: two files', { 'fs/a.c': () => 'int a;\n', 'fs/b.c': () => 'int b;\n' });
    tree.commit('fs: change both', { 'fs/a.c': () => 'int aa;\n', 'fs/b.c': () => 'int bb;\n' });
    tree.mails('series', from);
    tree.reset();
    await expectError(world, apply('series'), {
      code: 'WRONG_TREE',
      exit: 1,
      message: /2 of the 2 files/,
      detail: /not there: fs\/a\.c/,
    });
  });

  test('is there already', async () => {
    twoPatches();
    sh(
      tree.folder,
      'git',
      'am',
      '-q',
      ...tree.mails('none').slice(1),
      path.join(world.folder, 'good/0001-net-forty.patch'),
    );
    const source = `git:${tree.folder}#HEAD`;
    await expectError(world, ['apply', 'good', '--tree', source], {
      code: 'ALREADY_APPLIED',
      exit: 1,
      message: /1 of 2 patches/,
      detail: 'already there: patch 1/2 "net: forty"',
    });
  });
});

describe('a mail that was damaged on its way', () => {
  test.each<[string, (text: string) => string, string]>([
    ['cut in a hunk', (text) => text.slice(0, text.indexOf('+int forty;') + 5), 'PATCH_TRUNCATED'],
    ['cut before the diff', (text) => text.slice(0, text.indexOf('diff --git')), 'PATCH_(TRUNCATED|EMPTY)'],
    [
      'HTML',
      (text) =>
        text.replace(
          /\n\n([\s\S]*)$/,
          '\nMIME-Version: 1.0\nContent-Type: text/html; charset=UTF-8\n\n<html><body><pre>\n$1</pre></body></html>\n',
        ),
      'MAIL_HTML',
    ],
    [
      'format=flowed, with a blank before every line',
      (text) =>
        text
          .replace('\n\n', '\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8; format=flowed\n\n')
          .replace(/^ (int|\/\*)/gm, '  $1'),
      'MAIL_DAMAGED',
    ],
    [
      'its lines re-wrapped',
      (text) => text.replace('-int statement_40;', '-int\nstatement_40;'),
      'PATCH_|MAIL_',
    ],
    ['CRLF in some of its lines', (text) => text.replace(/^(diff --git .*|@@ .*)$/gm, '$1\r'), 'MAIL_CRLF'],
    ['no From line', (text) => text.replace(/^From: .*\n/m, ''), 'MAIL_HEADERS'],
    ['only headers', (text) => text.slice(0, text.indexOf('\n\n') + 1), 'PATCH_TRUNCATED'],
    ['not a mail at all', () => '\x00\x01\x02 nothing of the kind\n', 'MAIL_|SERIES_EMPTY|PATCH_'],
  ])('%s', async (_, change, code) => {
    const [first] = twoPatches();
    edit(first, change);
    const { status, stdout, stderr } = await world.respin(...apply('good'), '--json');
    expect(status, stderr).toBe(1);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect(error.code).toMatch(new RegExp(`^(?:${code})`));
    expect(error.message).toContain('0001-net-forty.patch');
    await expectError(world, apply('good'), { code: error.code, exit: 1 });
  });

  test('CRLF line ends of the mail as a whole are the mailer’s and no harm', async () => {
    for (const mail of twoPatches()) edit(mail, (text) => text.replaceAll('\n', '\r\n'));
    const { status, stdout, stderr } = await world.respin(...apply('good'), '--json');
    expect(status, stderr).toBe(0);
    const { commit, tree: base } = JSON.parse(stdout) as { commit: string; tree: { gitDir: string } };
    const diff = execFileSync('git', ['--git-dir', base.gitDir, 'show', commit], { encoding: 'utf8' });
    expect(diff).toContain('+int fifty;\n');
    expect(diff).not.toContain('\r');
  });

  test('a binary file without its data', async () => {
    tree.commit('logo', { 'logo.bin': () => '\0\x01\x02' });
    tree.mails('series', tree.base, '--no-binary');
    tree.reset();
    await expectError(world, apply('series'), {
      code: 'PATCH_BINARY',
      exit: 1,
      message: /logo\.bin/,
      hint: /--binary/,
    });
  });
});

describe('a hostile patch', () => {
  test.each([
    ['../escape.c', '../escape.c'],
    ['net/../../escape.c', 'net/../../escape.c'],
    ['.git/hooks/post-checkout', '.git/hooks/post-checkout'],
    ['.GIT/config', '.GIT/config'],
    ['an absolute path', '/tmp/respin-escape.c'],
  ])('that writes to %s', async (_, name) => {
    const [first] = twoPatches();
    edit(first, (text) =>
      text.replaceAll('a/net/long.c', `a/${name}`).replaceAll('b/net/long.c', `b/${name}`),
    );
    const before = listing(tree.folder);
    await expectError(world, apply('good'), { code: 'PATCH_PATH_UNSAFE', exit: 1, hint: /read it/ });
    expect(existsSync(path.join(world.folder, 'escape.c'))).toBe(false);
    expect(listing(tree.folder)).toEqual(before);
  });

  test('that goes through a symlink of its own, or of an earlier patch', async () => {
    const target = path.join(world.folder, 'outside');
    mkdirSync(target);
    sh(tree.folder, 'ln', '-s', target, 'net/link');
    sh(tree.folder, 'git', 'add', '-f', 'net/link');
    sh(tree.folder, 'git', 'commit', '-q', '-m', 'net: a link out of the tree');
    tree.mails('link');
    tree.reset();
    await expectError(world, apply('link'), { code: 'PATCH_PATH_UNSAFE', exit: 1, message: /symlink/ });

    sh(tree.folder, 'ln', '-s', '../include', 'net/link');
    sh(tree.folder, 'git', 'add', '-f', 'net/link');
    sh(tree.folder, 'git', 'commit', '-q', '-m', 'net: a link in the tree');
    tree.commit('net: a file', { 'net/linked/x.h': () => '#define X 1\n' });
    const mails = tree.mails('through');
    edit(mails[1] ?? '', (text) => text.replaceAll('net/linked/', 'net/link/'));
    tree.reset();
    await expectError(world, apply('through'), {
      code: 'PATCH_PATH_UNSAFE',
      exit: 1,
      message: /behind the symlink "net\/link"/,
    });
  });

  test('whose subject, author and file names are full of escapes: nothing raw reaches the terminal', async () => {
    const evil = '\x1b]0;owned\x07\x1b[2J\x1b[31m';
    const [first] = twoPatches();
    edit(first, (text) =>
      text
        .replace(/^Subject: .*$/m, `Subject: [PATCH 1/2] net: ${evil}forty`)
        .replace(/^From: .*$/m, `From: Ann${evil} <ann@example.org>`),
    );
    const good = await world.respin(...apply('good'));
    expect(good.status, good.stderr).toBe(0);
    for (const text of [good.stdout, good.stderr]) {
      expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
    }
    edit(first, (text) =>
      // Without the blob's id git cannot find the file under its other name.
      text
        .replace(/^index .*\n/m, '')
        .replaceAll('a/net/long.c', '"a/net/\\033[2J.c"')
        .replaceAll('b/net/long.c', '"b/net/\\033[2J.c"'),
    );
    const { status, stderr, stdout } = await world.respin(...apply('good'), '-v');
    expect(status, stderr).toBe(1);
    expect(stderr + stdout).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
    expect(stderr).toContain('\\x1b[2J');
  });
});

describe('a series that is not whole', () => {
  test('has no mails', async () => {
    mkdirSync(path.join(world.folder, 'empty'));
    const { status, stderr } = await world.respin(...apply('empty'));
    expect(stderr).toContain('error[SERIES_EMPTY]: ');
    expect(status).toBe(1);
    writeFileSync(path.join(world.folder, 'empty.mbox'), '');
    expect((await world.respin(...apply('empty.mbox'))).stderr).toContain('error[SERIES_EMPTY]: ');
  });

  test('is an empty git range', async () => {
    const { status, stderr } = await world.respin(...apply(`git:${tree.folder}#HEAD..HEAD`));
    expect(stderr).toContain('error[SERIES_EMPTY]: ');
    expect(status).toBe(1);
  });

  test('lacks a patch', async () => {
    twoPatches();
    tree.commit('net: thirty', { 'net/long.c': line(30, 'int thirty;') });
    tree.commit('net: forty', { 'net/long.c': line(40, 'int forty;') });
    tree.commit('net: fifty', { 'net/long.c': line(50, 'int fifty;') });
    const mails = tree.mails('three');
    sh(world.folder, 'rm', mails[1] ?? '');
    tree.reset();
    await expectError(world, apply('three'), { code: 'SERIES_INCOMPLETE', exit: 1, message: /2/ });
  });

  test('mixes two versions', async () => {
    twoPatches();
    tree.commit('net: forty', { 'net/long.c': line(40, 'int forty;') });
    tree.commit('net: fifty', { 'net/long.c': line(50, 'int fifty_two;') });
    const v2 = tree.mails('v2', tree.base, '-v2');
    sh(world.folder, 'cp', v2[1] ?? '', 'good/0003-v2.patch');
    tree.reset();
    const { status, stderr } = await world.respin(...apply('good'));
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/error\[SERIES_(MIXED|DUPLICATE|INCOMPLETE)\]: /);
  });

  test('is not there, or has no such version', async () => {
    await expectError(world, apply('nowhere'), { code: 'SERIES_UNKNOWN', exit: 2 });
    await expectError(world, [...apply('vsock-rx-buffers'), '--version', 'v99'], {
      code: 'SERIES_VERSION',
      exit: 2,
      hint: /v1/,
    });
  });
});

describe('a tree that is no good', () => {
  const add = (source: string): string[] => ['tree', 'add', source];
  const nothingKept = async (): Promise<void> => {
    expect(JSON.parse((await world.respin('tree', 'list', '--json')).stdout)).toEqual([]);
  };

  test('is not a kernel', async () => {
    const repo = path.join(world.folder, 'other');
    mkdirSync(repo);
    writeFileSync(path.join(repo, 'README'), 'hello\n');
    sh(repo, 'git', 'init', '-q');
    sh(repo, 'git', 'add', '-A');
    sh(repo, 'git', 'commit', '-q', '-m', 'hello');
    await expectError(world, add(`git:${repo}#HEAD`), { code: 'TREE_NOT_KERNEL', exit: 2, hint: /debian:/ });
    sh(world.folder, 'tar', '-cJf', 'other.tar.xz', 'other/README');
    await expectError(world, add('tar:other.tar.xz'), { code: 'TREE_NOT_KERNEL', exit: 2 });
    await nothingKept();
  });

  test.each<[string, () => string, string, 2 | 3]>([
    ['an unknown ref', () => `git:${tree.folder}#no-such-branch`, 'TREE_UNKNOWN_REF', 2],
    ['no repository', () => `git:${world.folder}/config#HEAD`, 'TREE_NO_CLONE', 2],
    ['a word that is no source', () => 'linux-6.12', 'TREE_SOURCE', 2],
    ['a missing tarball', () => 'tar:nowhere.tar.xz', 'TREE_NO_TARBALL', 2],
  ])('%s', async (_, source, code, exit) => {
    await expectError(world, add(source()), { code, exit });
    await nothingKept();
  });

  test('a tarball that is none, that is cut, or is another than named', async () => {
    writeFileSync(
      path.join(world.folder, 'text.tar.xz'),
      'not a tarball, but a text long enough to look at\n'.repeat(40),
    );
    await expectError(world, add('tar:text.tar.xz'), { code: 'TREE_BAD_TAR', exit: 2 });

    sh(world.folder, 'tar', '-czf', 'whole.tar.gz', '--exclude=.git', 'linux');
    const whole = readFileSync(path.join(world.folder, 'whole.tar.gz'));
    writeFileSync(path.join(world.folder, 'cut.tar.gz'), whole.subarray(0, whole.length / 2));
    await expectError(world, add('tar:cut.tar.gz'), { code: 'TREE_BAD_TAR', exit: 2 });

    const sum = createHash('sha256').update(whole).digest('hex');
    await expectError(world, add(`tar:whole.tar.gz#sha256=${'0'.repeat(64)}`), {
      code: 'TREE_HASH_MISMATCH',
      exit: 2,
      detail: new RegExp(`wanted 0{64}\nfound  ${sum}`),
    });
    await nothingKept();
    expect(await world.respin('-q', ...add(`tar:whole.tar.gz#sha256=${sum}`))).toMatchObject({ status: 0 });
  });

  test('a package that nobody knows, and one that cannot be fetched', async () => {
    fakeProgram(world, 'apt-get', 'echo "E: Unable to locate package linux-source-9.9" >&2; exit 100');
    await expectError(world, add('debian:linux-source-9.9'), {
      code: 'TREE_NO_PACKAGE',
      exit: 3,
      hint: /fetched anew/,
    });
    fakeProgram(
      world,
      'apt-get',
      `echo "Err:1 http://archive.example.org sid/main amd64 linux-source
E: Failed to fetch http://archive.example.org/x.deb  Temporary failure resolving 'archive.example.org'" >&2; exit 100`,
    );
    await expectError(world, add('debian:linux-source-6.12'), {
      code: 'TREE_OUT_OF_REACH',
      exit: 3,
      hint: /network/,
      detail: /Temporary failure resolving/,
    });
    await nothingKept();
  });

  test('a server that is not there', async () => {
    // Port 9 of this machine: nobody listens there, and nothing leaves the machine.
    await expectError(world, add('git:https://127.0.0.1:9/linux.git#v6.12'), {
      code: 'TREE_OUT_OF_REACH',
      exit: 3,
    });
    await expectError(world, add(`tar:http://127.0.0.1:9/linux.tar.xz#sha256=${'0'.repeat(64)}`), {
      code: 'TREE_OUT_OF_REACH',
      exit: 3,
    });
    await nothingKept();
  });
});

describe("the user's clone", () => {
  test('stays as it is, byte for byte, with a dirty index and work tree', async () => {
    twoPatches();
    writeFileSync(path.join(tree.folder, 'net/x.c'), 'half an edit');
    sh(tree.folder, 'git', 'add', 'net/x.c');
    writeFileSync(path.join(tree.folder, 'net/y.c'), 'another');
    writeFileSync(path.join(tree.folder, 'untracked'), 'mine\n');
    sh(tree.folder, 'git', 'branch', 'topic');
    const dirty = listing(tree.folder);
    expect(await world.respin(...apply('good'))).toMatchObject({ status: 0 });
    const built = await world.respin('build', 'good', '--tree', `git:${tree.folder}#topic`);
    expect(built.status, built.stderr).toBe(0);
    expect(listing(tree.folder)).toEqual(dirty);
    // A range of it is read, too.
    sh(tree.folder, 'git', 'stash', '-q');
    tree.commit('net: a range', { 'net/long.c': line(30, 'int range;') });
    const range = listing(tree.folder);
    // Without a word on the tree: a range has its own base.
    const words = ['-C', 'linux', 'apply', 'topic..HEAD'];
    expect(await world.respin(...words)).toMatchObject({ status: 0 });
    expect(listing(tree.folder)).toEqual(range);
    sh(tree.folder, 'git', 'reset', '-q', '--hard', 'topic');
    sh(tree.folder, 'git', 'stash', 'pop', '-q', '--index');
    const before = listing(tree.folder);
    expect(await world.respin('tree', 'remove', tree.source)).toMatchObject({ status: 0 });
    expect(listing(tree.folder)).toEqual(before);
  });
});

test('a patch that does not compile: patch, hunk and line, and the next build goes on', async () => {
  tree.commit('net: nonsense', { 'net/y.c': (text) => text.replace('a * 2', 'a *') });
  tree.mails('bad');
  tree.reset();
  await expectError(world, ['build', 'bad', '--tree', tree.source], {
    code: 'BUILD_FAILED',
    exit: 1,
    message: /patch 1\/1 net: nonsense/,
    detail: /net\/y\.c:\d+: error: /,
  });
  const base = await world.respin('build', '--base', '--tree', tree.source);
  expect(base.status, base.stderr).toBe(0);
});
