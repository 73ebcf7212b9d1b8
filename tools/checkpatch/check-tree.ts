// SPDX-License-Identifier: MIT
/** A tree with a series applied, as rules look at it. */

import type { Series } from '../../core/series.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { fileAt } from '../../kernel-tree/git.ts';
import { BuildShop, type ShopOptions } from './builds/shop.ts';
import type { CheckTree } from './rule.ts';

/** Nothing is read or written before a rule asks. To be disposed of: it may hold a slot. */
export function checkTree(
  applied: AppliedSeries,
  series: Series,
  options: ShopOptions,
): CheckTree & AsyncDisposable {
  const builds = new BuildShop(applied, series, options);
  const { tree, patches } = applied;
  const after = (patch: number): string => {
    const at = series.patches.findIndex(({ index }) => index === patch);
    const commit = patches[at]?.commit;
    if (commit === undefined) throw new Error(`patch ${patch} was not applied`);
    return commit;
  };
  return {
    applied,
    before: (patch) => {
      const at = series.patches.findIndex(({ index }) => index === patch);
      return at === 0 ? tree.commit : after(series.patches[at - 1]?.index ?? patch);
    },
    after,
    file: async (commit, path) => await fileAt(tree.gitDir, commit, path),
    builds,
    [Symbol.asyncDispose]: async () => await builds[Symbol.asyncDispose](),
  };
}
