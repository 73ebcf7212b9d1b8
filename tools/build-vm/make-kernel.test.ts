// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { runOk } from '../../system/exec.ts';
import { onPath } from '../../system/on-path.ts';
import { buildEnvironment } from './make-kernel.ts';

// As arch/x86/boot/compressed/piggy.S has the kernel in it.
it.skipIf((await onPath('ccache')) === null)('what a source includes as bytes is not cached', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-incbin-'));
  vi.stubEnv('CCACHE_DIR', path.join(folder, 'ccache'));
  // As a user may have it for builds of other kinds.
  vi.stubEnv('CCACHE_DEPEND', '1');
  try {
    const { env, cc } = await buildEnvironment({ sourceDir: folder, buildDir: folder });
    expect(cc).toBe('ccache gcc');
    await writeFile(path.join(folder, 'piggy.S'), '.section .rodata,"a"\n.incbin "kernel.bin"\n');
    for (const kernel of ['the first one', 'another one.']) {
      await writeFile(path.join(folder, 'kernel.bin'), kernel);
      const words = ['gcc', '-Wp,-MMD,piggy.d', '-c', '-o', 'piggy.o', 'piggy.S'];
      await runOk('ccache', words, { cwd: folder, env });
      expect((await readFile(path.join(folder, 'piggy.o'))).includes(kernel), kernel).toBe(true);
    }
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});
