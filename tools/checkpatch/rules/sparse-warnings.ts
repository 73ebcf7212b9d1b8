// SPDX-License-Identifier: MIT
import { RespinError } from '../../../core/errors.ts';
import { changesBuild, NOTHING_TO_BUILD } from '../builds/affected.ts';
import { isCompilers } from '../builds/new-warnings.ts';
import { atWarning, withLeftOut } from '../builds/places.ts';
import { versionOf } from '../builds/shop.ts';
import type { Rule } from '../rule.ts';

export const sparseWarnings: Rule = {
  id: 'sparse-warnings',
  kind: 'build',
  severity: 'warning',
  title: 'no patch brings a new warning of sparse',
  explanation: `sparse knows what a compiler does not: user and kernel pointers, byte orders, locks that are taken and
not released. make C=2 runs it on the objects that a patch touches, before and after.`,
  link: 'https://docs.kernel.org/dev-tools/sparse.html',
  needs: 'build',
  advice: 'fix it in this patch; the annotations are __user, __rcu, __le32, __acquires and the like',
  check: async (input) => {
    if (!changesBuild(input.series)) return NOTHING_TO_BUILD;
    if ((await versionOf('sparse')) === null) {
      throw new RespinError({
        code: 'TOOL_MISSING',
        blame: 'machine',
        message: 'sparse is not installed',
        hint: 'apt install sparse',
      });
    }
    const result = await (await input.tree()).builds.way('warnings');
    const found = result.patches.flatMap(({ patch, warnings }) =>
      warnings.filter((one) => !isCompilers(one)).map((warning) => atWarning(patch, warning)),
    );
    return withLeftOut(found, result);
  },
};
