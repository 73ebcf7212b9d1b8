// SPDX-License-Identifier: MIT
/** respin's own C programs, compiled static: the machines have no libc. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { run } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { makeWhole } from '../../system/whole.ts';

const WORDS = ['-O2', '-Wall', '-static', '-pthread'];

export interface StaticProgram {
  name: string;
  /** Absolute paths of the C files that are compiled, and of the headers they share. */
  sources: readonly string[];
  headers?: readonly string[];
}

/**
 * Compiled once for each content and compiler.
 * @returns the binary's path
 * @throws RespinError OWN_BUILD_FAILED, TOOL_MISSING (machine), INTERRUPTED
 */
export async function provideStatic(program: StaticProgram, signal: AbortSignal): Promise<string> {
  const { name, sources, headers = [] } = program;
  const { stdout: compiler } = await run('gcc', ['--version'], { signal });
  const hash = createHash('sha256').update(`${compiler}\n${WORDS.join(' ')}\n${name}\n`);
  for (const file of [...sources, ...headers]) hash.update(`${await readFile(file, 'utf8')}\0`);
  const folder = cachePath('programs', hash.digest('hex').slice(0, 32));
  await makeWhole(
    folder,
    async (half) => {
      const words = [...WORDS, '-o', path.join(half, name), ...sources];
      const { exitCode, stderr } = await run('gcc', words, { signal });
      if (exitCode === 0) return;
      throw new RespinError({
        code: 'OWN_BUILD_FAILED',
        blame: 'machine',
        message: `${name}, a program of respin's own, cannot be compiled`,
        hint: 'is libc6-dev installed, with its static library?',
        detail: stderr,
      });
    },
    { signal },
  );
  return path.join(folder, name);
}
