// SPDX-License-Identifier: MIT
/** The trees that are in the cache. */
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { acquireLock } from '../system/lock.ts';
import { cachePath } from '../system/paths.ts';
import { writeWhole } from '../system/whole.ts';
import { lockAllSlots, slotsFolder } from './slot.ts';
import { parseTreeSource } from './source.ts';
import { keyOf, readStored, type StoredTree, TREE_SCHEMA, treeFolder } from './stored.ts';

/** All trees that were imported, by source. */
export async function listTrees(): Promise<StoredTree[]> {
  const room = cachePath('trees');
  const names = await readdir(room, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const trees: StoredTree[] = [];
  for (const entry of names) {
    if (!entry.isDirectory() || entry.name.includes('.half-')) continue;
    trees.push(...(await readStored(path.join(room, entry.name))));
  }
  return trees.sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
}

/**
 * The tree of a source, or of a name: a source without its kind (`linux-source-6.12`), the
 * folder's name in the cache, or the start of the commit id (7 digits and more).
 * @throws RespinError TREE_UNKNOWN, TREE_AMBIGUOUS (usage)
 */
export async function showTree(sourceOrName: string, cwd?: string): Promise<StoredTree> {
  const trees = await listTrees();
  const source = normal(sourceOrName, cwd);
  const exact = trees.find((tree) => tree.source === source);
  if (exact !== undefined) return exact;
  const found = trees.filter(
    (tree) =>
      tree.source.replace(/^[a-z]+:/, '') === sourceOrName ||
      keyOf(tree) === sourceOrName ||
      (/^[0-9a-f]{7,}$/.test(sourceOrName) && tree.commit.startsWith(sourceOrName)),
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const names = (found.length > 1 ? found : trees).map((tree) => tree.source);
  throw new RespinError({
    code: found.length > 1 ? 'TREE_AMBIGUOUS' : 'TREE_UNKNOWN',
    blame: 'usage',
    message:
      found.length > 1 ? `${sourceOrName} names ${found.length} trees` : `there is no tree ${sourceOrName}`,
    hint:
      found.length > 1 ? 'name one by its source' : 'respin tree list shows them, respin tree add adds one',
    ...(names.length === 0 ? {} : { detail: names.join('\n') }),
  });
}

/**
 * Removes a tree, its slots and what was applied to it. A repository that other sources
 * share stays until the last of them goes. A user's clone is not touched.
 * @throws RespinError TREE_UNKNOWN, TREE_AMBIGUOUS (usage), TREE_IN_USE (machine)
 */
export async function removeTree(sourceOrName: string, cwd?: string): Promise<StoredTree> {
  const tree = await showTree(sourceOrName, cwd);
  const key = keyOf(tree);
  const folder = treeFolder(key);
  await using _lock = await acquireLock(`${folder}.lock`);
  const locks = await lockAllSlots(key, tree.source);
  try {
    const others = (await readStored(folder)).filter((other) => other.source !== tree.source);
    if (others.length > 0) {
      const file = { schema: TREE_SCHEMA, trees: others };
      await writeWhole(path.join(folder, 'tree.json'), `${JSON.stringify(file, null, 2)}\n`);
      return tree;
    }
    // Away under its name first, so that no reader finds the half of it; what a kill
    // leaves of the rest goes with the next import.
    const half = `${folder}.half-removed`;
    await rm(half, { recursive: true, force: true });
    await rename(folder, half);
    await rm(slotsFolder(key), { recursive: true, force: true });
    await rm(half, { recursive: true, force: true });
    return tree;
  } finally {
    for (const lock of locks) await lock.release();
  }
}

export type { StoredTree };

function normal(text: string, cwd?: string): string {
  try {
    return parseTreeSource(text, cwd).source;
  } catch (error) {
    // A name is no source; it is looked up as it stands.
    if (error instanceof RespinError && error.code === 'TREE_SOURCE') return text;
    throw error;
  }
}
