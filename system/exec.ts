// SPDX-License-Identifier: MIT
/** Running other programs. Nothing started here outlives respin, nor what it started itself. */
import { interrupted, RespinError } from '../core/errors.ts';
import { CLEAN_ENVIRONMENT, endGuarded, guarded, startError, toolMissing, whileRunning } from './guard.ts';

export interface RunOptions {
  cwd?: string;
  /** Added to the environment. */
  env?: Record<string, string | undefined>;
  /** Fed to stdin; without it stdin is empty. */
  input?: string | Uint8Array;
  signal?: AbortSignal;
  /** Milliseconds; none by default. */
  timeout?: number;
  /** Called for each line of stdout and stderr as it comes. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface RunResult {
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  /** Wall-clock milliseconds. */
  ms: number;
}

/**
 * Runs a program to its end and gives what it printed, whatever its exit status.
 * @throws RespinError TOOL_MISSING when there is no such program, INTERRUPTED when `signal` fired
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  // 130 files, which a command that runs no program need not wait for.
  const { execa } = await import('execa');
  const started = performance.now();
  if (options.signal?.aborted) throw interrupted();
  const { input } = options;
  const child = execa(...guarded(command, args), {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...CLEAN_ENVIRONMENT, ...options.env },
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 256 * 1024 * 1024,
    // The guard ends the program; a signal to the guard alone would leave it running.
    ...{ detached: true, cleanup: false },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', 'pipe'],
    buffer: { fd3: false },
    ...(input === undefined ? {} : { input }),
  });
  const stop = (): void => endGuarded(child);
  options.signal?.addEventListener('abort', stop, { once: true });
  const timer = options.timeout === undefined ? undefined : setTimeout(stop, options.timeout);
  const lines: Promise<void>[] = [];
  if (options.onLine) {
    const { onLine } = options;
    lines.push(forEachLine(child.iterable({ from: 'stdout' }), (line) => onLine(line, 'stdout')));
    lines.push(forEachLine(child.iterable({ from: 'stderr' }), (line) => onLine(line, 'stderr')));
  }
  const result = await whileRunning(child);
  // No line may come after the end has been told.
  await Promise.all(lines);
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', stop);
  if (options.signal?.aborted) throw interrupted();
  const stderr = String(result.stderr ?? '');
  if (result.exitCode === undefined && 'code' in result && result.code === 'ENOENT') {
    throw toolMissing(command);
  }
  const error = startError(command, result.exitCode ?? null, stderr);
  if (error !== null) throw error;
  return {
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: String(result.stdout ?? ''),
    stderr,
    ms: performance.now() - started,
  };
}

/**
 * Like `run`, but a status other than 0 throws.
 * @throws RespinError COMMAND_FAILED (blame: machine) with the end of what it printed
 */
export async function runOk(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const result = await run(command, args, options);
  if (result.exitCode === 0) return result;
  const how = result.exitCode === null ? `ended by ${result.signal}` : `exit status ${result.exitCode}`;
  throw new RespinError({
    code: 'COMMAND_FAILED',
    blame: 'machine',
    message: `${command} ${args[0] ?? ''} failed: ${how}`,
    detail: tail(result.stderr.trim() === '' ? result.stdout : result.stderr, 20),
  });
}

/** The last `count` lines of a text. */
export function tail(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

async function forEachLine(lines: AsyncIterable<unknown>, use: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) use(String(line));
  } catch {
    // The end of the program is reported by the call itself.
  }
}
