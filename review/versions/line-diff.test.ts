// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonLength } from './common-length.ts';
import { type LineStep, lineDiff, lineNumbers } from './line-diff.ts';

/** The textbook table: O(n × m). */
function lcsLength(a: readonly string[], b: readonly string[]): number {
  let above = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const row = [0];
    b.forEach((other, at) => {
      row.push(line === other ? (above[at] ?? 0) + 1 : Math.max(row[at] ?? 0, above[at + 1] ?? 0));
    });
    above = row;
  }
  return above[b.length] ?? 0;
}

const kept = (steps: LineStep[]): number =>
  steps.filter((step) => step.before !== null && step.after !== null).length;

function expectRight(a: readonly string[], b: readonly string[], steps: LineStep[]): void {
  const befores = steps.flatMap((step) => (step.before === null ? [] : [step.before]));
  const afters = steps.flatMap((step) => (step.after === null ? [] : [step.after]));
  expect(befores).toEqual(a.map((_, at) => at));
  expect(afters).toEqual(b.map((_, at) => at));
  for (const { before, after } of steps) {
    if (before !== null && after !== null) expect(a[before]).toBe(b[after]);
  }
}

const few = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 });
const some = fc.array(fc.integer({ min: 0, max: 25 }).map(String), { maxLength: 60 });

describe('lineDiff', () => {
  it('takes out before it puts in', () => {
    expect(lineDiff(['a', 'b', 'c'], ['a', 'x', 'y', 'c'])).toEqual([
      { before: 0, after: 0 },
      { before: 1, after: null },
      { before: null, after: 1 },
      { before: null, after: 2 },
      { before: 2, after: 3 },
    ]);
  });

  it('says nothing of nothing', () => {
    expect(lineDiff([], [])).toEqual([]);
    expect(lineDiff([], ['a'])).toEqual([{ before: null, after: 0 }]);
  });

  it('reproduces both sides', () => {
    fc.assert(fc.property(few, few, (a, b) => expectRight(a, b, lineDiff(a, b))));
    fc.assert(fc.property(some, some, (a, b) => expectRight(a, b, lineDiff(a, b))));
  });

  it('is minimal', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(kept(lineDiff(a, b))).toBe(lcsLength(a, b));
      }),
    );
    fc.assert(
      fc.property(some, some, (a, b) => {
        expect(kept(lineDiff(a, b))).toBe(lcsLength(a, b));
      }),
    );
  });

  it('is still right when the work is used up', () => {
    fc.assert(
      fc.property(some, some, fc.integer({ min: 0, max: 60 }), (a, b, work) => {
        expectRight(a, b, lineDiff(a, b, work));
      }),
    );
  });

  it('cuts at lines that are there once when the work is used up', () => {
    const block = (name: string): string[] => ['{', name, '}', '{', '}'];
    const a = ['one', 'two', 'three'].flatMap(block);
    const b = ['zero', 'one', 'two', 'three'].flatMap(block);
    expect(kept(lineDiff(a, b, 0))).toBeGreaterThanOrEqual(12);
  });

  it('does not hang on 100,000 different lines, nor on as many in another order', () => {
    const a = Array.from({ length: 100_000 }, (_, at) => `a ${at}`);
    const b = a.map((_, at) => `b ${at}`);
    const shuffled = a.map((_, at) => a[(at * 7919) % a.length] ?? '');
    const pairs = Array.from({ length: 100_000 }, (_, at) => `${(at * at * 31 + at) % 257}`);
    const others = pairs.map((_, at) => `${(at * at * 17 + 5 * at) % 257}`);
    const begin = performance.now();
    expect(kept(lineDiff(a, b))).toBe(0);
    expect(lineDiff(a, shuffled).length).toBeGreaterThan(100_000);
    expect(lineDiff(pairs, others).length).toBeGreaterThan(100_000);
    expect(performance.now() - begin).toBeLessThan(30_000);
  });
});

describe('commonLength', () => {
  it('is the length of the longest common subsequence', () => {
    const long = fc.array(fc.integer({ min: 0, max: 9 }).map(String), { maxLength: 200 });
    for (const lines of [few, some, long]) {
      fc.assert(
        fc.property(lines, lines, (a, b) => {
          const numbers = lineNumbers();
          expect(commonLength(a.map(numbers), b.map(numbers))).toBe(lcsLength(a, b));
        }),
      );
    }
  });

  it('does not hang on 100,000 lines in another order', () => {
    const a = Array.from({ length: 100_000 }, (_, at) => at);
    const begin = performance.now();
    expect(
      commonLength(
        a,
        a.map((at) => (at * 7919) % a.length),
      ),
    ).toBeGreaterThan(0);
    expect(performance.now() - begin).toBeLessThan(30_000);
  });
});
