// SPDX-License-Identifier: MIT
/**
 * A folder of exported patches. What was exported before is replaced; a file that is not from an
 * export, or was edited since, is nobody's to replace. `.respin/export` keeps the names and hashes.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { outTrouble } from '../../system/file-trouble.ts';
import type { ExportedFile } from './export-version.ts';

/** Names and hashes of the patches, in a folder of its own: `git send-email DIR` would send any file beside them. */
export const EXPORT_LIST = '.respin/export';

/** @throws RespinError EXPORT_EXISTS, OUT_PATH (usage), NO_SPACE (machine) */
export async function writeExport(folder: string, files: readonly ExportedFile[]): Promise<void> {
  const there = await namesIn(folder);
  const own = await ownFiles(folder);
  const foreign: string[] = [];
  for (const name of there ?? []) {
    // Anything that `git send-email DIR/*.patch` would send as well counts.
    const mine = files.some((file) => file.name === name);
    if (!mine && !/\.(?:patch|eml|mbox)$/.test(name)) continue;
    const bytes = await readFile(path.join(folder, name)).catch(() => null);
    if (bytes === null || own.get(name) !== hashOf(bytes)) foreign.push(name);
  }
  if (foreign.length > 0) throw exists(folder, foreign);
  let half: string | null = `${folder}.half-${process.pid}`;
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await mkdir(half);
    await mkdir(path.dirname(path.join(half, EXPORT_LIST)));
    for (const { name, bytes } of files) await writeFile(path.join(half, name), bytes);
    await writeFile(
      path.join(half, EXPORT_LIST),
      files.map((file) => `${hashOf(file.bytes)}  ${file.name}\n`).join(''),
    );
    if (there === null) {
      await rename(half, folder);
      half = null;
      return;
    }
    // All is written; what is left are renames, the list first: it must own whatever is there.
    await mkdir(path.dirname(path.join(folder, EXPORT_LIST)), { recursive: true });
    const stale = [...own.keys()].filter((name) => !files.some((file) => file.name === name));
    for (const name of [EXPORT_LIST, ...files.map((file) => file.name)]) {
      await rename(path.join(half, name), path.join(folder, name));
    }
    for (const name of stale) await rm(path.join(folder, name), { force: true });
  } catch (cause) {
    throw cause instanceof RespinError ? cause : outTrouble(cause, folder);
  } finally {
    if (half !== null) await rm(half, { recursive: true, force: true });
  }
}

/** null when there is no such folder. */
async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR') throw exists(path.dirname(folder), [path.basename(folder)]);
    throw outTrouble(cause, folder);
  }
}

async function ownFiles(folder: string): Promise<Map<string, string>> {
  const text = await readFile(path.join(folder, EXPORT_LIST), 'utf8').catch(() => '');
  // Only names that an export gives: the list decides what is removed.
  const entries = [...text.matchAll(/^([0-9a-f]{64}) {2}(\d{4}-[\w.-]{1,80}\.patch)$/gm)];
  return new Map(entries.map((match) => [match[2] ?? '', match[1] ?? '']));
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function exists(folder: string, names: readonly string[]): RespinError {
  const shown = names.slice(0, 4).map(printable).join(', ');
  return new RespinError({
    code: 'EXPORT_EXISTS',
    blame: 'usage',
    message: `${folder} holds ${shown}${names.length > 4 ? ', …' : ''}, which this export did not write as it is`,
    hint: 'take another folder, or remove what is there',
  });
}
