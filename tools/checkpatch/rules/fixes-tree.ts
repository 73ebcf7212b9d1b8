// SPDX-License-Identifier: MIT
import { fixesOf } from '../fixes.ts';
import { placed, SERIES } from '../places.ts';
import type { Rule } from '../rule.ts';

export const fixesTree: Rule = {
  id: 'fixes-tree',
  kind: 'series',
  severity: 'warning',
  title: 'a series for net has a Fixes: line; one for net-next seldom does',
  explanation: `"the net tree is for fixes to existing code already in the mainline tree", and "for fixes the Fixes: tag is
required, regardless of the tree". Without one it cannot be told which kernels need the fix. In net-next, a Fixes:
line is right for what is only there, or too small for net: that is a note.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#tl-dr',
  needs: 'mails',
  profile: 'netdev',
  advice: 'add a Fixes: line with the commit that brought the fault in, or send it to net-next',
  check: ({ series }) => {
    const trees = series.patches.flatMap(({ prefixes }) => prefixes.map((word) => word.toLowerCase()));
    const fixes = series.patches.flatMap(({ index, body }) =>
      fixesOf(body).map((one) => ({ index, ...one })),
    );
    if (trees.includes('net')) {
      if (fixes.length > 0) return [];
      return [{ place: SERIES, quote: null, text: 'a series for net has no Fixes: line' }];
    }
    if (!trees.includes('net-next')) return { notForThis: 'neither for net nor for net-next' };
    return fixes.map(({ index, line, text }) => ({
      place: placed('message', index, line),
      quote: text,
      text: 'the patch has a Fixes: line and is for net-next',
      advice: 'send it to net when the fault is in mainline and users see it',
      severity: 'note' as const,
    }));
  },
};
