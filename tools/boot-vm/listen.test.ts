// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { listenFor } from './listen.ts';

it('a listen that fails leaves no folder, and says what to do', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'respin-listen-'));
  // Long enough for the names it makes itself, too long for this one.
  const long = path.join(place, 'x'.repeat(75 - place.length));
  await mkdir(long);
  vi.stubEnv('TMPDIR', long);
  try {
    await expect(listenFor(['agent', 'y'.repeat(40)])).rejects.toMatchObject({
      code: 'TEMPORARY_FOLDER',
      blame: 'machine',
      message: expect.stringContaining(long),
      hint: expect.stringContaining('TMPDIR'),
    });
    expect(await readdir(long)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    await rm(place, { recursive: true });
  }
});
