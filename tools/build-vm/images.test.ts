// SPDX-License-Identifier: MIT
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
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

test('another firmware of the machine makes other images, the same gives the same', async () => {
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
  const qemu = {
    binary,
    version: '10.0.2',
    dataDirs: [data],
    libraryPath: [],
  } as unknown as ImageParts['qemu'];
  const stage = async (): Promise<string> => {
    const steps = stageImages({ host: kernel, guest: kernel, programs: {}, qemu });
    for (;;) {
      const next = await steps.next();
      if (next.done === true) return next.value.hostRoot;
    }
  };
  const first = await stage();
  expect(await stage()).toBe(first);
  await utimes(path.join(data, 'kvmvapic.bin'), 1, 1);
  expect(await stage()).not.toBe(first);
});
