// SPDX-License-Identifier: MIT
import { addedCode, isKernelC, removedTexts } from '../c-lines.ts';
import { atLine } from '../places.ts';
import type { Rule } from '../rule.ts';

const INLINE = /\binline\b/;
/** What stands in for a function that is configured away. */
const STUB = /\{\s{0,40}(?:return[^;{]{0,80};)?\s{0,40}\}$/;

export const inlineInC: Rule = {
  id: 'inline-in-c',
  kind: 'source',
  severity: 'warning',
  title: 'a function in a .c file is not inline',
  explanation: `The compiler inlines a static function of a .c file when that pays, without being told; the keyword only
takes the choice from it, and stays when the function grows or gets a second caller. The kernel's coding style calls it
a disease: "Abundant use of the inline keyword leads to a much bigger kernel". Netdev's patchwork reports every new one.

In a header the keyword is right, and on a stub of one line. Where it was measured to help, say so in the commit message; __always_inline is for
what must be inlined to be right.`,
  link: 'https://docs.kernel.org/process/coding-style.html#the-inline-disease',
  needs: 'mails',
  profile: 'netdev',
  advice: 'leave the keyword out and the choice to the compiler',
  check: ({ series }) => {
    const before = new Map(
      series.patches.map((patch) => [
        patch,
        new Set([...removedTexts(patch)].filter((text) => INLINE.test(text)).map(nameIn)),
      ]),
    );
    return [...addedCode(series, (path) => isKernelC(path) && path.endsWith('.c'))]
      .filter(({ code, directive }) => !directive && /^[a-z_]/.test(code) && INLINE.test(code))
      .filter(({ code }) => !STUB.test(code.trimEnd().slice(-200)))
      .filter(({ code, patch }) => before.get(patch)?.has(nameIn(code)) !== true)
      .map((one) => {
        const name = nameIn(one.code);
        const text = `${name === '' ? 'a function' : `${name}()`} is inline in a .c file`;
        return { place: atLine(one), quote: one.line.text, text };
      });
  },
};

/** The word in front of the first bracket: of a function's head its name. */
function nameIn(code: string): string {
  const bracket = code.indexOf('(');
  return bracket < 0 ? '' : (/\w+$/.exec(code.slice(0, bracket).trimEnd().slice(-200))?.[0] ?? '');
}
