// SPDX-License-Identifier: MIT
/** What a program takes: time and memory. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  ms: number;
  /** The most memory it had at one time, in bytes; not a number when it ended before it was looked at. */
  peak: number;
  stdout: string;
}

/** @throws Error when it does not exit with 0 */
export async function measured(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let peak = Number.NaN;
  // The kernel keeps the maximum; it is gone with the process, so it is read while that lives.
  const watch = setInterval(() => {
    peak = peakOf(child.pid) ?? peak;
  }, 20);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(watch);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
  return { ms: performance.now() - started, peak, stdout };
}

/** VmHWM: the largest resident set so far. */
function peakOf(pid: number | undefined): number | null {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  }
}
