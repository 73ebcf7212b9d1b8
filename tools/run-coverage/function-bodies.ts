// SPDX-License-Identifier: MIT
/** Where the functions of a C source are: of one that nobody calls gcc makes nothing, and gcov does not say so. */
import { withoutComments } from './c-regions.ts';

/**
 * The functions of a source, from the line with the opening brace to that with the closing one: a block in braces
 * outside of any other that follows a closing parenthesis.
 * @param built by line, from 1: those of branches that are not compiled are passed over, whose braces need not match
 */
export function functionBodies(source: string, built: readonly boolean[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  let depth = 0;
  let first: number | null = null;
  let before = '';
  let inDirective = false;
  for (const [index, { text, continued }] of withoutComments(source.split('\n')).entries()) {
    inDirective = continued ? inDirective : /^\s*#/.test(text);
    if (inDirective || built[index + 1] === false) continue;
    for (const char of text) {
      if (char === '{') {
        if (depth === 0 && before === ')') first = index + 1;
        depth++;
      } else if (char === '}') {
        depth = Math.max(0, depth - 1);
        if (depth === 0 && first !== null) {
          found.push([first, index + 1]);
          first = null;
        }
      }
      if (char.trim() !== '') before = char;
    }
  }
  return found;
}
