// SPDX-License-Identifier: MIT
import { addedCode, removedCalls, removedTexts } from '../c-lines.ts';
import { atLine } from '../places.ts';
import type { Rule } from '../rule.ts';

const BUG = /(?<!\w)(?:BUG|BUG_ON|VM_BUG_ON\w{0,20})\(/;

export const noBug: Rule = {
  id: 'no-bug',
  kind: 'source',
  severity: 'warning',
  title: 'new code does not crash the kernel with BUG()',
  explanation: `"Do not add new code that uses any of the BUG() variants, such as BUG(), BUG_ON(), or VM_BUG_ON()."
BUG() ends the task it hits in the middle of what it holds; often the machine is lost with it, and so is the report of
what happened. WARN_ON_ONCE() and a way to go on say the same and let the user keep the machine; who wants to stop at
once sets panic_on_warn.

BUILD_BUG_ON() is another thing and welcome. A line that only moves or changes is left out.`,
  link: 'https://docs.kernel.org/process/coding-style.html#use-warn-rather-than-bug',
  needs: 'mails',
  advice: 'use WARN_ON_ONCE() and go on, or return an error',
  check: ({ series }) => {
    const removed = new Map(series.patches.map((patch) => [patch, removedTexts(patch)]));
    return [...addedCode(series)].flatMap((one) => {
      const call = one.directive ? undefined : BUG.exec(one.code)?.[0];
      if (call === undefined || removed.get(one.patch)?.has(one.line.text.trim())) return [];
      if (removedCalls(one.hunk).has(call.slice(0, -1))) return [];
      return [{ place: atLine(one), quote: one.line.text, text: `a new ${call})` }];
    });
  },
};
