// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listenOn, temporaryFolder } from './temporary-folder.ts';

let place = '';
beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'respin-temporary-'));
  vi.stubEnv('TMPDIR', place);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true, force: true });
});

/** Another process that has such a folder; gives its path. */
async function another(): Promise<{ folder: string; kill: () => Promise<void> }> {
  const module = JSON.stringify(path.join(import.meta.dirname, 'temporary-folder.ts'));
  const code = `const { temporaryFolder } = await import(${module});
    console.log((await temporaryFolder()).path);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const folder = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk).trim())),
  );
  return {
    folder,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

it('is gone when disposed of', async () => {
  {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'x'), '');
  }
  expect(await readdir(place)).toEqual([]);
});

it('removes what a killed process left, and nothing of one that lives', async () => {
  const [killed, living] = [await another(), await another()];
  try {
    await killed.kill();
    expect(existsSync(killed.folder)).toBe(true);
    await using own = await temporaryFolder();
    await using second = await temporaryFolder();
    const left = [living.folder, own.path, second.path].map((folder) => path.basename(folder));
    expect((await readdir(place)).sort()).toEqual(left.sort());
  } finally {
    await living.kill();
  }
});

it('a folder without its socket is let be for a minute; others are not looked at', async () => {
  for (const name of ['respin-vm-new', 'respin-vm-old', 'respin-other']) await mkdir(path.join(place, name));
  await writeFile(path.join(place, 'respin-vm-file'), '');
  for (const name of await readdir(place))
    if (name !== 'respin-vm-new') await utimes(path.join(place, name), 1, 1);
  await (await temporaryFolder())[Symbol.asyncDispose]();
  expect((await readdir(place)).sort()).toEqual(['respin-other', 'respin-vm-file', 'respin-vm-new']);
});

it('a TMPDIR that is not there, or whose path is too long, is the machine’s trouble', async () => {
  const trouble = { code: 'TEMPORARY_FOLDER', blame: 'machine', hint: expect.stringContaining('TMPDIR') };
  vi.stubEnv('TMPDIR', path.join(place, 'nowhere'));
  await expect(temporaryFolder()).rejects.toMatchObject(trouble);
  const long = path.join(place, 'x'.repeat(100));
  await mkdir(long);
  vi.stubEnv('TMPDIR', long);
  await expect(temporaryFolder()).rejects.toMatchObject(trouble);
  expect(await readdir(long)).toEqual([]);
  await expect(listenOn(createServer(), path.join(long, 'socket'))).rejects.toMatchObject(trouble);
});
