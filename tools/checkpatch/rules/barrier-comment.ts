// SPDX-License-Identifier: MIT
import { type AddedCode, addedCode, isKernelC, removedCalls, removedTexts } from '../c-lines.ts';
import { atLine } from '../places.ts';
import type { Rule } from '../rule.ts';

/** As checkpatch.pl has them, and those for DMA. */
const BARRIER =
  /(?<![\w.>])(?:(?:(?:smp|virt|dma)_)?[rw]?mb|(?:smp|virt)_(?:mb__(?:before|after)_atomic|store_release|load_acquire|store_mb)|smp_mb__after_spinlock|smp_acquire__after_ctrl_dep)\(/;
/** Lines of the same paragraph that may stand between a comment and its barrier. */
const MOST_BETWEEN = 5;

export const barrierComment: Rule = {
  id: 'barrier-comment',
  kind: 'source',
  severity: 'warning',
  title: 'a memory barrier has a comment that explains it',
  explanation: `A barrier orders two accesses against two others somewhere else, and nothing in the code shows which.
"All memory barriers […] need a comment in the source code that explains the logic of what they are doing and why": name the
accesses, and the barrier it pairs with.

The comment may stand on the line, below it, or above it in the same paragraph. A line that only moves or changes is left out.`,
  link: 'https://docs.kernel.org/process/submit-checklist.html#review-your-code',
  needs: 'mails',
  advice: 'say in a comment which accesses it orders and which barrier it pairs with',
  check: ({ series }) => {
    const removed = new Map(series.patches.map((patch) => [patch, removedTexts(patch)]));
    return [...addedCode(series, (path) => isKernelC(path) && !path.endsWith('barrier.h'))].flatMap((one) => {
      const call = one.directive ? undefined : BARRIER.exec(one.code)?.[0];
      if (call === undefined || isExplained(one)) return [];
      if (removed.get(one.patch)?.has(one.line.text.trim())) return [];
      if (removedCalls(one.hunk).has(call.slice(0, -1))) return [];
      return [{ place: atLine(one), quote: one.line.text, text: `${call}) has no comment` }];
    });
  },
};

function isExplained({ lines, index, comment }: AddedCode): boolean {
  if (comment || lines[index + 1]?.comment === true) return true;
  for (let up = 1; up <= MOST_BETWEEN; up++) {
    const above = lines[index - up];
    // Above the hunk there may be one: it is not for the rule to say there is none.
    if (above === undefined) return true;
    if (above.comment) return true;
    if (above.line.text.trim() === '') return false;
  }
  return false;
}
