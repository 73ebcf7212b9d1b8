// SPDX-License-Identifier: MIT
/** vsock-load, compiled: static, as the machines have no libc. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { run } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { makeWhole } from '../../system/whole.ts';

const SOURCE = path.join(import.meta.dirname, 'guest-files', 'vsock-load.c');
const WORDS = ['-O2', '-Wall', '-static', '-pthread'];

/**
 * Compiled once for each source and compiler.
 * @returns the binary's path
 * @throws RespinError LOAD_BUILD_FAILED, TOOL_MISSING (machine), INTERRUPTED
 */
export async function provideLoad(signal: AbortSignal): Promise<string> {
  const { stdout: compiler } = await run('gcc', ['--version'], { signal });
  const key = createHash('sha256')
    .update(`${compiler}\n${WORDS.join(' ')}\n${await readFile(SOURCE, 'utf8')}`)
    .digest('hex')
    .slice(0, 32);
  const folder = cachePath('programs', key);
  await makeWhole(folder, async (half) => await compile(path.join(half, 'vsock-load'), signal), { signal });
  return path.join(folder, 'vsock-load');
}

async function compile(target: string, signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await run('gcc', [...WORDS, '-o', target, SOURCE], { signal });
  if (exitCode === 0) return;
  throw new RespinError({
    code: 'LOAD_BUILD_FAILED',
    blame: 'machine',
    message: 'the load generator cannot be compiled',
    hint: 'is libc6-dev installed, with its static library?',
    detail: stderr,
  });
}
