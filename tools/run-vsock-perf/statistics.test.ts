// SPDX-License-Identifier: MIT
/** Against distributions whose answer is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from './random.ts';
import {
  changeInPercent,
  changeInterval,
  deviation,
  mean,
  meanInterval,
  noiseInPercent,
  permutationTest,
  quantile,
} from './statistics.ts';

/** Box and Muller. */
function normal(random: () => number, middle: number, sigma: number): number {
  return middle + sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const draw = (count: number, one: () => number): number[] => Array.from({ length: count }, one);

/** Of how many draws something holds, 0 to 1. */
function share(count: number, holds: () => boolean): number {
  return draw(count, () => (holds() ? 1 : 0)).reduce((sum, one) => sum + one, 0) / count;
}

describe('mean, deviation, quantile', () => {
  it('are those of known samples', () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
    expect(deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(deviation([3])).toBe(0);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(() => mean([])).toThrow(RangeError);
  });

  it('tell the percentages of the mail this began with', () => {
    expect(changeInPercent([21.63], [25.59])).toBeCloseTo(18.3, 1);
    expect(changeInPercent([2.15], [3.6])).toBeCloseTo(67.4, 1);
  });
});

describe('the 95 % interval of a mean', () => {
  it.each([
    [5, 'normal', (random: () => number) => normal(random, 10, 1), 10],
    [5, 'uniform', (random: () => number) => random(), 0.5],
    [20, 'exponential', (random: () => number) => -Math.log(1 - random()), 1],
  ])('of %i samples, %s: holds the mean nine times of ten and more', (count, _, one, truth) => {
    const random = randomNumbers(count);
    const held = share(400, () => {
      const { low, high } = meanInterval(draw(count, () => one(random)));
      return low <= truth && truth <= high;
    });
    expect(held).toBeGreaterThan(0.89);
    expect(held).toBeLessThan(0.99);
  });

  it('is a point where all samples are the same', () => {
    expect(meanInterval([3, 3, 3])).toEqual({ low: 3, high: 3 });
  });
});

describe('the 95 % interval of a change', () => {
  it('holds a change of 15 % and is as wide as Student says', () => {
    const random = randomNumbers(7);
    const widths: number[] = [];
    const held = share(400, () => {
      const before = draw(5, () => normal(random, 100, 1));
      const after = draw(5, () => normal(random, 115, 1));
      const { low, high } = changeInterval(before, after);
      widths.push(high - low);
      return low <= 15 && 15 <= high;
    });
    expect(held).toBeGreaterThan(0.91);
    expect(held).toBeLessThan(0.99);
    // 2 × t(8) × sqrt(2/5), and a little for the error of the mean before.
    expect(mean(widths)).toBeGreaterThan(2.5);
    expect(mean(widths)).toBeLessThan(3.5);
  });
});

describe('the permutation test', () => {
  it('looks at every division of few samples', () => {
    expect(permutationTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).toBeCloseTo(2 / 252, 12);
    expect(permutationTest([10, 9, 8, 7, 6], [1, 2, 3, 4, 5])).toBeCloseTo(2 / 252, 12);
    expect(permutationTest([1, 1, 1], [1, 1, 1])).toBe(1);
    // Of {1, 3} {2, 4}, {1, 2} {3, 4}, {1, 4} {2, 3} and the three the other way only one pair is nearer.
    expect(permutationTest([1, 3], [2, 4])).toBeCloseTo(4 / 6, 12);
  });

  it('takes samples that differ by chance for different as often as it says', () => {
    const random = randomNumbers(11);
    const often = share(2000, () => {
      const one = (): number => normal(random, 1, 0.01);
      return permutationTest(draw(5, one), draw(5, one)) < 0.05;
    });
    expect(often).toBeGreaterThan(0.03);
    expect(often).toBeLessThan(0.07);
  });

  it('finds what is there', () => {
    const random = randomNumbers(13);
    const found = share(200, () => {
      const before = draw(5, () => normal(random, 100, 0.2));
      return (
        permutationTest(
          before,
          draw(5, () => normal(random, 101, 0.2)),
        ) < 0.01
      );
    });
    expect(found).toBeGreaterThan(0.95);
  });

  it('shuffles where there are many, and comes to the same', () => {
    const random = randomNumbers(17);
    const before = draw(30, () => normal(random, 10, 1));
    const after = draw(30, () => normal(random, 10.5, 1));
    const [m, s] = [
      mean(after) - mean(before),
      Math.sqrt((deviation(before) ** 2 + deviation(after) ** 2) / 30),
    ];
    // Student's t with 58 degrees of freedom is near to normal.
    const t = m / s;
    const p = permutationTest(before, after);
    expect(p < 0.05).toBe(t > 2.002);
    expect(p).toBeGreaterThan(0);
  });

  it('is the same from both sides, and whatever the unit', () => {
    const samples = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(samples, samples, fc.integer({ min: 1, max: 9 }), (a, b, factor) => {
        const p = permutationTest(a, b);
        expect(permutationTest(b, a)).toBeCloseTo(p, 12);
        const scaled = (list: number[]): number[] => list.map((one) => one * factor * 1e6);
        expect(permutationTest(scaled(a), scaled(b))).toBeCloseTo(p, 12);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the noise of a machine', () => {
  it('is none of samples that are alike, or of one', () => {
    expect(noiseInPercent([100, 100, 100])).toBe(0);
    expect(noiseInPercent([5])).toBe(0);
    // One against one are 2 % apart, two against two sqrt(2) less; t with one degree of freedom is 12.706.
    expect(noiseInPercent([99, 101])).toBeCloseTo((Math.SQRT2 * 12.706) / 1.96, 12);
  });

  // Five samples can be halved in ten ways only: the farthest of them stands for 95 of 100.
  it.each([
    [5, 2.776, 0.7],
    [12, 2.201, 0.9],
    [13, 2.179, 0.9],
    [30, 2.045, 0.9],
  ])('is what 95 of 100 pairs of means of %d normal samples differ by', (runs, t, least) => {
    const random = randomNumbers(runs);
    const noise = draw(200, () => noiseInPercent(draw(runs, () => normal(random, 100, 1))));
    const expected = t * Math.sqrt(2 / runs);
    expect(mean(noise) / expected).toBeGreaterThan(least);
    expect(mean(noise) / expected).toBeLessThan(1.1);
  });

  it('is the same in every unit and order', () => {
    const samples = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 9 }), (list, factor) => {
        const noise = noiseInPercent(list);
        expect(noiseInPercent(list.toReversed().map((one) => one * factor))).toBeCloseTo(noise, 9);
        expect(noise).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
