// SPDX-License-Identifier: MIT

import { changesBuild, NOTHING_TO_BUILD } from '../builds/affected.ts';
import type { Warning } from '../builds/new-warnings.ts';
import { atWarning, withLeftOut } from '../builds/places.ts';
import type { Found, Rule } from '../rule.ts';

export const buildsOn32Bit: Rule = {
  id: 'builds-on-32-bit',
  kind: 'build',
  severity: 'error',
  title: 'what a patch touches compiles for 32 bits as well, without new warnings',
  explanation: `On 32 bits a long is shorter than a u64, division of a u64 needs a helper, and a pointer cast loses
nothing: what netdev's CI finds with its 32-bit build. The objects that a patch touches are compiled with
ARCH=i386, before and after.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#testing',
  needs: 'build',
  advice: 'use the fixed-width types and do_div() or div_u64(), and %llu with u64',
  check: async (input) => {
    if (!changesBuild(input.series)) return NOTHING_TO_BUILD;
    const { builds } = await input.tree();
    const result = await builds.way('i386');
    // What is wrong on 64 bits as well is told by the rules on those.
    const { failures } = await builds.kernels();
    const native = (await builds.way('warnings')).patches.flatMap(({ warnings }) => warnings);
    const known = new Set([...failures.flatMap(({ errors }) => errors), ...native].map(keyOf));
    const isOwn = (one: Warning): boolean => !known.has(keyOf(one));
    const found = result.patches.flatMap(({ patch, warnings, errors }): Found[] => [
      ...errors.filter(isOwn).map((error) => atWarning(patch, error)),
      ...warnings.filter(isOwn).map((one) => ({ ...atWarning(patch, one), severity: 'warning' as const })),
    ]);
    return withLeftOut(found, result);
  },
};

function keyOf({ path, line, text }: Warning): string {
  return `${path}:${line}:${text}`;
}
