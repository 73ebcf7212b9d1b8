// SPDX-License-Identifier: MIT
/** What a tree's repository knows of commits that a series names. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Tree } from '../core/tree.ts';
import { at, git, resolve } from './git.ts';

export interface KnownCommit {
  commit: string;
  subject: string;
}

/**
 * @param ids hex digits, as many as there are; what else is among them is not asked for
 * @returns those that name a commit and one only, by the id asked for in lower case
 * @throws RespinError TREE_BROKEN, GIT_FAILED (machine)
 */
export async function commitsNamed(
  tree: Tree,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, KnownCommit>> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))].filter((id) => /^[0-9a-f]{4,64}$/.test(id));
  if (wanted.length === 0) return new Map();
  const list = await git(
    at(tree.gitDir),
    ['log', '--no-walk=unsorted', '--ignore-missing', '--format=%H %s', '--stdin'],
    {
      input: wanted.map((id) => `${id}^{commit}\n`).join(''),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  const commits = list.split('\n').flatMap((line): KnownCommit[] => {
    const [, commit, subject = ''] = /^([0-9a-f]{40,64}) ?(.*)$/.exec(line) ?? [];
    return commit === undefined ? [] : [{ commit, subject }];
  });
  const known = new Map<string, KnownCommit>();
  for (const length of new Set(wanted.map((id) => id.length))) {
    const byStart = new Map(commits.map((one) => [one.commit.slice(0, length), one]));
    for (const id of wanted) {
      const found = id.length === length ? byStart.get(id) : undefined;
      if (found !== undefined) known.set(id, found);
    }
  }
  return known;
}

/** Whether the commits before the tree's are there: all, some of them (a shallow clone), none. */
export async function historyOf(tree: Tree): Promise<'whole' | 'cut' | 'none'> {
  const parent = await resolve(at(tree.gitDir), `${tree.commit}~1^{commit}`);
  if (parent === null) return 'none';
  return existsSync(path.join(tree.gitDir, 'shallow')) ? 'cut' : 'whole';
}

/** The paths of files that are not the same in two commits. */
export async function changedFiles(tree: Tree, before: string, after: string): Promise<Set<string>> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', before, after];
  return new Set((await git(at(tree.gitDir), args)).split('\0').filter((name) => name !== ''));
}
