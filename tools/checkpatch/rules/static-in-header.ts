// SPDX-License-Identifier: MIT
import { type Definition, definitions } from '../c-functions.ts';
import { cLines, isKernelC, removedCalls } from '../c-lines.ts';
import { atLine, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

/** A word in capitals may stand for `static inline` too. */
const SHARED = /inline|INLINE|\b(?:__maybe_unused|__used|__attribute__)\b|^(?:static )?[A-Z_]{4,}\b/;
/** Headers that are made to be included once each by what completes them. */
const TEMPLATE = /(?:tmpl|template|_impl\.h$|^include\/trace\/)/;

export const staticInHeader: Rule = {
  id: 'static-in-header',
  kind: 'source',
  severity: 'warning',
  title: 'a function with its body in a header is static inline',
  explanation: `A header is included by many files. A function in it that is static but not inline is put into each of
them, and where it is not called the compiler warns of an unused function; one that is not even static is defined in each
of them, and the linker refuses the second.

What is small enough to stand in a header is static inline, the way the kernel writes what used to be a macro. Anything
else belongs into a .c file, with its declaration in the header. Headers that are templates are left out.`,
  link: 'https://docs.kernel.org/process/4.Coding.html#inline-functions',
  needs: 'mails',
  advice: 'make it static inline when it is small, or put its body into a .c file',
  check: ({ series }) =>
    series.patches.flatMap((patch) => {
      const removed = new Set(
        patch.files.flatMap(({ hunks }) => hunks.flatMap((hunk) => [...removedCalls(hunk)])),
      );
      return patch.files
        .filter((file) => isHeader(pathOf(file)))
        .flatMap((file) =>
          file.hunks.flatMap((hunk) =>
            definitions(cLines(hunk)).flatMap((one): Found[] => {
              const first = one.head[0];
              if (first?.line.kind !== 'add' || !isBare(one)) return [];
              if (removed.has(one.name)) return [];
              const kind = /^static\b/.test(one.text) ? 'static but not inline' : 'not static inline';
              return [
                {
                  place: atLine({ patch, file, hunk, line: first.line, at: first.at }),
                  quote: first.line.text,
                  text: `${one.name}() has its body in a header and is ${kind}`,
                },
              ];
            }),
          ),
        );
    }),
};

function isHeader(path: string): boolean {
  return isKernelC(path) && path.endsWith('.h') && !TEMPLATE.test(path);
}

/** A macro in a function's place may make it whatever it likes. */
function isBare({ text, name }: Definition): boolean {
  return !SHARED.test(text) && /[a-z]/.test(name) && /^\w+[\s*]+\w/.test(text);
}
