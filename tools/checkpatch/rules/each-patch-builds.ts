// SPDX-License-Identifier: MIT
import { changesBuild, NOTHING_TO_BUILD } from '../builds/affected.ts';
import { atWarning } from '../builds/places.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

/** More errors of one patch are seldom read. */
const SHOWN = 5;

export const eachPatchBuilds: Rule = {
  id: 'each-patch-builds',
  kind: 'build',
  severity: 'error',
  title: 'the kernel builds after every patch of the series',
  explanation: `"When dividing your change into a series of patches, take special care to ensure that the kernel builds
and runs properly after each patch in the series. Developers using git bisect to track down a problem can end up
splitting your patch series at any point." Every commit is built in turn, with the configuration of respin run;
sources that it does not build are named. The vsock programs are built where a patch touches them.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#separate-your-changes',
  needs: 'build',
  advice: 'move what is missing into this patch or an earlier one: git rebase -x make finds the place',
  check: async (input) => {
    if (!changesBuild(input.series)) return NOTHING_TO_BUILD;
    const { failures, notBuilt } = await (await input.tree()).builds.kernels();
    const found = failures.flatMap(({ patch: index, why, errors }): Found[] => {
      const patch = input.series.patches.find((one) => one.index === index);
      const own = patch === undefined ? [] : errors.slice(0, SHOWN).map((one) => atWarning(patch, one));
      return own.length > 0 ? own : [{ place: placed('mail', index), quote: null, text: why }];
    });
    if (notBuilt.length === 0) return found;
    return { found, unknown: `not in the configuration that is built: ${notBuilt.join(', ')}` };
  },
};
