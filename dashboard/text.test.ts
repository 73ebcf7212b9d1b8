// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ansi, fitted, type Line, line, shifted, span, textOf, widthOf } from './text.ts';

const anyText = fc.string({
  unit: fc.constantFrom('a', ' ', '\t', '漢', 'é', '😀', '\x1b', 'e\u0301', '\u202e'),
});
const anyLine: fc.Arbitrary<Line> = fc.array(anyText.map((text) => span(text, { color: 'red' })));

it('a line is fitted to exactly the cells it has', () => {
  fc.assert(
    fc.property(anyLine, fc.nat(60), (shown, width) => {
      expect(widthOf(fitted(shown, width))).toBe(width);
    }),
  );
});

it('what is cut ends in an ellipsis, and a wide character is not halved', () => {
  expect(textOf(fitted(line('abcdef'), 4))).toBe('abc…');
  expect(textOf(fitted(line('漢字漢'), 4))).toBe('漢 …');
  expect(textOf(fitted(line('漢字'), 4))).toBe('漢字');
});

it('tabs and control bytes of a patch are text', () => {
  expect(textOf(line('a\tb'))).toBe('a       b');
  expect(textOf(line('\x1b[2J'))).toBe('\\x1b[2J');
});

it('shifting drops cells from the left', () => {
  expect(textOf(shifted([span('ab', { bold: true }), span('cd')], 3))).toBe('d');
  expect(textOf(shifted(line('漢字'), 1))).toBe('字');
  expect(shifted(line('ab'), 5)).toEqual([]);
});

it('colour is left out where it is not wanted, the cursor is not', () => {
  const shown = [span('a', { color: 'red', dim: true }), span('b', { inverse: true })];
  expect(ansi(shown, false)).toBe('a\x1b[7mb\x1b[0m');
  expect(ansi(shown, true)).toBe('\x1b[2;31ma\x1b[0m\x1b[7mb\x1b[0m');
});
