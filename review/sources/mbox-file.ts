// SPDX-License-Identifier: MIT
/** A file or a stream of bytes → its mails: an mbox, a single mail, a page of text; packed with gzip or not. */
import type { Blame } from '../../core/errors.ts';
import type { MboxQuoting } from '../../patches/mbox.ts';
import { fileChunks, unpacked } from './chunks.ts';
import { type Cut, makeCutter } from './cut-mails.ts';
import { type RawMail, type Reading, tooLarge } from './reading.ts';

/**
 * Reads a file, or a pipe that has a name.
 * @param shown how messages name it
 * @throws RespinError FILE_UNREADABLE, SOURCE_PACKED, SOURCE_DAMAGED (usage), INTERRUPTED
 */
export async function* mailsOfFile(
  file: string,
  shown: string,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  // git format-patch quotes nothing.
  const quoting = /\.patch(\.gz)?$/.test(file) ? 'none' : 'mboxrd';
  yield* mailsOfPacked(fileChunks(file, reading), { shown, quoting, blame: 'usage' }, reading);
}

export interface Stream {
  shown: string;
  quoting: MboxQuoting;
  /** Who is told off when it cannot be unpacked. */
  blame: Blame;
}

/** Like `mailsOfFile`, for bytes that come from elsewhere. */
export async function* mailsOfPacked(
  chunks: AsyncIterable<Uint8Array | string>,
  stream: Stream,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  yield* mailsOfBlocks(unpacked(chunks, stream), stream, reading);
}

/** Like `mailsOfPacked`, for what has been unpacked. */
export async function* mailsOfBlocks(
  blocks: AsyncIterable<Buffer>,
  { shown, quoting }: Pick<Stream, 'shown' | 'quoting'>,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  const cutter = makeCutter({ quoting, limit: reading.mailLimit });
  for await (const block of blocks) yield* named(cutter.push(block), shown, reading);
  yield* named(cutter.end(), shown, reading);
}

function* named(cuts: readonly Cut[], shown: string, reading: Reading): Generator<RawMail, void, void> {
  for (const { number, bytes } of cuts) {
    const origin = number === null || number === 0 ? shown : `${shown}#${number}`;
    if (bytes !== null) yield { bytes, origin };
    else if (number === 0) reading.skip(origin, 'what stands before its first From line belongs to no mail');
    else reading.skip(origin, tooLarge(reading.mailLimit));
  }
}
