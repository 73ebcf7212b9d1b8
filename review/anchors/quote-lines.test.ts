// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasLostMarks,
  innerOf,
  learnStyle,
  type QuoteStyle,
  readQuoteLine,
  squeeze,
  unflow,
  unstuff,
} from './quote-lines.ts';

const STYLES: readonly QuoteStyle[] = ['angle', 'bar', 'colon', 'initials'];

describe('readQuoteLine', () => {
  it.each<[string, QuoteStyle, number, string]>([
    ['my own words', 'angle', 0, 'my own words'],
    ['> int ret;', 'angle', 1, 'int ret;'],
    ['>> int ret;', 'angle', 2, 'int ret;'],
    ['> > \tint ret;', 'angle', 2, '\tint ret;'],
    ['>+\tint ret;', 'angle', 1, '+\tint ret;'],
    ['| int ret;', 'angle', 0, '| int ret;'],
    ['| int ret;', 'bar', 1, 'int ret;'],
    [': > int ret;', 'colon', 2, 'int ret;'],
    ['BE> AL> int ret;', 'initials', 2, 'int ret;'],
    ['ÄÖ> int ret;', 'initials', 1, 'int ret;'],
    ['>> net/x.c:12:3: warning: a robot speaks', 'angle', 0, '>> net/x.c:12:3: warning: a robot speaks'],
    ['', 'angle', 0, ''],
    ['>', 'angle', 1, ''],
  ])('%j, %s', (raw, style, depth, text) => {
    expect(readQuoteLine(raw, style)).toEqual({ depth, text, raw });
  });

  it('counts no further than anybody quotes, however many marks there are', () => {
    expect(readQuoteLine('>'.repeat(200_000), 'angle').depth).toBe(30);
  });
});

describe('innerOf', () => {
  it('takes one level off', () => {
    expect(innerOf('> > int ret;', 'angle')).toBe(' > int ret;');
    expect(innerOf('> int ret;', 'angle')).toBe('int ret;');
    expect(innerOf('int ret;', 'angle')).toBe('int ret;');
  });
});

describe('learnStyle', () => {
  const patch = ['int one(void);', 'int two(void);', 'int three(void);', 'int four(void);'];
  const known = new Set(patch.map(squeeze));
  const quotedWith = (mark: string): string[] => [
    'Hello,',
    '',
    ...patch.map((line) => `${mark}${line}`),
    '',
    'why?',
  ];

  it.each<[string, QuoteStyle]>([
    ['> ', 'angle'],
    ['| ', 'bar'],
    [': ', 'colon'],
    ['BE> ', 'initials'],
    ['> > ', 'angle'],
  ])('%j', (mark, style) => {
    expect(learnStyle(quotedWith(mark), known)).toBe(style);
  });

  it('is the usual one when nothing is known, and when there is nothing to choose', () => {
    expect(learnStyle(quotedWith('| '), new Set())).toBe('angle');
    expect(learnStyle(['| a table', '| of two'], known)).toBe('angle');
  });
});

describe('hasLostMarks', () => {
  const lines = ['int one(void);', 'int two(void);', 'int three(void);', 'int four(void);'];
  const known = new Set(lines.map(squeeze));
  const read = (raw: string[]) => raw.map((line) => readQuoteLine(line, 'angle'));

  it('sees that a mail repeats the other without marks', () => {
    expect(hasLostMarks(read(lines), known)).toBe(true);
    expect(hasLostMarks(read(lines.map((line) => `> ${line}`)), known)).toBe(false);
    expect(hasLostMarks(read(['Did you mean', 'int two(void);']), known)).toBe(false);
  });
});

describe('format=flowed', () => {
  it('is joined where a line ends in a blank, but for the signature mark', () => {
    expect(unflow(['one ', 'two', 'three', '-- ', 'Ann'])).toEqual(['one two', 'three', '-- ', 'Ann']);
  });

  it('loses the blank it puts in front', () => {
    expect([' From here', '  two', 'one'].map(unstuff)).toEqual(['From here', ' two', 'one']);
  });
});

describe('whatever a line is', () => {
  const piece = fc.constantFrom(
    '>',
    ' ',
    '\t',
    '|',
    ':',
    'BE',
    'ÄÖ',
    '>> a.c:1: ',
    'int ret;',
    '\u00a0',
    '𝒳',
    '\ud800',
  );
  const anyLine = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );

  it('what is read of it is its end', () => {
    fc.assert(
      fc.property(anyLine, fc.constantFrom(...STYLES), (raw, style) => {
        const { depth, text } = readQuoteLine(raw, style);
        expect(raw.endsWith(text)).toBe(true);
        expect(depth === 0).toBe(text === raw);
        expect(raw.endsWith(innerOf(raw, style))).toBe(true);
      }),
    );
  });

  it('one level less is left when one is taken off', () => {
    fc.assert(
      fc.property(anyLine, fc.constantFrom(...STYLES), (raw, style) => {
        const { depth } = readQuoteLine(raw, style);
        const inner = readQuoteLine(innerOf(raw, style), style);
        // What is left may look like a robot's line, which nothing is taken off.
        if (depth > 1 && depth < 30 && !/>> \S+:\d/.test(raw)) expect(inner.depth).toBe(depth - 1);
      }),
    );
  });

  it('squeezing twice is squeezing once, and takes white space only', () => {
    fc.assert(
      fc.property(anyLine, (raw) => {
        expect(squeeze(squeeze(raw))).toBe(squeeze(raw));
        expect(squeeze(raw)).toBe(raw.replace(/\s/g, ''));
      }),
    );
  });

  it('the same style is learned from the same lines, and never with an error', () => {
    fc.assert(
      fc.property(fc.array(anyLine), fc.array(anyLine), (lines, other) => {
        const known = new Set(other.map(squeeze));
        expect(STYLES).toContain(learnStyle(lines, known));
        expect(unflow(lines).join('')).toBe(lines.join(''));
      }),
    );
  });
});
