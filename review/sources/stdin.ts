// SPDX-License-Identifier: MIT
/** Standard input → its mails, as of a file. */
import type { Readable } from 'node:stream';
import { RespinError } from '../../core/errors.ts';
import { watched } from './chunks.ts';
import { mailsOfPacked } from './mbox-file.ts';
import type { RawMail, Reading } from './reading.ts';

/** Whether a person sits at it, who would wonder what respin waits for. */
export function isTerminal(stdin: NodeJS.ReadableStream): boolean {
  return (stdin as { isTTY?: boolean }).isTTY === true;
}

/** @throws RespinError SOURCE_TERMINAL, SOURCE_PACKED, SOURCE_DAMAGED (usage), STDIN_UNREADABLE, INTERRUPTED */
export async function* mailsOfStdin(
  stdin: NodeJS.ReadableStream,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  if (isTerminal(stdin)) {
    throw new RespinError({
      code: 'SOURCE_TERMINAL',
      blame: 'usage',
      message: 'standard input is a terminal',
      hint: 'pipe a mail or an mbox in: respin review import - <thread.mbox',
    });
  }
  yield* mailsOfPacked(
    chunksOf(stdin, reading),
    { shown: 'stdin', quoting: 'mboxrd', blame: 'usage' },
    reading,
  );
}

async function* chunksOf(stdin: NodeJS.ReadableStream, reading: Reading): AsyncGenerator<Uint8Array> {
  try {
    yield* watched(stdin, reading);
  } catch (cause) {
    if (cause instanceof RespinError) throw cause;
    throw new RespinError({
      code: 'STDIN_UNREADABLE',
      blame: 'machine',
      message: `cannot read standard input: ${(cause as Error).message}`,
      hint: 'write it into a file and name that',
      cause,
    });
  } finally {
    // Left early, or interrupted: a reader that waits for more keeps the process alive.
    (stdin as Partial<Readable>).destroy?.();
  }
}
