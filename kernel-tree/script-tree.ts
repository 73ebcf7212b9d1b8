// SPDX-License-Identifier: MIT
/**
 * A part of a tree on disk, for the scripts it brings: checkpatch.pl and get_maintainer.pl look at
 * MAINTAINERS, scripts/, include/ and the files of the patch, and know the top of a kernel tree by
 * its files and folders (`top_of_kernel_tree` in both). 70 MB instead of the 1.5 GB of a checkout.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Tree } from '../core/tree.ts';
import { run } from '../system/exec.ts';
import { makeWhole, writeWhole } from '../system/whole.ts';
import { at, fileAt, git } from './git.ts';
import { keyOf, treeFolder } from './stored.ts';

/** Changes when other files are taken. */
const RECIPE = 2;

/**
 * Where get_maintainer.pl is in the folder. In scripts/ checkpatch.pl would find it and start it
 * for every file of a patch, 0.3 s each, for a word that rule obsolete-code looks for itself.
 */
export const GET_MAINTAINER = 'get_maintainer.pl';

const WHOLE = ['scripts', 'include', 'Documentation/process', 'Documentation/dev-tools'];

/**
 * The folder, at the tree's base commit; made once for a tree, and each file once. Several runs
 * use it at once: scripts may not write into it.
 * @param files paths in the tree that are to be there; one that the tree does not have is left out
 * @throws RespinError NO_SPACE, TREE_BROKEN, GIT_FAILED (machine), INTERRUPTED
 */
export async function scriptTree(
  tree: Tree,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const folder = path.join(treeFolder(keyOf(tree)), `scripts-${RECIPE}`, tree.commit);
  await makeWhole(
    folder,
    async (half) => await fill(tree, half, signal),
    signal === undefined ? {} : { signal },
  );
  for (const name of new Set(files)) {
    const place = path.resolve(folder, name);
    if (!place.startsWith(`${folder}${path.sep}`) || existsSync(place)) continue;
    const text = await fileAt(tree.gitDir, tree.commit, name);
    if (text !== null) await writeWhole(place, text);
  }
  return folder;
}

async function fill(tree: Tree, half: string, signal?: AbortSignal): Promise<void> {
  const top = await entriesOf(tree, [], signal);
  for (const { name, kind } of top) {
    if (kind === 'tree') await mkdir(path.join(half, name), { recursive: true });
  }
  const whole = await entriesOf(tree, WHOLE, signal);
  const paths = [...top.filter(({ kind }) => kind === 'blob'), ...whole].map(({ name }) => name);
  const index = `${half}.index`;
  try {
    await git(
      [...at(tree.gitDir), '--work-tree', half],
      ['checkout', '--quiet', tree.commit, '--', ...paths],
      { cwd: half, env: { GIT_INDEX_FILE: index }, ...(signal === undefined ? {} : { signal }) },
    );
  } finally {
    await rm(index, { force: true });
  }
  const script = path.join(half, 'scripts', 'get_maintainer.pl');
  if (existsSync(script)) await rename(script, path.join(half, GET_MAINTAINER));
  await seedCamelCase(half, signal);
}

/** A name of mixed case, so that the script looks up those that include/ has. */
const CAMEL = `diff --git a/a.c b/a.c
--- a/a.c
+++ b/a.c
@@ -0,0 +1 @@
+int mixedCase;
`;

/**
 * checkpatch.pl keeps the names of mixed case of include/ in a file where it is called, which
 * takes it five seconds. It is not written so that two could do it at once; here nobody else is yet.
 */
async function seedCamelCase(half: string, signal?: AbortSignal): Promise<void> {
  const args = ['scripts/checkpatch.pl', '--no-summary', '--strict', '--types', 'CAMELCASE', '-'];
  const options = { cwd: half, input: CAMEL, env: { GIT_DIR: undefined } };
  try {
    await run('perl', args, { ...options, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (signal?.aborted) throw error;
    // Without perl no script of the tree runs, which those that need one say themselves.
  }
}

interface Entry {
  name: string;
  kind: string;
}

/** The entries of the tree's top folder, or those of `paths` that there are. */
async function entriesOf(tree: Tree, paths: readonly string[], signal?: AbortSignal): Promise<Entry[]> {
  const list = await git(
    at(tree.gitDir),
    ['ls-tree', '-z', tree.commit, ...(paths.length === 0 ? [] : ['--', ...paths])],
    signal === undefined ? {} : { signal },
  );
  return list.split('\0').flatMap((line) => {
    const [, kind = '', name = ''] = /^\d+ (\w+) [0-9a-f]+\t([\s\S]*)$/.exec(line) ?? [];
    return name === '' ? [] : [{ name, kind }];
  });
}
