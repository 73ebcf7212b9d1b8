// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { jumpCount, jumpLines } from './jump-lines.ts';

/** Of lines that begin with `*`, those are the ones with a count. */
function jumps(lines: readonly string[]): number[][] {
  const code = new Set(lines.flatMap((line, index) => (line.startsWith('*') ? [index + 1] : [])));
  const source = lines.map((line) => line.replace(/^\*/, '')).join('\n');
  const built = [true, ...lines.map((line) => !line.startsWith('!'))];
  return jumpLines(source, built, code).map(({ line, before, behind }) => [line, before, behind]);
}

describe('a line that only jumps is found', () => {
  it.each<[string, string[], number[][]]>([
    ['return', [';', '*if (!a)', 'return b;', '*c();'], [[3, 2, 4]]],
    [
      'goto, break and continue',
      ['{', '*if (a)', 'goto out;', '*if (b)', 'break;', '*if (c)', 'continue;', '*d();'],
      [
        [3, 2, 4],
        [5, 4, 6],
        [7, 6, 8],
      ],
    ],
    ['a condition over lines', [';', '*if (a ||', '    f(b))', 'return;', '*c();'], [[4, 2, 5]]],
    ['in braces, with a comment', [';', '*if (a) {', '/* why */', 'return;', '}', '', '*c();'], [[4, 2, 7]]],
    ['behind it a line without a count', [';', '*if (a)', 'return;', 'b = 0;', '*c();'], [[3, 2, 5]]],
  ])('%s', (_, lines, found) => {
    expect(jumps(lines)).toEqual(found);
  });
});

describe('nothing is said', () => {
  it.each<[string, string[]]>([
    ['where gcov has a count', [';', '*if (a)', '*return;', '*c();']],
    ['of a line with more than a jump', [';', '*if (a)', 'return, b;}', '*c();']],
    ['behind an else', [';', '*if (a)', '*b();', 'else if (c)', 'return;', '*d();']],
    ['before an else', [';', '*if (a)', 'return;', 'else', '*d();']],
    ['in a loop without braces', [';', '*while (f())', '*if (a)', 'break;', '*c();']],
    ['at the end of a block', ['{', '*if (a)', 'return;', '}', '*c();']],
    ['before a label', [';', '*if (a)', 'return;', 'out:', '*c();']],
    ['before a loop', [';', '*if (a)', 'return;', '*for (;;)', '*c();']],
    ['of another condition', [';', '*while (a)', 'return;', '*c();']],
    ['of a block with more in it', [';', '*if (a) {', 'b = 1;', 'return;', '}', '*c();']],
    ['past a branch', [';', '*if (a)', 'return;', 'if (b)', '*c();']],
  ])('%s', (_, lines) => {
    expect(jumps(lines)).toEqual([]);
  });
});

it('runs as often as what is between the two', () => {
  const jump = { line: 2, before: 1, behind: 3 };
  expect(
    jumpCount(
      jump,
      new Map([
        [1, 10],
        [3, 8],
      ]),
    ),
  ).toBe(2);
  expect(
    jumpCount(
      jump,
      new Map([
        [1, 10],
        [3, 10],
      ]),
    ),
  ).toBe(0);
  expect(jumpCount(jump, new Map([[3, 1]]))).toBeNull();
  expect(jumpCount(jump, undefined)).toBe(0);
});
