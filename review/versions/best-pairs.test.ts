// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestPairs, inOrder } from './best-pairs.ts';

const brief = (pairs: { before: number | null; after: number | null }[]): string[] =>
  pairs.map(({ before, after }) => `${before ?? '-'}:${after ?? '-'}`);

describe('bestPairs', () => {
  it('takes the most gain together', () => {
    const pairs = bestPairs([
      { before: 0, after: 0, gain: 5 },
      { before: 0, after: 1, gain: 4 },
      { before: 1, after: 0, gain: 4 },
      { before: 7, after: 9, gain: 1 },
      { before: 8, after: 8, gain: 0 },
    ]);
    expect(brief(pairs).sort()).toEqual(['0:1', '1:0', '7:9']);
  });

  it('pairs no index twice, and takes a candidate where nothing stands against it', () => {
    const index = fc.integer({ min: 0, max: 12 });
    const candidate = fc.record({ before: index, after: index, gain: fc.integer({ min: 1, max: 9 }) });
    const list = fc.uniqueArray(candidate, { selector: ({ before, after }) => `${before}:${after}` });
    fc.assert(
      fc.property(list, (candidates) => {
        const pairs = bestPairs(candidates);
        const befores = new Set(pairs.map(({ before }) => before));
        const afters = new Set(pairs.map(({ after }) => after));
        expect([befores.size, afters.size]).toEqual([pairs.length, pairs.length]);
        const free = candidates.filter(({ before, after }) => !befores.has(before) && !afters.has(after));
        expect(free).toEqual([]);
      }),
    );
  });

  it('takes the best first where there are too many', () => {
    const candidates = Array.from({ length: 600 }, (_, before) =>
      Array.from({ length: 600 }, (_, after) => ({ before, after, gain: before === after ? 9 : 1 })),
    ).flat();
    expect(bestPairs(candidates).every(({ before, after }) => before === after)).toBe(true);
  });
});

describe('inOrder', () => {
  it('goes by the later version, what was dropped behind what it stood behind', () => {
    expect(brief(inOrder([2, -1, 0, -1], 3))).toEqual(['2:0', '-:1', '0:2', '1:-', '3:-']);
    expect(brief(inOrder([-1, 0], 2))).toEqual(['0:-', '1:0', '-:1']);
    expect(brief(inOrder([], 1))).toEqual(['-:0']);
  });
});
