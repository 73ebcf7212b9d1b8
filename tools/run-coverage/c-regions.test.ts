// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtLines, withoutComments } from './c-regions.ts';

/** The lines of a source that are compiled, given what the preprocessor left of it. */
function built(source: string, left: readonly number[]): number[] {
  return builtLines(source, new Set(left)).flatMap((one, line) => (one && line > 0 ? [line] : []));
}

describe('a branch is compiled', () => {
  const source = [
    'int a;',
    '#ifdef X',
    'int b;',
    '/* why */',
    'int c;',
    '#else',
    'int d;',
    '#endif',
    'int e;',
  ].join('\n');

  it('when a line of it is left, and then with its comments', () => {
    expect(built(source, [1, 3, 5, 9])).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
    expect(built(source, [1, 7, 9])).toEqual([1, 2, 6, 7, 8, 9]);
  });

  it('when a branch within it is', () => {
    const nested = ['#if A', '#if B', 'int b;', '#endif', '#endif'].join('\n');
    expect(built(nested, [3])).toEqual([1, 2, 3, 4, 5]);
  });

  it('when nothing in it would be left anyway', () => {
    const defines = [
      '#ifndef H',
      '#define H',
      '#ifdef X',
      '#define A 1',
      '#else',
      '#define A 2',
      '#endif',
      'int a;',
      '#endif',
    ];
    expect(built(defines.join('\n'), [8])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('with all lines of a macro that the preprocessor puts on one', () => {
    expect(built('foo(a,\n    b);', [1])).toEqual([1, 2]);
  });

  it('never when the file is not', () => {
    expect(built('int a;\n', [])).toEqual([]);
  });

  it('whatever a comment or a string says', () => {
    const quoted = ['/* ', '#if 0', '*/', 'char *s = "/*";', 'int a; // \\', '#if 0', 'int b;'].join('\n');
    expect(built(quoted, [4, 5, 7])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('of a file without its #endif, and one with too many', () => {
    expect(built('#if A\nint a;', [])).toEqual([]);
    expect(built('#endif\nint a;', [2])).toEqual([1, 2]);
  });
});

it('takes comments out and leaves the code', () => {
  const texts = withoutComments(['a /* b */ c // d', '"/*" e', "'\"' f /*", 'g */ h']).map(
    ({ text }) => text,
  );
  expect(texts).toEqual(['a   c ', '"" e', "'' f ", '  h']);
});

it('says something of every line of any text, and calls compiled what is left', () => {
  const line = fc.constantFrom(
    'int a;',
    '#if X',
    '#else',
    '#elif Y',
    '#endif',
    '/*',
    '*/',
    '',
    '#define B \\',
    '"',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.array(fc.nat(29)), (lines, picked) => {
      const left = new Set(picked.map((at) => at + 1).filter((at) => at <= lines.length));
      const result = builtLines(lines.join('\n'), left);
      if (lines.length > 0) expect(result).toHaveLength(lines.length + 1);
      for (const one of left) expect(result[one]).toBe(true);
    }),
  );
});
