// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findExact, findNearest } from './nearest.ts';

const file = ['a', '', 'b', '{', '\tone();', '\ttwo();', '}', '', 'c', '{', '\tthree();', '\tfour();', '}'];

describe('findExact', () => {
  test('the place nearest to the expected one', () => {
    expect(findExact(file, ['{'], 1)).toBe(4);
    expect(findExact(file, ['{'], 9)).toBe(10);
    expect(findExact(file, ['\ttwo();', '}', ''], 1)).toBe(6);
    expect(findExact(file, ['\ttwo();', '{'], 1)).toBeNull();
  });
});

describe('findNearest', () => {
  test('most lines the same; white space apart still counts as near', () => {
    expect(findNearest(file, ['c', '{', '\tthree();', '\tnew();', '}'], 1)).toEqual({
      line: 9,
      matching: 4,
      of: 5,
    });
    expect(findNearest(file, ['{', '    one();', '    two();'], 12)).toEqual({ line: 4, matching: 1, of: 3 });
  });

  test('braces and blank lines alone are no place', () => {
    expect(findNearest(file, ['{', 'x();', '}'], 4)).toBeNull();
    expect(findNearest([], ['a'], 1)).toBeNull();
  });

  test('a window of the file with one line changed is found where it was', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `line ${i};`);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 6 }), (start, at) => {
        const wanted = lines.slice(start, start + 7).map((line, i) => (i === at ? 'other();' : line));
        expect(findNearest(lines, wanted, 40)).toEqual({ line: start + 1, matching: 6, of: 7 });
      }),
    );
  });

  test('a file of equal lines does not take long', () => {
    const lines = Array.from({ length: 200_000 }, () => '\tx();');
    expect(findExact(lines, [...lines.slice(0, 50_000), 'y'], 1)).toBeNull();
    expect(findNearest(lines, lines.slice(0, 50_000), 1)).toBeNull();
  }, 10_000);
});
