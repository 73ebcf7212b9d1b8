// SPDX-License-Identifier: MIT
import { changesBuild, NOTHING_TO_BUILD } from '../builds/affected.ts';
import { atWarning, withLeftOut } from '../builds/places.ts';
import { versionOf } from '../builds/shop.ts';
import type { Found, Rule } from '../rule.ts';

export const clangWarnings: Rule = {
  id: 'clang-warnings',
  kind: 'build',
  severity: 'warning',
  title: 'no patch brings a new warning of clang, where it is installed',
  explanation: `clang warns of other things than gcc, and bots build every series with it. Where clang is installed
the objects that a patch touches are compiled with CC=clang and W=1, before and after.`,
  link: 'https://docs.kernel.org/kbuild/llvm.html',
  needs: 'build',
  advice: 'fix it in this patch',
  check: async (input) => {
    if (!changesBuild(input.series)) return NOTHING_TO_BUILD;
    if ((await versionOf('clang')) === null) return { notForThis: 'clang is not installed, and not needed' };
    const result = await (await input.tree()).builds.way('clang');
    const found = result.patches.flatMap(({ patch, warnings, errors }): Found[] => [
      ...errors.map((error) => ({ ...atWarning(patch, error), severity: 'error' as const })),
      ...warnings.map((warning) => atWarning(patch, warning)),
    ]);
    return withLeftOut(found, result);
  },
};
