// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableLines, safeJson } from './escape.ts';

describe('printable', () => {
  it.each([
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['\x9b2J', '\\x9b2J'],
    ['a\x00b\x7f', 'a\\x00b\\x7f'],
    ['one\rtwo\nthree', 'one\\rtwo\\nthree'],
    ['if (x\u202e) {', 'if (x\\u202e) {'],
    ['\u2066\u2069\u200f\u061c', '\\u2066\\u2069\\u200f\\u061c'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\\ud800'],
  ])('escapes %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('leaves tabs, backslashes, accents, wide characters and emoji alone', () => {
    const text = '\treturn -EINVAL; \\n José 日本 \u{1f427}';
    expect(printable(text)).toBe(text);
  });

  it('leaves nothing that a terminal acts on, and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = printable(text);
        for (const char of safe) {
          const code = char.codePointAt(0) ?? 0;
          expect(code === 9 || (code >= 0x20 && code < 0x7f) || code >= 0xa0).toBe(true);
        }
        expect(printable(safe)).toBe(safe);
      }),
    );
  });
});

describe('printableLines', () => {
  it('keeps the lines and escapes within them', () => {
    expect(printableLines('a\x1b\r\nb\rc\n')).toBe('a\\x1b\nb\\rc\n');
  });
});

describe('safeJson', () => {
  it('escapes what a terminal acts on, and nothing else', () => {
    expect(safeJson({ line: '\x9b2J\x7f\u202e\u{e0041}é日\n' })).toBe(
      '{"line":"\\u009b2J\\u007f\\u202e\\udb40\\udc41é日\\n"}',
    );
    expect(safeJson({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it('loses nothing, and leaves nothing unprintable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(undefined, 2), (text, indent) => {
        const json = safeJson({ [text]: [text] }, indent);
        expect(JSON.parse(json)).toEqual({ [text]: [text] });
        expect(printableLines(json)).toBe(json);
      }),
    );
  });
});
