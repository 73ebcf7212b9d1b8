// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlignLine, align } from './align.ts';

/** Quoted lines: `~` in front of one says that what is above it may be left out, `…` that it is. */
const quoted = (...lines: string[]): AlignLine[] =>
  lines.map((line) => ({
    key: line.replace(/^[~…]/, ''),
    gap: /^[~…]/.test(line),
    cut: line.startsWith('…'),
  }));

const targets = (lines: readonly AlignLine[], answered: readonly string[]): (number | null)[] =>
  align(lines, answered).map((placed) => placed?.target ?? null);

const ANSWERED = [
  'intret;',
  '',
  'ret=one();',
  'if(ret)',
  'gotoout;',
  '',
  'ret=two();',
  'if(ret)',
  'gotoout;',
  '}',
];

describe('align', () => {
  it('finds all lines of a mail that is quoted whole', () => {
    expect(targets(quoted(...ANSWERED), ANSWERED)).toEqual([...ANSWERED.keys()]);
    expect(align(quoted(...ANSWERED), ANSWERED).every((one) => (one?.confidence ?? 0) > 0.9)).toBe(true);
  });

  it('tells lines that are there twice by those beside them', () => {
    expect(targets(quoted('~ret=one();', 'if(ret)', 'gotoout;'), ANSWERED)).toEqual([2, 3, 4]);
    expect(targets(quoted('~ret=two();', 'if(ret)', 'gotoout;'), ANSWERED)).toEqual([6, 7, 8]);
  });

  it('is not sure of a line that nothing tells from another', () => {
    const [alone] = align(quoted('~gotoout;'), ANSWERED);
    expect(alone?.confidence).toBeLessThan(0.5);
  });

  it('is sure of a long line that is there once, however few lines there are', () => {
    const answered = ['twobugsinthetxpath,andonethingfornapi.', '', 'thanks,', 'dana'];
    expect(align(quoted(`~${answered[0]}`), answered)[0]?.confidence).toBeGreaterThan(0.8);
  });

  it('goes over what was cut', () => {
    expect(targets(quoted('intret;', '…gotoout;', '}'), ANSWERED)).toEqual([0, 8, 9]);
  });

  it('leaves a line alone that is not there', () => {
    expect(targets(quoted('intret;', 'nothingofthekind', '~}'), ANSWERED)).toEqual([0, null, 9]);
  });

  it('puts a mangled line between its neighbours, where just one is missing', () => {
    const lines = quoted('ret=one();', 'if(rat)', '~gotoout;');
    expect(targets(lines, ANSWERED)).toEqual([2, 3, 4]);
  });

  it('asks for lines that are like one', () => {
    const similar = (key: string) => (key === 'ret=tow();' ? [{ target: 6, similarity: 0.9 }] : []);
    expect(align(quoted('~ret=tow();'), ANSWERED, similar)[0]?.target).toBe(6);
  });

  it('takes a blank line with the one above it', () => {
    expect(targets(quoted('intret;', '', 'ret=one();'), ANSWERED)).toEqual([0, 1, 2]);
  });

  it.each([
    ['lines that are nowhere', Array.from({ length: 200_000 }, (_, at) => `nowhere${at}`)],
    ['blank lines', new Array<string>(200_000).fill('')],
    ['one line again and again', new Array<string>(200_000).fill('gotoout;')],
  ])('does not choke on 200,000 %s', (_, lines) => {
    const started = performance.now();
    align(
      ['intret;', ...lines, '}'].map((key) => ({ key, gap: false, cut: false })),
      ANSWERED,
    );
    align(quoted('intret;', '}'), lines);
    align(
      lines.map((key) => ({ key, gap: true, cut: false })),
      lines.slice(0, 300),
    );
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

/** Few different lines, so that they are there more than once. */
const line = fc.constantFrom(
  '',
  '}',
  'if(ret)',
  'gotoout;',
  'ret=one();',
  'ret=two();',
  'vsock_do_it(skb);',
  'intret;',
);
const some = fc.array(line, { maxLength: 40 });
const alignLine = fc.record({ key: line, gap: fc.boolean(), cut: fc.boolean() });

describe('whatever is quoted', () => {
  it('goes back to lines in their order, a blank one to a blank one', () => {
    fc.assert(
      fc.property(fc.array(alignLine, { maxLength: 40 }), some, (lines, answered) => {
        const placed = align(lines, answered);
        expect(placed).toHaveLength(lines.length);
        let last = -1;
        for (const [at, one] of placed.entries()) {
          if (one === null) continue;
          expect(one.confidence).toBeGreaterThanOrEqual(0);
          expect(one.confidence).toBeLessThanOrEqual(1);
          expect(one.target).toBeLessThan(answered.length);
          expect(answered[one.target] === '').toBe(lines[at]?.key === '');
          expect(one.target, `line ${at}`).toBeGreaterThan(last);
          last = one.target;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is found whole when it is the whole', () => {
    fc.assert(
      fc.property(some, (answered) => {
        const lines = answered.map((key, at) => ({ key, gap: at === 0, cut: false }));
        const found = align(lines, answered).map((one) => one?.target ?? null);
        // Of nothing but blank lines none can be told.
        if (answered.some((key) => key !== '')) expect(found).toEqual([...answered.keys()]);
      }),
      { numRuns: 500 },
    );
  });

  it('is found when it is a part that is there once', () => {
    fc.assert(
      fc.property(some, fc.nat(40), fc.nat(40), (answered, from, length) => {
        const unique = answered.map((key, at) => (key === '' ? '' : `${key}/*${at}*/`));
        const part = unique.slice(from, from + length);
        const found = align(
          part.map((key, at) => ({ key, gap: at === 0, cut: false })),
          unique,
        );
        for (const [at, key] of part.entries()) if (key !== '') expect(found[at]?.target).toBe(from + at);
      }),
    );
  });
});
