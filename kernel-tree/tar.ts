// SPDX-License-Identifier: MIT
/**
 * Reading a tar archive as it streams by. Formats: POSIX.1-2017 "pax Interchange
 * Format" (ustar header, `x` and `g` records) and GNU long names (`L`, `K`).
 *
 *     header ──size > 0──► data ──► padding ──► header … ──zero block──► end
 *
 * Names are kept as latin1 strings, one character a byte, so that no name is changed.
 */
import { RespinError } from '../core/errors.ts';

export interface TarEntry {
  kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  path: string;
  /** Target of a link, as it stands in the archive. */
  link: string;
  executable: boolean;
  /** Bytes of data that follow. */
  size: number;
  /** Seconds since 1970. */
  mtime: number;
}

/** An entry, then the pieces of its data, `size` bytes in all. */
export type TarItem = { entry: TarEntry } | { data: Buffer };

const BLOCK = 512;
/** A name or a pax record beyond this is an attack or rubbish. */
const MAX_META = 1 << 20;

/** Give `feed` the archive in pieces of any length, then call `end`. */
export class TarReader {
  #state: 'header' | 'data' | 'meta' | 'padding' | 'end' = 'header';
  #partial: Buffer = Buffer.alloc(0);
  #left = 0;
  #padding = 0;
  #metaType = '';
  #meta: Buffer[] = [];
  #longName: string | null = null;
  #longLink: string | null = null;
  #pax = new Map<string, string>();
  #globalPax = new Map<string, string>();

  /** @throws RespinError TREE_BAD_TAR when these bytes are no tar archive */
  *feed(chunk: Buffer): Generator<TarItem, void, void> {
    let at = 0;
    while (at < chunk.length && this.#state !== 'end') {
      if (this.#state === 'header') {
        let block: Buffer;
        if (this.#partial.length === 0 && chunk.length - at >= BLOCK) {
          block = chunk.subarray(at, at + BLOCK);
          at += BLOCK;
        } else {
          const take = Math.min(BLOCK - this.#partial.length, chunk.length - at);
          this.#partial = Buffer.concat([this.#partial, chunk.subarray(at, at + take)]);
          at += take;
          if (this.#partial.length < BLOCK) return;
          block = this.#partial;
          this.#partial = Buffer.alloc(0);
        }
        const entry = this.#header(block);
        if (entry !== null) yield { entry };
        continue;
      }
      const take = Math.min(this.#state === 'padding' ? this.#padding : this.#left, chunk.length - at);
      const piece = chunk.subarray(at, at + take);
      at += take;
      if (this.#state === 'padding') {
        this.#padding -= take;
      } else {
        this.#left -= take;
        if (this.#state === 'data') yield { data: piece };
        else this.#meta.push(Buffer.from(piece));
        if (this.#left === 0 && this.#state === 'meta') this.#readMeta();
      }
      this.#advance();
    }
  }

  /** @throws RespinError TREE_BAD_TAR when the archive is not complete */
  end(): void {
    if (this.#state !== 'end') throw badTar('it is cut short');
  }

  #advance(): void {
    if (this.#state !== 'padding' && this.#left > 0) return;
    this.#state = this.#padding > 0 ? 'padding' : 'header';
  }

  #header(block: Buffer): TarEntry | null {
    if (block.every((byte) => byte === 0)) {
      this.#state = 'end';
      return null;
    }
    checkSum(block);
    const type = String.fromCharCode(block[156] ?? 0);
    const size = number(block, 124, 12);
    if (type === 'L' || type === 'K' || type === 'x' || type === 'g') {
      if (size > MAX_META) throw badTar('a name in it is too long');
      this.#metaType = type;
      this.#meta = [];
      this.#begin('meta', size);
      return null;
    }
    const pax = (key: string): string | undefined => this.#pax.get(key) ?? this.#globalPax.get(key);
    const paxSize = pax('size');
    const paxTime = pax('mtime');
    const entry: TarEntry = {
      kind: kindOf(type),
      path: pax('path') ?? this.#longName ?? nameOf(block),
      link: pax('linkpath') ?? this.#longLink ?? text(block, 157, 100),
      executable: (number(block, 100, 8) & 0o100) !== 0,
      size: paxSize === undefined ? size : Number(paxSize),
      mtime: Math.floor(paxTime === undefined ? number(block, 136, 12) : Number(paxTime)),
    };
    if (!Number.isSafeInteger(entry.size) || entry.size < 0) throw badTar('a size in it is no number');
    if (!Number.isSafeInteger(entry.mtime)) entry.mtime = 0;
    if (type === 'S' || this.#pax.has('GNU.sparse.major')) throw badTar('it has sparse files');
    // By POSIX a size on links and directories says nothing about data that follows.
    if (entry.kind !== 'file' && entry.kind !== 'other') entry.size = 0;
    this.#longName = null;
    this.#longLink = null;
    this.#pax = new Map();
    this.#begin('data', entry.size);
    return entry;
  }

  #begin(state: 'data' | 'meta', size: number): void {
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    this.#state = size === 0 ? 'header' : state;
  }

  #readMeta(): void {
    const bytes = Buffer.concat(this.#meta);
    this.#meta = [];
    if (this.#metaType === 'L') this.#longName = untilNul(bytes);
    else if (this.#metaType === 'K') this.#longLink = untilNul(bytes);
    else {
      const into = this.#metaType === 'g' ? this.#globalPax : this.#pax;
      for (const [key, value] of paxRecords(bytes)) into.set(key, value);
    }
  }
}

/** pax: `<length> <key>=<value>\n`, the length counting itself and the line end. */
function* paxRecords(bytes: Buffer): Generator<[string, string]> {
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= space - at + 1 || at + length > bytes.length) {
      throw badTar('a pax record in it is broken');
    }
    const record = bytes.toString('latin1', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals < 0) throw badTar('a pax record in it is broken');
    yield [record.slice(0, equals), record.slice(equals + 1)];
    at += length;
  }
}

function kindOf(type: string): TarEntry['kind'] {
  if (type === '0' || type === '\0' || type === '7') return 'file';
  if (type === '1') return 'hardlink';
  if (type === '2') return 'symlink';
  if (type === '5') return 'directory';
  return 'other';
}

function nameOf(block: Buffer): string {
  const name = text(block, 0, 100);
  // GNU's own format ("ustar  ") keeps other things where POSIX has the prefix.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? text(block, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function text(block: Buffer, at: number, length: number): string {
  return untilNul(block.subarray(at, at + length));
}

function untilNul(bytes: Buffer): string {
  const nul = bytes.indexOf(0);
  return bytes.toString('latin1', 0, nul < 0 ? bytes.length : nul);
}

/** Octal digits, or GNU's base-256 when the first bit is set. */
function number(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] ?? 0);
    return value;
  }
  const digits = text(block, at, length).trim();
  if (digits === '') return 0;
  if (!/^[0-7]+$/.test(digits)) throw badTar('a number in its headers is none');
  return Number.parseInt(digits, 8);
}

function checkSum(block: Buffer): void {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i] ?? 0;
  if (number(block, 148, 8) !== sum) throw badTar('the checksum of a header is wrong');
}

/** The error of an archive that cannot be read. */
export function badTar(why: string): RespinError {
  return new RespinError({
    code: 'TREE_BAD_TAR',
    blame: 'usage',
    message: `this is not a tar archive that can be read: ${why}`,
    hint: 'name a kernel tarball: tar:/path/linux-6.12.tar.xz',
  });
}
