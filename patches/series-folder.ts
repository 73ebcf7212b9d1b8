// SPDX-License-Identifier: MIT
/** The folders of patches/: `NAME/series.toml` and `NAME/vN/*.patch`. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { projectRoot } from '../system/paths.ts';
import { parseSeriesToml, type SeriesToml } from './series-toml.ts';

export const DEFAULT_PATCHES_DIR: string = path.join(projectRoot, 'patches');

/** A name that is a folder of its own in patches/, and nothing that leads out of it. */
export const SERIES_NAME = /^[A-Za-z0-9][\w.+-]*$/;

/** The names of the folders in `patchesDir` that hold a series.toml, sorted. */
export async function seriesNames(patchesDir: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await entriesOf(patchesDir)) {
    if (!entry.isDirectory() || !SERIES_NAME.test(entry.name)) continue;
    const inside = await entriesOf(path.join(patchesDir, entry.name));
    if (inside.some((file) => file.name === 'series.toml')) names.push(entry.name);
  }
  return names.sort();
}

/** Reads `folder/series.toml`. @throws RespinError SERIES_TOML, FILE_UNREADABLE */
export async function readSeriesToml(folder: string): Promise<SeriesToml> {
  const file = path.join(folder, 'series.toml');
  return await parseSeriesToml(Buffer.from(await readBytes(file)).toString('utf8'), file);
}

/** The mail files of a folder, in the order of their names. Empty when there is no such folder. */
export async function mailFiles(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  return entries
    .filter((entry) => !entry.isDirectory() && /\.(patch|eml|mbox|mbx)$/.test(entry.name))
    .map((entry) => path.join(folder, entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** @throws RespinError FILE_UNREADABLE (blame usage, or machine for an I/O error) */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const users = ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'ERR_FS_FILE_TOO_LARGE', 'EPERM'].includes(code);
    throw new RespinError({
      code: 'FILE_UNREADABLE',
      blame: users ? 'usage' : 'machine',
      message: `cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : code}`,
      hint: code === 'ERR_FS_FILE_TOO_LARGE' ? 'cut the thread out of the mbox first' : 'is the name right?',
      cause,
    });
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new RespinError({
      code: 'FILE_UNREADABLE',
      blame: code === 'EACCES' ? 'usage' : 'machine',
      message: `cannot read the folder ${folder}: ${code}`,
      hint: 'is it readable for you?',
      cause,
    });
  }
}
