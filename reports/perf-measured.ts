// SPDX-License-Identifier: MIT
/** A record of measurements → what was measured, and what each pair of kernels came to. */
import { printable } from '../core/escape.ts';
import type { Kernels, PerfChange, PerfTest } from '../core/perf.ts';
import { isSame, kernelsName, testName } from './perf-words.ts';

/** A test, or a percentile of it. */
export interface Measured {
  test: PerfTest;
  of: PerfChange['of'];
  /** `64KB`, `g2h`; fit to print. */
  name: string[];
  /** The pair of kernels that the others are compared with comes first; none when it was not measured. */
  rows: MeasuredRow[];
}

export interface MeasuredRow {
  /** `patched` */
  name: string;
  kernels: Kernels;
  mean: number;
  interval: readonly [number, number];
  samples: readonly number[];
  /** Against the first; null for the first itself. */
  change: PerfChange | null;
}

/** In the order of the record's tests; a test without result is there as well. */
export function measuredOf({
  tests,
  changes,
}: {
  tests: readonly PerfTest[];
  changes: readonly PerfChange[];
}): Measured[] {
  return tests.flatMap((test) => {
    const own = changes.filter((change) => change.test === test.id);
    const kinds = [...new Set(own.map(({ of }) => of))];
    const missing = test.measure === 'latency' ? 'p50' : 'throughput';
    return (kinds.length === 0 ? [missing as PerfChange['of']] : kinds).map((of) => ({
      ...{ test, of, name: testName(test, of, tests).map(printable) },
      rows: rowsOf(own.filter((change) => change.of === of)),
    }));
  });
}

function rowsOf(changes: readonly PerfChange[]): MeasuredRow[] {
  const [first] = changes;
  if (first === undefined) return [];
  return [
    {
      ...{ name: printable(kernelsName(first.before)), kernels: first.before, change: null },
      ...{ mean: first.beforeMean, interval: first.beforeInterval, samples: first.samples.before },
    },
    ...changes.map((change) => {
      // The same kernels twice: what a machine shows where nothing changed.
      const again = isSame(change.after, change.before) ? ' again' : '';
      return {
        ...{ name: `${printable(kernelsName(change.after))}${again}`, kernels: change.after, change },
        ...{ mean: change.afterMean, interval: change.afterInterval, samples: change.samples.after },
      };
    }),
  ];
}
