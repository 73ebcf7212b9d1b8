// SPDX-License-Identifier: MIT
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onPath } from './on-path.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-path-'));
  for (const name of ['a', 'b', 'c']) await mkdir(path.join(folder, name));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('finds what a shell would start: a file that may be run, in the first folder that has one', async () => {
  await mkdir(path.join(folder, 'a', 'tool'));
  await writeFile(path.join(folder, 'b', 'tool'), '');
  await writeFile(path.join(folder, 'c', 'tool'), '');
  await chmod(path.join(folder, 'c', 'tool'), 0o755);
  const folders = ['nowhere', 'a', 'b', 'c'].map((name) => path.join(folder, name));
  vi.stubEnv('PATH', folders.join(':'));
  expect(await onPath('tool')).toBe(path.join(folder, 'c', 'tool'));
  expect(await onPath('other')).toBeNull();
  vi.stubEnv('PATH', `:${path.relative(process.cwd(), path.join(folder, 'c'))}`);
  expect(await onPath('tool')).toBeNull();
});
