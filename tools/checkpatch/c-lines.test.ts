// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hunk } from '../../core/series.ts';
import { declarationBlocks } from './c-declarations.ts';
import { definitions, inFunctions } from './c-functions.ts';
import { cLines, oldCLines } from './c-lines.ts';

/** `+`, `-` and space in the first column, as in a diff. */
function hunk(lines: readonly string[], heading = ''): Hunk {
  const kinds = { '+': 'add', '-': 'del', ' ': 'context' } as const;
  return {
    header: `@@ -1 +1 @@ ${heading}`,
    heading,
    oldStart: 1,
    oldCount: lines.length,
    newStart: 1,
    newCount: lines.length,
    lines: lines.map((text, at) => ({
      kind: kinds[text[0] as '+'] ?? 'context',
      text: text.slice(1),
      oldLine: at + 1,
      newLine: at + 1,
    })),
  };
}

const code = (lines: readonly string[]): string[] => cLines(hunk(lines)).map((one) => one.code);

describe('code and what is not', () => {
  it('blanks comments and strings and keeps every column', () => {
    expect(code(['+a = "x /* y" /* z */ + b; // c', "+c = '\"'; /* d", '+ * e', '+ */ f;'])).toEqual([
      'a = "      "         + b;     ',
      "c = ' ';     ",
      '    ',
      '    f;',
    ]);
  });

  it('gives what stands in strings', () => {
    const [line] = cLines(hunk(['+pr_info("a\\"%p", \'x\');']));
    expect(line?.strings.trim()).toBe('a\\"%p');
    expect(line?.code).toBe('pr_info("     ", \' \');');
  });

  it('knows that a hunk begins in a comment by its end', () => {
    expect(code([' of the lock', '+and more', '  */', '+f();']).map((text) => text.trim())).toEqual([
      '',
      '',
      '',
      'f();',
    ]);
  });

  it('takes leading lines with a star for one whose end is not shown', () => {
    expect(code(['  * of the lock', '+ * f();']).join('').trim()).toBe('');
    expect(code(['+\t*p = 1;'])).toEqual(['\t*p = 1;']);
  });

  it('leaves the other side out', () => {
    const both = hunk(['-old();', '+new();']);
    expect(cLines(both).map((one) => one.code)).toEqual(['new();']);
    expect(oldCLines(both).map((one) => one.code)).toEqual(['old();']);
  });

  it('takes every line of a macro for one', () => {
    const macro = cLines(hunk(['+#define F(x) \\', '+\tdo_it(x)', '+int a;', ' \tx; \\', ' \ty', '+int b;']));
    expect(macro.map(({ directive }) => directive)).toEqual([true, true, false, true, true, false]);
  });
});

describe('functions', () => {
  const names = (lines: readonly string[]): string[] =>
    definitions(cLines(hunk(lines))).map(({ name, text, close }) => `${name}|${text}|${close}`);

  it('reads a head over several lines, and one with all in it', () => {
    expect(
      names([
        '+static int',
        '+foo(int a, /* one */',
        '+    int b)',
        '+{',
        '+out:',
        '+\treturn 0;',
        '+}',
        '+static inline void bar(void) { }',
        '+int baz(void) {',
      ]),
    ).toEqual([
      'foo|static int foo(int a, int b)|6',
      'bar|static inline void bar(void)|7',
      'baz|int baz(void)|null',
    ]);
  });

  it('does not take an attribute for the name', () => {
    expect(names(['+static __printf(1, 2) void __foo(const char *f, ...)', '+{'])).toEqual([
      '__foo|static __printf(1, 2) void __foo(const char *f, ...)|null',
    ]);
  });

  it('knows what is none', () => {
    expect(
      names([
        '+struct a {',
        '+};',
        '+static const struct b c = {',
        '+};',
        '+#define d() {',
        '+int e[] = { f(1) };',
        '+DEFINE_X(y) =',
        '+{',
      ]),
    ).toEqual([]);
  });
});

describe('which lines are in a function', () => {
  const inside = (lines: readonly string[], heading = ''): string =>
    inFunctions(cLines(hunk(lines)), heading)
      .map((yes) => (yes ? 'f' : '.'))
      .join('');

  it('goes by braces in the first column', () => {
    expect(
      inside(['+int f(void)', '+{', '+\ta;', '+out:', '+\tb;', '+}', '+struct s {', '+\tint a;', '+};']),
    ).toBe('.ffff....');
  });

  it('learns from the closing brace what the hunk begins in', () => {
    expect(inside([' \ta();', '+\tb();', ' }', ' ', ' int c;'])).toBe('ff...');
    expect(inside([' \t.a = b,', '+\t.c = d,', ' };'], 'int f(void)')).toBe('...');
  });

  it('takes the heading for the head of a brace that comes first', () => {
    expect(inside([' {', '+\tb();'], 'int f(void)')).toBe('ff');
    expect(inside([' {', '+\tint b;'], 'struct f')).toBe('..');
  });

  it('believes a heading only with a statement', () => {
    expect(inside([' \ta(b);', '+\tc();'], 'static int f(int a)')).toBe('ff');
    expect(inside([' \tint a;', '+\tint b;'], 'static int f(int a)')).toBe('..');
    expect(inside([' \ta(b);', '+\tc();'], 'struct s {')).toBe('..');
  });
});

it('never throws and keeps every length', () => {
  const piece = fc.constantFrom(
    ...['/*', '*/', '//', '"', "'", '\\', '{', '}', '(', ')', ';', '#', ' * ', '\t', 'a', '=', ','],
  );
  const line = fc
    .tuple(fc.constantFrom('+', '-', ' '), fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }))
    .map(([kind, parts]) => kind + parts.join('').replaceAll('\n', ' '));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.string(), (lines, heading) => {
      const read = cLines(hunk(lines, heading));
      for (const one of read) {
        expect(one.code).toHaveLength(one.line.text.length);
        expect(one.strings).toHaveLength(one.line.text.length);
      }
      expect(inFunctions(read, heading)).toHaveLength(read.length);
      for (const { open, close } of definitions(read)) {
        expect(close === null || close >= open).toBe(true);
      }
    }),
  );
});

it('reads each line a bounded number of times', () => {
  // Twice the lines, twice as many looks at one: counted, not timed.
  const reads = (count: number): number => {
    let seen = 0;
    const lines = cLines(hunk(Array.from({ length: count }, () => '+int f() {'))).map((one) => ({
      ...one,
      get code() {
        seen++;
        return one.code;
      },
    }));
    definitions(lines);
    declarationBlocks(lines, '');
    return seen;
  };
  expect(reads(4000)).toBeLessThan(2.2 * reads(2000));
});
