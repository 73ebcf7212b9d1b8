// SPDX-License-Identifier: MIT
/** gcc's gcov: it must be that of the compiler, whose notes files have a format of their own in each version. */
import { RespinError } from '../../core/errors.ts';
import { run } from '../../system/exec.ts';

export interface GcovTool {
  /** `gcov`, or `gcov-12`. */
  command: string;
  /** `12.2.0` */
  version: string;
}

/**
 * The gcov that fits a compiler: `gcov`, else the one with the compiler's number behind it.
 * @param compiler as the `.config` names it: `gcc (Debian 12.2.0-14+deb12u1) 12.2.0`
 * @throws RespinError GCOV_MISSING, GCOV_VERSION (machine), INTERRUPTED
 */
export async function findGcov(
  compiler: string,
  signal: AbortSignal,
  names?: readonly string[],
): Promise<GcovTool> {
  const wanted = versionIn(compiler);
  const found: string[] = [];
  for (const command of names ?? ['gcov', ...(wanted === null ? [] : [`gcov-${wanted.split('.')[0]}`])]) {
    const version = await versionOf(command, signal);
    if (version === null) continue;
    if (version === wanted) return { command, version };
    found.push(`${command} is ${version}`);
  }
  if (found.length === 0) {
    throw new RespinError({
      code: 'GCOV_MISSING',
      blame: 'machine',
      message: 'gcov is not there: the counters of a kernel cannot be read without it',
      hint: 'it is a part of gcc: apt-get install gcc',
    });
  }
  throw new RespinError({
    code: 'GCOV_VERSION',
    blame: 'machine',
    message: `gcov is another version than the compiler: ${found.join(', ')}, the kernel is built with ${compiler}`,
    hint: `put the gcov of gcc ${wanted ?? ''} first in PATH`,
  });
}

/** The number at the end of what `--version` says first; a distribution puts its own in brackets before it. */
export function versionIn(line: string): string | null {
  return /(\d+\.\d+(?:\.\d+)?)\s*$/.exec(line.trim())?.[1] ?? null;
}

async function versionOf(command: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { exitCode, stdout } = await run(command, ['--version'], { signal });
    return exitCode === 0 ? versionIn(stdout.split('\n')[0] ?? '') : null;
  } catch (error) {
    if (error instanceof RespinError && error.code === 'TOOL_MISSING') return null;
    throw error;
  }
}
