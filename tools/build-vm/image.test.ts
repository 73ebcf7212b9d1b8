// SPDX-License-Identifier: MIT
import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guestImage, type RootEntry, stageHostRoot } from './image.ts';
import { newc } from './newc.ts';
import { parseLoaderList, sharedLibraries } from './shared-libraries.ts';

let folder: string;
let program: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-image-'));
  program = path.join(folder, 'program');
  await writeFile(program, 'binary', { mode: 0o755 });
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const entries = (): RootEntry[] => [
  { path: '/bin/program', from: program, mode: 0o755 },
  { path: '/bin/private', from: program, mode: 0o500 },
  { path: '/proc', dir: true, mode: 0o555 },
  { path: '/sbin', symlink: 'bin' },
  { path: '/etc/hosts', text: '127.0.0.1 host\n', mode: 0o644 },
];

describe('guestImage', () => {
  test('holds the entries and the folders above them', async () => {
    const out = path.join(folder, 'initrd');
    await guestImage(
      [...entries(), { path: '/dev/console', device: 'char', mode: 0o600, major: 5, minor: 1 }],
      out,
    );
    const expected = newc([
      { path: 'bin', type: 'dir', mode: 0o755 },
      { path: 'bin/program', type: 'file', mode: 0o755, data: Buffer.from('binary') },
      { path: 'bin/private', type: 'file', mode: 0o500, data: Buffer.from('binary') },
      { path: 'dev', type: 'dir', mode: 0o755 },
      { path: 'dev/console', type: 'device', kind: 'char', mode: 0o600, major: 5, minor: 1 },
      { path: 'etc', type: 'dir', mode: 0o755 },
      { path: 'etc/hosts', type: 'file', mode: 0o644, data: Buffer.from('127.0.0.1 host\n') },
      { path: 'proc', type: 'dir', mode: 0o555 },
      { path: 'sbin', type: 'symlink', target: 'bin' },
    ]);
    expect(await readFile(out)).toEqual(Buffer.from(expected));
  });

  test('gzip holds the same, without a time', async () => {
    const [plain, packed] = [path.join(folder, 'initrd'), path.join(folder, 'initrd.gz')];
    await guestImage(entries(), plain);
    await guestImage(entries(), packed, { gzip: true });
    const bytes = await readFile(packed);
    expect(gunzipSync(bytes)).toEqual(await readFile(plain));
    expect([...bytes.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });

  test('says which file is missing', async () => {
    const gone = [{ path: '/x', from: path.join(folder, 'gone'), mode: 0o755 }];
    const error = { code: 'FILE_MISSING', blame: 'machine', message: expect.stringContaining('gone') };
    await expect(guestImage(gone, path.join(folder, 'out'))).rejects.toMatchObject(error);
    await expect(stageHostRoot(gone, path.join(folder, 'root'))).rejects.toMatchObject(error);
  });
});

describe('stageHostRoot', () => {
  test('lays them out; a file with the right mode is linked, another copied and the original kept', async () => {
    const root = path.join(folder, 'root');
    await stageHostRoot(entries(), root);
    expect((await readdir(root)).sort()).toEqual(['bin', 'etc', 'proc', 'sbin']);
    expect(await readlink(path.join(root, 'sbin'))).toBe('bin');
    expect(await readFile(path.join(root, 'etc', 'hosts'), 'utf8')).toBe('127.0.0.1 host\n');
    const inode = (await stat(program)).ino;
    expect((await stat(path.join(root, 'bin', 'program'))).ino).toBe(inode);
    const copied = await stat(path.join(root, 'bin', 'private'));
    expect(copied.ino).not.toBe(inode);
    expect(copied.mode & 0o7777).toBe(0o500);
    expect((await stat(program)).mode & 0o7777).toBe(0o755);
    expect((await stat(path.join(root, 'proc'))).mode & 0o7777).toBe(0o555);
  });

  test('a symlink given as source becomes the file it names', async () => {
    const name = path.join(folder, 'lib.so.1');
    await symlink('program', name);
    const root = path.join(folder, 'root');
    await stageHostRoot([{ path: '/lib.so.1', from: name, mode: 0o755 }], root);
    expect((await lstat(path.join(root, 'lib.so.1'))).isFile()).toBe(true);
  });

  test.each<[string, RootEntry[]]>([
    ['../out', [{ path: '../out', text: '', mode: 0o644 }]],
    [
      'no folder',
      [
        { path: '/lib', symlink: '/etc' },
        { path: '/lib/x', text: '', mode: 0o644 },
      ],
    ],
    [
      'twice',
      [
        { path: '/a', dir: true },
        { path: 'a', symlink: 'b' },
      ],
    ],
  ])('refuses what would be written elsewhere: %s', async (why, given) => {
    await expect(stageHostRoot(given, path.join(folder, 'root'))).rejects.toThrow(why);
    expect(await readdir(path.join(folder, 'root')).catch(() => [])).toEqual([]);
  });
});

describe('sharedLibraries', () => {
  test('reads the forms the loader prints', () => {
    const text = [
      '\tlinux-vdso.so.1 (0x00007ffd0a1c6000)',
      '\tlibpixman-1.so.0 => /tmp/q/usr/lib/libpixman-1.so.0 (0x00007f1b3e400000)',
      '\tlibgone.so.2 => not found',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f1b3f0c5000)',
      '',
    ].join('\n');
    expect(parseLoaderList(text)).toEqual({
      paths: ['/lib64/ld-linux-x86-64.so.2', '/tmp/q/usr/lib/libpixman-1.so.0'],
      missing: ['libgone.so.2'],
    });
  });

  test('finds the libraries of a real program, and the loader', async () => {
    const found = await sharedLibraries('/bin/sh');
    expect(found.some((name) => /\/libc\.so\.6$/.test(name))).toBe(true);
    expect(found.some((name) => /\/ld-linux/.test(name))).toBe(true);
    for (const name of found) expect((await stat(name)).isFile()).toBe(true);
  });

  test('what is no program at all needs none', async () => {
    await writeFile(program, '#!/bin/sh\n', { mode: 0o755 });
    expect(await sharedLibraries(program)).toEqual([]);
  });
});
