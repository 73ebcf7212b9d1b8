// SPDX-License-Identifier: MIT
import { chmod, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Build } from './build.ts';
import { findBusybox, type ImageParts, stageImages } from './images.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-images-'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('a busybox that needs libraries is no busybox for the machines', async () => {
  const missing = {
    code: 'BUSYBOX_MISSING',
    blame: 'machine',
    hint: expect.stringContaining('busybox-static'),
  };
  await expect(findBusybox(['/bin/sh'])).rejects.toMatchObject(missing);
  await expect(findBusybox(['/nowhere/busybox'])).rejects.toMatchObject(missing);
  const own = await findBusybox();
  expect(await findBusybox(['/nowhere/busybox', '/bin/sh', own])).toBe(own);
});

/** Parts without a kernel or a QEMU in them. */
async function smallParts(): Promise<ImageParts> {
  const file = async (name: string): Promise<string> => {
    await writeFile(path.join(folder, name), name);
    return path.join(folder, name);
  };
  const data = path.join(folder, 'data');
  await mkdir(data);
  for (const name of ['bios-256k.bin', 'kvmvapic.bin', 'linuxboot_dma.bin']) await file(`data/${name}`);
  const binary = await file('qemu');
  await writeFile(binary, '#!/bin/sh\n');
  await chmod(binary, 0o755);
  const kernel = { key: 'k', bzImage: await file('bzImage') } as Build;
  const qemu = { binary, version: '10.0.2', dataDirs: [data], libraryPath: [] };
  return { host: kernel, guest: kernel, programs: {}, qemu: qemu as unknown as ImageParts['qemu'] };
}

async function stage(parts: ImageParts): Promise<string> {
  const steps = stageImages(parts);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value.hostRoot;
  }
}

test('another firmware of the machine makes other images, the same gives the same', async () => {
  const parts = await smallParts();
  const first = await stage(parts);
  expect(await stage(parts)).toBe(first);
  await utimes(path.join(folder, 'data', 'kvmvapic.bin'), 1, 1);
  expect(await stage(parts)).not.toBe(first);
});

test('files of the machine are in both machines, and a changed one makes other images', async () => {
  const parts = await smallParts();
  const tool = path.join(folder, 'tool');
  await writeFile(tool, 'what the tool is made of');
  const files = { '/programs/tool': tool };
  const root = await stage({ ...parts, files });
  expect(await readFile(path.join(root, 'programs', 'tool'), 'utf8')).toBe('what the tool is made of');
  expect((await stat(path.join(root, 'programs', 'tool'))).mode & 0o777).toBe(0o755);
  expect(await readFile(path.join(root, 'boot', 'guest.cpio'), 'latin1')).toContain(
    'what the tool is made of',
  );
  expect(await stage(parts)).not.toBe(root);
  await utimes(tool, 1, 1);
  expect(await stage({ ...parts, files })).not.toBe(root);
});

test('a library that QEMU needs as well is QEMU’s in the host', async () => {
  const parts = await smallParts();
  const qemu = { ...parts.qemu, binary: '/bin/sh' };
  const own = path.join(folder, 'libc.so.6');
  await writeFile(own, 'another libc');
  const root = await stage({ ...parts, qemu, files: { '/lib/libc.so.6': own } });
  expect(await readFile(path.join(root, 'lib', 'libc.so.6'), 'latin1')).toMatch(/^\x7fELF/);
  expect(await readFile(path.join(root, 'boot', 'guest.cpio'), 'latin1')).toContain('another libc');
});
