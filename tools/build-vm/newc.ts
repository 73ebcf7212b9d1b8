// SPDX-License-Identifier: MIT
/**
 * Writes a cpio archive in the newc format, as the kernel unpacks it for its initramfs.
 * The format: Documentation/driver-api/early-userspace/buffer-format.rst.
 */
export type NewcEntry =
  | { path: string; type: 'dir'; mode: number }
  | { path: string; type: 'file'; mode: number; data: Uint8Array }
  | { path: string; type: 'symlink'; target: string }
  | { path: string; type: 'device'; kind: 'char' | 'block'; mode: number; major: number; minor: number };

const TYPE = { dir: 0o040000, file: 0o100000, symlink: 0o120000, char: 0o020000, block: 0o060000 } as const;

const TRAILER = 'TRAILER!!!';

/**
 * The archive's bytes. The same entries give the same bytes in whatever order they
 * come: sorted by path, inode numbers counted from 1, time, uid and gid 0. Paths are
 * written without a leading slash; folders must be entries of their own.
 * @throws RangeError for an empty path, one with a NUL, `.` or `..` in it, a path that comes twice, or a file of 4 GiB
 */
export function newc(entries: readonly NewcEntry[]): Uint8Array {
  const named = entries.map((entry) => ({ entry, name: cleanPath(entry.path) }));
  // Byte order: a folder comes before what is in it, on every machine's locale.
  named.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const parts: Uint8Array[] = [];
  let before: string | null = null;
  for (const [index, { entry, name }] of named.entries()) {
    if (name === before) throw new RangeError(`${name} comes twice`);
    before = name;
    parts.push(...record(index + 1, name, entry));
  }
  parts.push(...header({ ino: 0, mode: 0, nlink: 1, size: 0, major: 0, minor: 0 }, TRAILER));
  return Buffer.concat(parts);
}

function record(ino: number, name: string, entry: NewcEntry): Uint8Array[] {
  const none = { major: 0, minor: 0 };
  switch (entry.type) {
    case 'dir':
      return header({ ino, mode: TYPE.dir | entry.mode, nlink: 2, size: 0, ...none }, name);
    case 'device': {
      const mode = TYPE[entry.kind] | entry.mode;
      return header({ ino, mode, nlink: 1, size: 0, major: entry.major, minor: entry.minor }, name);
    }
    case 'symlink':
      return withData(ino, name, TYPE.symlink | 0o777, Buffer.from(entry.target));
    case 'file':
      return withData(ino, name, TYPE.file | entry.mode, entry.data);
  }
}

function withData(ino: number, name: string, mode: number, data: Uint8Array): Uint8Array[] {
  if (data.length > 0xffffffff) throw new RangeError(`${name} is too large for a newc archive`);
  const head = header({ ino, mode, nlink: 1, size: data.length, major: 0, minor: 0 }, name);
  return [...head, data, padding(data.length)];
}

interface Fields {
  ino: number;
  mode: number;
  nlink: number;
  size: number;
  major: number;
  minor: number;
}

function header({ ino, mode, nlink, size, major, minor }: Fields, name: string): Uint8Array[] {
  const bytes = Buffer.from(`${name}\0`);
  // c_magic, then thirteen fields of eight hex digits; c_chksum is 0 in this variant.
  const numbers = [ino, mode, 0, 0, nlink, 0, size, 0, 0, major, minor, bytes.length, 0];
  const text = `070701${numbers.map((number) => number.toString(16).toUpperCase().padStart(8, '0')).join('')}`;
  return [Buffer.from(text), bytes, padding(text.length + bytes.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}

/** Relative, without empty parts. */
function cleanPath(given: string): string {
  const parts = given.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.includes('..') || parts.includes('.') || given.includes('\0')) {
    throw new RangeError(`not a path for an archive: ${JSON.stringify(given)}`);
  }
  const name = parts.join('/');
  if (name === TRAILER) throw new RangeError(`${TRAILER} ends an archive and cannot be a file in it`);
  return name;
}
