// SPDX-License-Identifier: MIT
import { inFunctions } from '../c-functions.ts';
import { addedCode, type CLine, isKernelC } from '../c-lines.ts';
import { atLine } from '../places.ts';
import type { Rule } from '../rule.ts';

const CONDITION = /^\s*#\s*(?:ifdef|ifndef|if)\b.{0,200}?\bCONFIG_\w/;

export const ifdefInFunction: Rule = {
  id: 'ifdef-in-function',
  kind: 'source',
  severity: 'note',
  title: 'a function body has no #ifdef CONFIG_…',
  explanation: `Code between #ifdef and #endif is compiled in some configurations and rots in the others. "Prefer to
compile out entire functions, rather than portions of functions": a stub in a header for the case without, or
IS_ENABLED() in a normal if, which the compiler checks and then drops. An #ifdef has to stay where the code names
symbols that are not there without the option.`,
  link: 'https://docs.kernel.org/process/coding-style.html#conditional-compilation',
  needs: 'mails',
  advice: 'use if (IS_ENABLED(CONFIG_…)), or a function with a stub in a header',
  check: ({ series }) => {
    const scopes = new WeakMap<readonly CLine[], boolean[]>();
    return [...addedCode(series, (path) => isKernelC(path) && path.endsWith('.c'))].flatMap((one) => {
      if (!CONDITION.test(one.code)) return [];
      const inside = scopes.get(one.lines) ?? inFunctions(one.lines, one.hunk.heading);
      scopes.set(one.lines, inside);
      if (inside[one.index] !== true) return [];
      const option = /\bCONFIG_\w+/.exec(one.code)?.[0] ?? '';
      return [{ place: atLine(one), quote: one.line.text, text: `a new #if on ${option} in a function` }];
    });
  },
};
