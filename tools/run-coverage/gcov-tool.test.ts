// SPDX-License-Identifier: MIT
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findGcov, versionIn } from './gcov-tool.ts';

const COMPILER = 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0';
const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-gcov-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function tool(name: string, says: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\necho '${says}'\n`);
  await chmod(file, 0o755);
  return file;
}

it('reads the version, not the package', () => {
  expect(versionIn(COMPILER)).toBe('12.2.0');
  expect(versionIn('gcov (GCC) 14.2')).toBe('14.2');
  expect(versionIn('gcov')).toBeNull();
});

it('takes the one of the compiler, wherever it is', async () => {
  const other = await tool('gcov', 'gcov (Debian 14.2.0-19) 14.2.0');
  const right = await tool('gcov-12', 'gcov (Debian 12.2.0-14+deb12u1) 12.2.0');
  expect(await findGcov(COMPILER, signal, [path.join(folder, 'none'), other, right])).toEqual({
    ...{ command: right, version: '12.2.0' },
  });
});

it('says which version is there', async () => {
  const other = await tool('gcov', 'gcov (Debian 14.2.0-19) 14.2.0');
  await expect(findGcov(COMPILER, signal, [other])).rejects.toMatchObject({
    ...{ code: 'GCOV_VERSION', blame: 'machine' },
    message: expect.stringContaining('gcov is 14.2.0'),
  });
});

it('says that none is there', async () => {
  await expect(findGcov(COMPILER, signal, [path.join(folder, 'none')])).rejects.toMatchObject({
    ...{ code: 'GCOV_MISSING', blame: 'machine', hint: 'it is a part of gcc: apt-get install gcc' },
  });
});
