// SPDX-License-Identifier: MIT
/** The machines' file systems: an initramfs for the guest, a folder to share for the host. */
import { chmod, copyFile, link, mkdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { RespinError } from '../../core/errors.ts';
import { fileTrouble, writeWhole } from '../../system/whole.ts';
import { type NewcEntry, newc } from './newc.ts';

export type RootEntry =
  /** A file of this machine. */
  | { path: string; from: string; mode: number }
  | { path: string; text: string; mode: number }
  | { path: string; dir: true; mode?: number }
  | { path: string; symlink: string };

/** An initramfs can hold device nodes as well: its init has no console before it mounts /dev. */
export type ImageEntry =
  | RootEntry
  | { path: string; device: 'char' | 'block'; mode: number; major: number; minor: number };

const FOLDER_MODE = 0o755;

/**
 * Writes a newc archive of the entries to `out`, plain or through gzip. Folders that
 * are not entries themselves are made with mode 755. The same files give the same bytes.
 */
export async function guestImage(
  entries: readonly ImageEntry[],
  out: string,
  options: { gzip?: boolean } = {},
): Promise<void> {
  const whole = withParents(entries);
  const archive = newc(await Promise.all(whole.map(toNewc)));
  // zlib writes no name and a time of 0, unlike gzip(1).
  await writeWhole(out, options.gzip === true ? gzipSync(archive) : archive);
}

async function toNewc(entry: ImageEntry): Promise<NewcEntry> {
  if ('dir' in entry) return { path: entry.path, type: 'dir', mode: entry.mode ?? FOLDER_MODE };
  if ('symlink' in entry) return { path: entry.path, type: 'symlink', target: entry.symlink };
  if ('device' in entry) {
    const { path: name, device, mode, major, minor } = entry;
    return { path: name, type: 'device', kind: device, mode, major, minor };
  }
  const data = 'text' in entry ? Buffer.from(entry.text) : await readSource(entry.from);
  return { path: entry.path, type: 'file', mode: entry.mode, data };
}

async function readSource(file: string): Promise<Uint8Array> {
  return await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw sourceMissing(file, cause);
  });
}

/**
 * Lays the entries out below `dir`, to be shared read-only as a machine's root. A file
 * is hard-linked where its mode is the one asked for and the file system allows it, else copied:
 * the mode of this machine's own file is never changed.
 */
export async function stageHostRoot(entries: readonly RootEntry[], dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  // Sorted: a folder comes before what lies in it.
  for (const entry of withParents(entries)) {
    const target = path.join(dir, entry.path);
    try {
      await stage(entry, target);
    } catch (cause) {
      throw fileTrouble(cause, target);
    }
  }
}

async function stage(entry: RootEntry, target: string): Promise<void> {
  if ('dir' in entry) {
    await mkdir(target, { recursive: true });
    await chmod(target, entry.mode ?? FOLDER_MODE);
  } else if ('symlink' in entry) {
    await symlink(entry.symlink, target);
  } else if ('text' in entry) {
    await writeFile(target, entry.text, { flag: 'wx' });
    await chmod(target, entry.mode);
  } else {
    await placeFile(entry.from, target, entry.mode);
  }
}

async function placeFile(from: string, target: string, mode: number): Promise<void> {
  const source = await stat(from).catch((cause: NodeJS.ErrnoException) => {
    throw sourceMissing(from, cause);
  });
  if ((source.mode & 0o7777) === mode) {
    try {
      // link(2) would link a symlink itself, which here is always meant for what it names.
      return await link(await realpath(from), target);
    } catch {
      // Another file system, or a file of another user's: a copy does as well.
    }
  }
  await copyFile(from, target);
  await chmod(target, mode);
}

function sourceMissing(file: string, cause: NodeJS.ErrnoException): RespinError {
  return new RespinError({
    code: 'FILE_MISSING',
    blame: 'machine',
    message: `${file} cannot be put into the image: ${cause.code ?? cause.message}`,
    hint: 'respin doctor says what has to be installed',
    cause,
  });
}

/**
 * The entries with cleaned paths, sorted, and the folders above them.
 * @throws RangeError for a path that comes twice, leads out of the root or lies below something that is no folder
 */
function withParents<T extends ImageEntry>(entries: readonly T[]): (T | { path: string; dir: true })[] {
  const byPath = new Map<string, T | { path: string; dir: true }>();
  for (const entry of entries) {
    const parts = entry.path.split('/').filter((part) => part !== '');
    if (parts.length === 0 || parts.includes('..') || parts.includes('.')) {
      throw new RangeError(`not a path inside an image: ${JSON.stringify(entry.path)}`);
    }
    const name = parts.join('/');
    if (byPath.has(name)) throw new RangeError(`${name} comes twice`);
    byPath.set(name, { ...entry, path: name });
  }
  for (const name of [...byPath.keys()]) {
    for (let parent = path.dirname(name); parent !== '.'; parent = path.dirname(parent)) {
      const above = byPath.get(parent);
      if (above === undefined) byPath.set(parent, { path: parent, dir: true });
      else if (!('dir' in above)) throw new RangeError(`${name} lies below ${parent}, which is no folder`);
    }
  }
  return [...byPath.values()].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
