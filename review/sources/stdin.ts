// SPDX-License-Identifier: MIT
/** Standard input → its mails, as of a file. */
import type { Readable } from 'node:stream';
import { RespinError } from '../../core/errors.ts';
import { expectPiped, stdinUnreadable } from '../../system/stdin.ts';
import { watched } from './chunks.ts';
import { mailsOfPacked } from './mbox-file.ts';
import type { RawMail, Reading } from './reading.ts';

/** @throws RespinError SOURCE_TERMINAL, SOURCE_PACKED, SOURCE_DAMAGED (usage), STDIN_UNREADABLE, INTERRUPTED */
export async function* mailsOfStdin(
  stdin: NodeJS.ReadableStream,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  expectPiped(stdin, 'respin review import - <thread.mbox');
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
    throw stdinUnreadable(cause);
  } finally {
    // Left early, or interrupted: a reader that waits for more keeps the process alive.
    (stdin as Partial<Readable>).destroy?.();
  }
}
