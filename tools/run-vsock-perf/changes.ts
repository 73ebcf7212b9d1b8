// SPDX-License-Identifier: MIT
/** Samples → what changed, and whether it can be called a change. */
import type { Kernels, PerfChange, PerfClock, PerfSample, PerfTest } from '../../core/perf.ts';
import {
  changeInPercent,
  changeInterval,
  deviation,
  mean,
  meanInterval,
  noiseInPercent,
  permutationTest,
} from './statistics.ts';

/** As rare as this must chance be: five runs against five come to 0.008 at the least. */
const MOST_P = 0.01;

/**
 * Per cent that a change must be more than, however alike the samples are: two boots of one kernel differ by where
 * things come to lie in memory, and five of them need not show all of it. How often a change is then claimed where there
 * is none, and found where there is one, is in docs/perf.md.
 */
export const LEAST_CHANGE: Record<PerfClock, number> = { instructions: 0.7, wall: 2 };

/** The first set against each of the others, test by test; latency by p50 and p99. */
export function changesOf(
  tests: readonly PerfTest[],
  samples: readonly PerfSample[],
  sets: readonly Kernels[],
  clock: PerfClock,
): PerfChange[] {
  return tests.flatMap((test) =>
    measuresOf(test).flatMap((of) =>
      sets.slice(1).flatMap((after, at): PerfChange[] => {
        const values = (set: number): number[] => {
          const own = samples.filter((sample) => sample.test === test.id && sample.set === set);
          // Each boot is one run: what two figures of it have in common is no chance.
          if (new Set(own.map(({ boot }) => boot)).size < own.length)
            throw new Error(`${test.id}: a boot with two samples`);
          return own.map((sample) => figureOf(sample, of));
        };
        const [first, other] = [values(0), values(at + 1)];
        const before = sets[0];
        if (before === undefined || first.length === 0 || other.length === 0) return [];
        return [{ test: test.id, before, after, of, ...compareSamples(first, other, clock) }];
      }),
    ),
  );
}

/** What two sets of samples of one test come to. @throws RangeError for an empty one */
export function compareSamples(
  before: readonly number[],
  after: readonly number[],
  clock: PerfClock,
): Omit<PerfChange, 'test' | 'before' | 'after' | 'of'> {
  const change = changeInPercent(before, after);
  const p = permutationTest(before, after);
  // Of the reference alone: a kernel that has become unsteady must not hide its change in that.
  const noise = Math.max(noiseInPercent(before), LEAST_CHANGE[clock]);
  const range = ({ low, high }: { low: number; high: number }): [number, number] => [low, high];
  return {
    ...{ beforeMean: mean(before), afterMean: mean(after) },
    beforeInterval: range(meanInterval(before)),
    afterInterval: range(meanInterval(after)),
    beforeSpread: (deviation(before) / mean(before)) * 100,
    afterSpread: (deviation(after) / mean(after)) * 100,
    ...{ change, interval: range(changeInterval(before, after)), p, noise },
    real: p < MOST_P && Math.abs(change) > noise,
    samples: { before: [...before], after: [...after] },
  };
}

function measuresOf(test: PerfTest): readonly PerfChange['of'][] {
  return test.measure === 'latency' ? ['p50', 'p99'] : ['throughput'];
}

function figureOf({ gbps, latency }: PerfSample, of: PerfChange['of']): number {
  const value = of === 'throughput' ? gbps : latency?.[of];
  if (value === null || value === undefined) throw new Error(`a sample without ${of}`);
  return value;
}
