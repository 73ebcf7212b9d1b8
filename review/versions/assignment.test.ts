// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from './assignment.ts';

const total = (costs: number[][], columns: number[]): number =>
  columns.reduce((sum, column, row) => sum + (column < 0 ? 0 : (costs[row]?.[column] ?? 0)), 0);

/** Tries all: the most pairs that are possible, and of these the cheapest. */
function bestByTrying(costs: number[][]): { pairs: number; cost: number } {
  let best = { pairs: 0, cost: 0 };
  const go = (row: number, used: Set<number>, pairs: number, cost: number): void => {
    if (row === costs.length) {
      if (pairs > best.pairs || (pairs === best.pairs && cost < best.cost)) best = { pairs, cost };
      return;
    }
    go(row + 1, used, pairs, cost);
    costs[row]?.forEach((one, column) => {
      if (used.has(column) || !Number.isFinite(one)) return;
      go(row + 1, new Set([...used, column]), pairs + 1, cost + one);
    });
  };
  go(0, new Set(), 0, 0);
  return best;
}

const matrix = (cost: fc.Arbitrary<number>): fc.Arbitrary<number[][]> =>
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
    fc.array(fc.array(cost, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

describe('assign', () => {
  it('takes the cheapest whole, not the cheapest first', () => {
    expect(
      assign([
        [1, 2],
        [1, 100],
      ]),
    ).toEqual([1, 0]);
  });

  it('takes nothing for nothing', () => {
    expect(assign([])).toEqual([]);
    expect(assign([[], []])).toEqual([-1, -1]);
  });

  it('leaves a row without a column when there are more rows', () => {
    expect(assign([[3], [1], [2]])).toEqual([-1, 0, -1]);
  });

  it('never pairs what cannot go together', () => {
    const no = Number.POSITIVE_INFINITY;
    expect(
      assign([
        [no, no],
        [Number.NaN, 7],
      ]),
    ).toEqual([-1, 1]);
  });

  it('is as cheap as the best of all assignments', () => {
    fc.assert(
      fc.property(matrix(fc.integer({ min: -20, max: 20 })), (costs) => {
        const columns = assign(costs);
        const used = columns.filter((column) => column >= 0);
        expect(new Set(used).size).toBe(used.length);
        expect({ pairs: used.length, cost: total(costs, columns) }).toEqual(bestByTrying(costs));
      }),
      { numRuns: 300 },
    );
  });

  it('pairs as many as is possible when some cannot go together', () => {
    const cost = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(matrix(cost), (costs) => {
        const columns = assign(costs);
        const used = columns.filter((column) => column >= 0);
        expect({ pairs: used.length, cost: total(costs, columns) }).toEqual(bestByTrying(costs));
      }),
      { numRuns: 300 },
    );
  });

  it('does 300 by 300 in well under a second', () => {
    const costs = Array.from({ length: 300 }, (_, row) =>
      Array.from({ length: 300 }, (_, column) => (row * 7919 + column * 104729) % 1009),
    );
    const begin = performance.now();
    expect(new Set(assign(costs)).size).toBe(300);
    expect(performance.now() - begin).toBeLessThan(30_000);
  });
});
