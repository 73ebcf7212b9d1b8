// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, formatTable, truncate, wrapText } from './table.ts';

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['✓ ok', 4],
    ['\u{1f427}', 2],
    ['한글', 4],
    ['', 0],
  ])('%j takes %i cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });
});

describe('truncate', () => {
  it('cuts to the width and never splits a wide character', () => {
    expect(truncate('abcdef', 4)).toBe('abc…');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('abc', 3)).toBe('abc');
  });

  it('never gives more than it was asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => {
        expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapText', () => {
  it('breaks at spaces and lets a long word stand alone', () => {
    expect(wrapText('a bb ccc dddddddd e', 6)).toEqual(['a bb', 'ccc', 'dddddddd', 'e']);
  });
});

describe('formatTable', () => {
  it('aligns columns with wide characters in them', () => {
    const text = formatTable(
      [{ title: 'name' }, { title: 'n', align: 'right' }, { title: 'why' }],
      [
        ['日本', '7', 'x'],
        ['abc', '12', ''],
      ],
    );
    expect(text).toBe('name   n  why\n日本   7  x\nabc   12\n');
  });

  it('wraps the column that may, below its own start', () => {
    const text = formatTable(
      [{ title: 'a' }, { title: 'why', wrap: true }],
      [['x', 'one two three four five six seven']],
      { width: 30, bare: true },
    );
    expect(text).toBe('x  one two three four five six\n   seven\n');
  });
});
