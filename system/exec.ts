// SPDX-License-Identifier: MIT
/** Running other programs. Nothing started here outlives respin. */
import path from 'node:path';
import { execa, type Result } from 'execa';
import { interrupted, RespinError } from '../core/errors.ts';

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
  /** Start under guard.sh: for anything that starts programs of its own. */
  guarded?: boolean;
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

const GUARD = path.join(import.meta.dirname, 'guard.sh');
const GRACE_SECONDS = 3;

/**
 * Runs a program to its end and gives what it printed, whatever its exit status.
 * Messages are in English (`LC_ALL=C.UTF-8`), so that they can be parsed.
 * @throws RespinError TOOL_MISSING when there is no such program, INTERRUPTED when `signal` fired
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const started = performance.now();
  const [file, argv] = options.guarded
    ? [GUARD, [String(GRACE_SECONDS), command, ...args]]
    : [command, [...args]];
  if (options.signal?.aborted) throw interrupted();
  const child = execa(file, argv, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { LC_ALL: 'C.UTF-8', ...options.env },
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 256 * 1024 * 1024,
    ...(options.timeout === undefined || options.guarded
      ? {}
      : { timeout: options.timeout, killDescendants: true }),
    ...(options.guarded
      ? // The pipe is the guard's sign of life; it ends its command when the pipe closes.
        { stdin: 'pipe' as const, detached: true, cleanup: false }
      : options.input === undefined
        ? { stdin: 'ignore' as const }
        : { input: options.input }),
  });
  const stop = (): void => {
    if (options.guarded) child.stdin?.end();
    else child.kill('SIGTERM');
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  // The guard takes no signals: it too is told by its pipe.
  const timer =
    options.guarded && options.timeout !== undefined ? setTimeout(stop, options.timeout) : undefined;
  const lines: Promise<void>[] = [];
  if (options.onLine) {
    const { onLine } = options;
    lines.push(forEachLine(child.iterable({ from: 'stdout' }), (line) => onLine(line, 'stdout')));
    lines.push(forEachLine(child.iterable({ from: 'stderr' }), (line) => onLine(line, 'stderr')));
  }
  const result = (await child) as Result<{ stripFinalNewline: false; reject: false }>;
  // No line may come after the end has been told.
  await Promise.all(lines);
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', stop);
  if (options.guarded) child.stdin?.destroy();
  if (options.signal?.aborted) throw interrupted();
  if (
    'code' in result &&
    (result.code === 'ENOENT' || result.code === 'EACCES') &&
    result.exitCode === undefined
  ) {
    throw toolMissing(command);
  }
  if (options.guarded && result.exitCode === 127) throw toolMissing(command);
  return {
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
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

function toolMissing(command: string): RespinError {
  return new RespinError({
    code: 'TOOL_MISSING',
    blame: 'machine',
    message: `${command} is not installed`,
    hint: 'run bin/setup, which installs what is missing, or respin doctor to see what that is',
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
