// SPDX-License-Identifier: MIT
/** Programs as links of a chain: bytes in, bytes out, nothing kept. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { interrupted, RespinError } from '../core/errors.ts';
import { tail } from './exec.ts';
import { CLEAN_ENVIRONMENT, endGuarded, guarded, startError, whileRunning } from './guard.ts';

export interface FilterOptions {
  cwd?: string;
  /** Added to the environment. */
  env?: Record<string, string | undefined>;
  signal?: AbortSignal;
}

/**
 * Runs a program, feeds it `input` (null: nothing) and yields what it prints on
 * stdout as it comes. The program ends with the iteration, also when that is given
 * up early, and with respin itself.
 * @throws RespinError TOOL_MISSING, INTERRUPTED, COMMAND_FAILED (blame: machine; the end
 * of stderr as detail), or what reading `input` throws, which goes first
 */
export async function* filter(
  command: string,
  args: readonly string[],
  input: AsyncIterable<Uint8Array> | null,
  options: FilterOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  if (options.signal?.aborted) throw interrupted();
  const child = spawn(...guarded(command, args), {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...CLEAN_ENVIRONMENT, ...options.env },
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = (): void => endGuarded(child);
  const ended = whileRunning(endOf(child));
  ended.catch(() => {});
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-64 * 1024);
  });
  options.signal?.addEventListener('abort', stop, { once: true });
  let inputError: { cause: unknown } | null = null;
  const fed =
    input === null || child.stdin === null
      ? Promise.resolve()
      : feed(child, input).catch((cause: unknown) => {
          inputError = { cause };
          stop();
        });
  try {
    if (child.stdout !== null) yield* child.stdout as AsyncIterable<Uint8Array>;
    const { code, signal } = await ended;
    await fed;
    if (options.signal?.aborted) throw interrupted();
    if (inputError !== null) throw (inputError as { cause: unknown }).cause;
    if (code !== 0) throw startError(command, code, stderr) ?? failed(command, args, code ?? signal, stderr);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    stop();
    await ended.catch(() => {});
  }
}

/** Reads a stream to its end, for a program whose stdout says nothing of interest. */
export async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

async function feed(child: ChildProcess, input: AsyncIterable<Uint8Array>): Promise<void> {
  const { stdin } = child;
  if (stdin === null) return;
  let broken = false;
  // A program that stops reading has its reason; its exit status tells.
  stdin.on('error', () => {
    broken = true;
  });
  const closed = once(stdin, 'close').catch(() => {});
  for await (const chunk of input) {
    if (broken || stdin.destroyed) break;
    if (!stdin.write(chunk)) await Promise.race([once(stdin, 'drain').catch(() => {}), closed]);
  }
  stdin.end();
}

function failed(
  command: string,
  args: readonly string[],
  how: number | string | null,
  stderr: string,
): RespinError {
  return new RespinError({
    code: 'COMMAND_FAILED',
    blame: 'machine',
    message: `${command} ${args[0] ?? ''} failed: ${typeof how === 'number' ? `exit status ${how}` : `ended by ${how}`}`,
    detail: tail(stderr, 20),
  });
}

function endOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
