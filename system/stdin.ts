// SPDX-License-Identifier: MIT
/** What is piped in. */
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { interrupted, RespinError } from '../core/errors.ts';

/** Whether a person sits at it, who would wonder what respin waits for. */
export function isTerminal(stdin: NodeJS.ReadableStream): boolean {
  return (stdin as { isTTY?: boolean }).isTTY === true;
}

/**
 * @param example of what to type instead
 * @throws RespinError SOURCE_TERMINAL (usage)
 */
export function expectPiped(stdin: NodeJS.ReadableStream, example: string): void {
  if (!isTerminal(stdin)) return;
  throw new RespinError({
    code: 'SOURCE_TERMINAL',
    blame: 'usage',
    message: 'standard input is a terminal',
    hint: `pipe a mail or an mbox in: ${example}`,
  });
}

/** All of it, to its end. @throws RespinError STDIN_UNREADABLE (machine), INTERRUPTED */
export async function readStdin(stdin: Readable, signal?: AbortSignal): Promise<Buffer> {
  const stop = (): void => void stdin.destroy(interrupted());
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await buffer(stdin);
  } catch (cause) {
    throw cause instanceof RespinError ? cause : stdinUnreadable(cause);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

export function stdinUnreadable(cause: unknown): RespinError {
  return new RespinError({
    code: 'STDIN_UNREADABLE',
    blame: 'machine',
    message: `cannot read standard input: ${(cause as Error).message}`,
    hint: 'write it into a file and name that',
    cause,
  });
}
