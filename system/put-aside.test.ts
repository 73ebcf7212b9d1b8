// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PutAside } from './put-aside.ts';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'respin-put-aside-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

it('gives back what was put aside, in any order and more than once', async () => {
  using aside = await PutAside.make();
  const parts = ['one', '', 'ünd', 'x'.repeat(100_000)].map((text) => Buffer.from(text));
  const back = parts.map((part) => aside.add(part));
  for (const at of [3, 0, 2, 1, 3])
    expect(Buffer.from(back[at]?.() ?? '').equals(parts[at] as Buffer)).toBe(true);
});

it('leaves no file behind, even while it is used', async () => {
  using aside = await PutAside.make();
  aside.add(Buffer.from('one'));
  expect(readdirSync(path.join(cache, 'respin/put-aside'))).toEqual([]);
});
