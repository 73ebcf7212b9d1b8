// SPDX-License-Identifier: MIT
/** Looking at the base of a series from beside its patched source folder. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { AppliedSeries } from '../../core/tree.ts';
import { git } from '../../kernel-tree/git.ts';
import { within } from '../../kernel-tree/slot.ts';
import type { BuildPlace } from './make-kernel.ts';

/** The files a series changes, relative to the tree; none for the base itself. */
export async function changedFiles(applied: AppliedSeries, sourceDir: string): Promise<string[]> {
  if (applied.commit === applied.tree.commit) return [];
  const args = ['diff', '--name-only', '--no-renames', '-z', applied.tree.commit, applied.commit];
  return (await git(within(sourceDir), args)).split('\0').filter((name) => name !== '');
}

export type BaseFiles = BuildPlace & AsyncDisposable;

/**
 * Unpacks those of the base's files that `wanted` picks by name into a temporary folder
 * with an empty build folder beside them; disposing of it removes both. It lies in the
 * build folder, because that is where there is room.
 */
export async function baseFiles(
  applied: AppliedSeries,
  place: BuildPlace,
  wanted: (file: string) => boolean,
): Promise<BaseFiles> {
  const base = applied.tree.commit;
  const folder = await mkdtemp(path.join(place.buildDir, '.respin-base-'));
  const remove = async (): Promise<void> => await rm(folder, { recursive: true, force: true });
  try {
    const [sourceDir, buildDir] = [path.join(folder, 'source'), path.join(folder, 'build')];
    await Promise.all([mkdir(sourceDir), mkdir(buildDir)]);
    // An index of its own: that of the source folder is not touched.
    const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
    const where = within(place.sourceDir);
    const input = (await git(where, ['ls-tree', '-r', '-z', '--name-only', base]))
      .split('\0')
      .filter((name) => name !== '' && wanted(name))
      .map((name) => `${name}\0`)
      .join('');
    await git(where, ['read-tree', base], { env });
    await git(where, ['checkout-index', `--prefix=${sourceDir}/`, '-z', '--stdin'], { env, input });
    return { sourceDir, buildDir, [Symbol.asyncDispose]: remove };
  } catch (cause) {
    await remove();
    throw cause;
  }
}
