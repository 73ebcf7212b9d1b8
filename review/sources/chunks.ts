// SPDX-License-Identifier: MIT
/** Bytes as they come: from a file or a pipe, in blocks of a useful size, unpacked. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Blame, RespinError } from '../../core/errors.ts';
import { orInterrupted } from '../../system/interruptible.ts';
import { mib, type Reading } from './reading.ts';

type Chunks = AsyncIterable<Uint8Array | string>;

/** Cutting is done block by block: too small a one costs time, too large a one memory. */
const BLOCK = 256 << 10;
const FILE_CHUNK = 1 << 20;

/** First bytes of what is packed in ways Node.js does not unpack, and the program that does. */
const PACKED: readonly { magic: Buffer; name: string; unpack: string }[] = [
  { magic: Buffer.from('fd377a585a00', 'hex'), name: 'xz', unpack: 'xz -dc' },
  { magic: Buffer.from('425a68', 'hex'), name: 'bzip2', unpack: 'bzip2 -dc' },
  { magic: Buffer.from('28b52ffd', 'hex'), name: 'zstd', unpack: 'zstd -dc' },
  { magic: Buffer.from('4c5a4950', 'hex'), name: 'lzip', unpack: 'lzip -dc' },
  { magic: Buffer.from('504b0304', 'hex'), name: 'zip', unpack: 'unzip -p' },
];

/** @throws RespinError FILE_UNREADABLE, INTERRUPTED */
export async function* fileChunks(file: string, reading: Reading): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file, { highWaterMark: FILE_CHUNK, signal: reading.signal });
  try {
    yield* watched(stream, reading);
  } catch (cause) {
    if (cause instanceof RespinError) throw cause;
    throw unreadable(cause, file);
  }
}

/** The chunks, counted; ends at once when the signal fires, even while nothing comes. */
export async function* watched(chunks: Chunks, reading: Reading): AsyncGenerator<Uint8Array> {
  const items = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orInterrupted(items.next(), reading.signal);
      if (next.done) return;
      const chunk = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
      reading.progress.bytes += chunk.length;
      reading.tell();
      yield chunk;
    }
  } finally {
    // Not waited for: a pipe that nobody writes to would hold it up.
    items.return?.().catch(() => {});
  }
}

export interface Unpacking {
  /** How messages name what is unpacked. */
  shown: string;
  /** Who is told off when it cannot be unpacked. */
  blame: Blame;
  /** The most bytes it may become; none by default. */
  limit?: number;
}

/**
 * The bytes, unpacked when they are gzip by their first two, in blocks of 256 KiB or more.
 * @throws RespinError SOURCE_PACKED (usage) for other packings; SOURCE_DAMAGED; SOURCE_TOO_LARGE
 *   (usage); what `chunks` throws
 */
export async function* unpacked(chunks: Chunks, how: Unpacking): AsyncGenerator<Buffer> {
  const packed = inBlocks(chunks);
  try {
    const first = await packed.next();
    if (first.done) return;
    const head = first.value;
    const other = PACKED.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
    // "BZh" could begin a page of text; a digit and this constant could not.
    if (other !== undefined && (other.name !== 'bzip2' || head.includes('1AY&SY', 4, 'latin1'))) {
      throw otherPacking(how.shown, other);
    }
    if (head[0] === 0x1f && head[1] === 0x8b) yield* inBlocks(gunzipped(behind(head, packed), how));
    else yield* behind(head, packed);
  } finally {
    await packed.return(undefined);
  }
}

async function* gunzipped(chunks: AsyncIterable<Buffer>, how: Unpacking): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: BLOCK });
  // Its errors come out of the reading below.
  pipeline(chunks, gunzip).catch(() => {});
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > (how.limit ?? Number.POSITIVE_INFINITY)) throw unpacksTooLarge(how);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof RespinError) throw cause;
    const cut = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    throw new RespinError({
      code: 'SOURCE_DAMAGED',
      blame: how.blame,
      message: `${how.shown} cannot be unpacked: ${cut ? 'it ends too early' : (cause as Error).message}`,
      hint:
        how.blame === 'usage' ? 'is it whole? gzip -t tells' : 'try again: it may have been cut on its way',
      cause,
    });
  }
}

async function* behind(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** Small chunks joined; a large one stays as it is. */
export async function* inBlocks(chunks: Chunks): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const part =
      typeof chunk === 'string'
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    parts.push(part);
    size += part.length;
    if (size < BLOCK) continue;
    yield parts.length === 1 ? part : Buffer.concat(parts, size);
    parts = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(parts, size);
}

/** What Node.js says of a file that cannot be read. */
export function unreadable(cause: unknown, file: string): RespinError {
  const code = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  const users = ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EPERM', 'ENXIO'].includes(code);
  return new RespinError({
    code: 'FILE_UNREADABLE',
    blame: users ? 'usage' : 'machine',
    message: `cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : code}`,
    hint: users ? 'is the name right, and may you read it?' : 'is the disk in order?',
    cause,
  });
}

function otherPacking(shown: string, { name, unpack }: { name: string; unpack: string }): RespinError {
  return new RespinError({
    code: 'SOURCE_PACKED',
    blame: 'usage',
    message: `${shown} is packed with ${name}, which respin does not unpack`,
    hint: `pipe it in: ${unpack} FILE | respin review import -`,
  });
}

function unpacksTooLarge(how: Unpacking): RespinError {
  return new RespinError({
    code: 'SOURCE_TOO_LARGE',
    blame: 'usage',
    message: `${how.shown} unpacks to more than ${mib(how.limit ?? 0)}`,
    hint: 'no thread is that large; if it is meant, unpack it yourself and name the file',
  });
}
