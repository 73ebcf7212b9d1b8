// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSnip, isTrailerLine } from '../mails/mail-words.ts';
import { isAttribution, type OwnRun, withoutTrailers, wordsOf } from './own-words.ts';

const RUN: OwnRun = { lines: [], first: false, last: false, quoteBelow: false, name: 'Rita Reviewer' };
const words = (lines: string[], more: Partial<OwnRun> = {}): string[] | null => {
  const range = wordsOf({ ...RUN, lines, ...more });
  return range === null ? null : lines.slice(range[0], range[1]);
};

describe('withoutTrailers', () => {
  it('leaves out what is said to a bot, and to nobody else', () => {
    expect(withoutTrailers(['On which hardware?', '', 'pw-bot: cr'])).toBe('On which hardware?');
    expect(withoutTrailers(['pw-bot: changes-requested'])).toBe('');
  });
});

describe('wordsOf', () => {
  it('gives the words without blank lines and cut marks around them', () => {
    expect(words(['', 'Why not d?', '', '[...]', ''])).toEqual(['Why not d?']);
    expect(words(['', '[snip]', ''])).toBeNull();
  });

  it('takes a greeting and the attribution above the first quote off', () => {
    const first = { first: true, quoteBelow: true };
    expect(words(['Hi Ann,', '', 'On Mon, Nov 2, 2026 at 10:00 AM, Ann Author wrote:'], first)).toBeNull();
    expect(
      words(
        ['On Mon, Nov 2, 2026 at 10:00 AM, Ann Author', '<ann@example.org> wrote:', '', 'Hi,', '', 'why?'],
        { first: true },
      ),
    ).toEqual(['why?']);
  });

  it('takes closing, name and signature off the last words', () => {
    expect(words(['Why not d?', '', 'Thanks,', 'Rita', '-- ', 'sent from a train'], { last: true })).toEqual([
      'Why not d?',
    ]);
    expect(words(['Why not d?', '', 'Rita'], { last: true })).toEqual(['Why not d?']);
    expect(
      words(['Why not d?', '', '_______________________________________________', 'list footer']),
    ).toEqual(['Why not d?']);
  });

  it('does not take the words for a greeting that only begin like one', () => {
    expect(words(['Hi there is a bug in this: ret is lost.'], { first: true })).toEqual([
      'Hi there is a bug in this: ret is lost.',
    ]);
  });
});

describe('lines that are no words', () => {
  it.each(['[...]', '...', '<snip>', '[snip]', '…', '-- snip --', '[ ... ]'])('%s is a cut', (line) => {
    expect(isSnip(line)).toBe(true);
  });

  it.each(['what ... is this', 'snippet(a);', 'cut it short'])('%s is none', (line) => {
    expect(isSnip(line)).toBe(false);
  });

  it.each(['Reviewed-by: Rita <rita@example.org>', 'Reported-and-tested-by: Rita <rita@example.org>'])(
    '%s is a tag',
    (line) => {
      expect(isTrailerLine(line)).toBe(true);
    },
  );

  it.each(['Fixes: 012345678901 ("x")', 'Cc: stable@example.org'])('%s asks for something', (line) => {
    expect(isTrailerLine(line)).toBe(false);
  });

  it.each([
    [['On Mon, Nov 2, 2026 at 10:00:00AM +0000, Ann Author wrote:']],
    [['Am 02.11.26 um 10:00 schrieb Ann Author:']],
    [['2026年11月2日 10:00 Ann Author <ann@example.org>:']],
    [['On Mon, 2 Nov 2026, at 10:00, Ann Author', '<ann@example.org> wrote:']],
  ])('%j say whose words follow', (lines) => {
    expect(isAttribution(lines)).toBe(true);
  });

  it('a sentence with a colon does not', () => {
    expect(isAttribution(['I would rather see this:'])).toBe(false);
  });
});

describe('whatever the lines are', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '',
      'Hi Ann,',
      'Thanks,',
      'Rita',
      '-- ',
      '[...]',
      'On Mon, Nov 2, 2026, Ann wrote:',
      'Why not d?',
      '________________',
      'x:',
      '<a@b> 2026:',
      'Reviewed-by: x',
      ' ',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );

  it('the words are a part of them, and the words of the words are all of them', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (lines, first, last, quoteBelow) => {
          const run = { ...RUN, lines, first, last, quoteBelow };
          const range = wordsOf(run);
          if (range === null) return;
          const [from, to] = range;
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(lines.length);
          expect(lines[from]?.trim()).not.toBe('');
          expect(lines[to - 1]?.trim()).not.toBe('');
          // Neither a greeting below a greeting nor a closing above a closing is looked for again.
          const again = wordsOf({ ...RUN, lines: lines.slice(from, to) });
          expect(again).toEqual([0, to - from]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a long line', ['word '.repeat(1_000_000)]],
    ['a long line of blanks', [`Thanks${' '.repeat(1_000_000)}x`]],
    ['a long line of dots', ['.'.repeat(1_000_000)]],
    ['many lines', new Array<string>(100_000).fill('word word word')],
    ['many blank lines', new Array<string>(100_000).fill('')],
    ['a long name', [`${'A'.repeat(1_000_000)} <`]],
  ])('%s does not hold it up', (_, lines) => {
    const started = performance.now();
    for (const flag of [true, false]) wordsOf({ ...RUN, lines, first: flag, last: flag, quoteBelow: flag });
    for (const one of lines.slice(0, 3)) [isSnip(one), isTrailerLine(one), isAttribution([one])];
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
