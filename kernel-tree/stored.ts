// SPDX-License-Identifier: MIT
/**
 * How an imported tree lies in the cache:
 *
 *     trees/<key>/repo.git    the objects; refs/respin/base/<commit> keeps a base alive
 *     trees/<key>/tree.json   what was imported, one record a source
 *     trees/<key>.lock        held while it is made or changed
 *     slots/<key>/<n>/        see slot.ts
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tree } from '../core/tree.ts';
import { cachePath } from '../system/paths.ts';
import { writeWhole } from '../system/whole.ts';
import type { TreeSource } from './source.ts';

export const TREE_SCHEMA = 'respin.tree/1';

export interface StoredTree extends Tree {
  /** ISO 8601, UTC. */
  imported: string;
  /** Size and modification time (ms) of a local tarball, to tell when it has changed. */
  file: { size: number; mtimeMs: number } | null;
  /** The user's clone whose objects are used, null for all else. */
  clone: string | null;
}

interface TreeFile {
  schema: typeof TREE_SCHEMA;
  trees: StoredTree[];
}

/** The folder name of a source: readable, and one for each repository it is imported into. */
export function treeKey(source: TreeSource): string {
  switch (source.kind) {
    case 'debian':
      return source.source.replace(/[^A-Za-z0-9.+-]+/g, '-');
    // All commits of one repository share its objects and its slots.
    case 'git-path':
      return named('git', source.path);
    case 'git-url':
      return named('git', source.url);
    case 'tar-path':
      return named('tar', source.source);
    case 'tar-url':
      return named('tar', source.source);
  }
}

function named(kind: string, where: string): string {
  const short = path
    .basename(where.replace(/#.*$/, ''))
    .replace(/[^A-Za-z0-9.+-]+/g, '-')
    .slice(0, 40);
  return `${kind}-${short}-${createHash('sha256').update(where).digest('hex').slice(0, 12)}`;
}

export function treeFolder(key: string): string {
  return cachePath('trees', key);
}

/** The key of a tree that was imported. */
export function keyOf(tree: Tree): string {
  return path.basename(path.dirname(tree.gitDir));
}

export function gitDirIn(folder: string): string {
  return path.join(folder, 'repo.git');
}

/** The records of a tree folder; none when it is not there or not whole. */
export async function readStored(folder: string): Promise<StoredTree[]> {
  let text: string;
  try {
    text = await readFile(path.join(folder, 'tree.json'), 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
  const file = JSON.parse(text) as TreeFile;
  // The cache may have been moved as a whole; the paths in it follow.
  return file.trees.map((tree) => ({ ...tree, gitDir: gitDirIn(folder) }));
}

/** Writes the records; one of the same source is replaced. */
export async function store(folder: string, tree: StoredTree): Promise<void> {
  const others = (await readStored(folder)).filter((other) => other.source !== tree.source);
  const file: TreeFile = { schema: TREE_SCHEMA, trees: [...others, tree] };
  await writeWhole(path.join(folder, 'tree.json'), `${JSON.stringify(file, null, 2)}\n`);
}

/** What the rest of respin needs of a record. */
export function asTree(stored: StoredTree): Tree {
  const { source, version, packageVersion, sha256, gitDir, commit } = stored;
  return { source, version, packageVersion, sha256, gitDir, commit };
}
