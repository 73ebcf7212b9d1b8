// SPDX-License-Identifier: MIT
import { changesBuild, NOTHING_TO_BUILD } from '../builds/affected.ts';
import { isCompilers } from '../builds/new-warnings.ts';
import { atWarning, withLeftOut } from '../builds/places.ts';
import type { Rule } from '../rule.ts';

export const compilerWarnings: Rule = {
  id: 'compiler-warnings',
  kind: 'build',
  severity: 'warning',
  title: 'no patch brings a new warning of gcc with W=1',
  explanation: `netdev builds every patch with W=1 and counts the warnings before and after: a patch that adds one is
asked to be sent again. Only the objects that a patch touches are compiled; a warning that was there before and
has only moved is not new.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#testing',
  needs: 'build',
  advice: 'fix it in this patch',
  check: async (input) => {
    if (!changesBuild(input.series)) return NOTHING_TO_BUILD;
    const result = await (await input.tree()).builds.way('warnings');
    const found = result.patches.flatMap(({ patch, warnings }) =>
      warnings.filter((one) => isCompilers(one)).map((warning) => atWarning(patch, warning)),
    );
    return withLeftOut(found, result);
  },
};
