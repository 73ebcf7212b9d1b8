// SPDX-License-Identifier: MIT
import { atWarning } from '../builds/places.ts';
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
    const { patches } = await (await input.tree()).builds.way('i386');
    return patches.flatMap(({ patch, warnings, errors }): Found[] => [
      ...errors.map((error) => atWarning(patch, error)),
      ...warnings.map((warning) => ({ ...atWarning(patch, warning), severity: 'warning' as const })),
    ]);
  },
};
