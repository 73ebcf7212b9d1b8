// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { type BaseBoot, recallBase, rememberBase } from './base-proof.ts';

it('holds for the build that came up, in its mode and on its QEMU, and for no other', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'respin-proof-'));
  vi.stubEnv('XDG_STATE_HOME', home);
  try {
    const boot: BaseBoot = { host: 'a1', guest: 'a1', mode: 'tcg+svm', qemu: '10.0.2' };
    await rememberBase(boot);
    expect(recallBase(boot)).toBe(true);
    // Another configuration or compiler is another build.
    expect(recallBase({ ...boot, host: 'b2' })).toBe(false);
    expect(recallBase({ ...boot, guest: 'b2' })).toBe(false);
    expect(recallBase({ ...boot, mode: 'tcg+tcg' })).toBe(false);
    expect(recallBase({ ...boot, qemu: '7.2.0' })).toBe(false);
  } finally {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  }
});
