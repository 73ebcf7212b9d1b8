// SPDX-License-Identifier: MIT
/** Measurements that a message claims, held against a record of `respin perf`. */
import type { ClaimVerdict, MeasuredClaim } from '../../core/measured-claims.ts';
import {
  FEWEST_RUNS,
  type Kernels,
  type PerfChange,
  type PerfRecord,
  type PerfTest,
} from '../../core/perf.ts';
import type { PerformanceClaim } from '../../core/review.ts';
import type { Variant } from '../../core/tree.ts';
import { unitOf } from './measures.ts';
import { detailsOf, type TestDetails } from './test-details.ts';

/** A quarter of the claim. */
const SLACK = 0.25;
/** Points: percentages are printed whole, rounded or cut. */
const ROUNDING = 1;

type Measure = PerfTest['measure'];

/**
 * For each claim the test of the record that it is about, and what that says of it. Only
 * percentages are held against each other: the values are of another machine. Which commit a claim
 * is measured on, and with which program, makes no difference to the verdict.
 *
 * A claim must name direction and message size, as the record has tests of several; threads and
 * socket type count where its own name has them. Those of a line above (`Tool/Config: …`) only
 * choose among tests that fit otherwise: a record with one thread says something, too.
 */
export function measureClaims(claims: readonly PerformanceClaim[], record: PerfRecord): MeasuredClaim[] {
  return claims.map((claim) => {
    const claimed = claimedChange(claim);
    const measured = findChange(claim, record);
    if (typeof measured === 'string') {
      return { claim, claimed, verdict: 'not measured', measured: null, why: measured };
    }
    return { claim, claimed, verdict: judge(claimed, measured.change), measured, why: null };
  });
}

/**
 * As printed where that is what the values give, with their sign: `20% less` is -20; and none where it is said that there
 * is none. Else as the values give it.
 */
export function claimedChange({ change, computedChange, right }: PerformanceClaim): number {
  if (change === 0 && right !== false) return 0;
  if (change === null || right !== true) return computedChange;
  return Math.abs(change) * (computedChange < 0 ? -1 : 1);
}

/**
 * A claim is a mean of a few runs that is printed without its interval, so half the room is its own:
 * it holds within the 95 % interval of the measurement, widened on both sides by a quarter of the
 * claim. 18 % holds beside 15 ± 1; 67 % does not beside 3 ± 1. And by no less than one point, as
 * percentages are printed whole.
 */
export function judge(
  claimed: number,
  {
    change,
    interval: [low, high],
    noise,
    real,
    samples,
  }: Pick<PerfChange, 'change' | 'interval' | 'noise' | 'real' | 'samples'>,
): ClaimVerdict {
  // Of fewer the interval is none, and no change can be real.
  if (Math.min(samples.before.length, samples.after.length) < FEWEST_RUNS) return 'could not tell';
  const none = Math.abs(claimed) < ROUNDING / 2;
  const slack = Math.max(Math.abs(claimed) * SLACK, ROUNDING);
  const fits = low - slack <= claimed && claimed <= high + slack;
  if (!real) {
    if (none && low >= -ROUNDING && high <= ROUNDING) return 'holds';
    return Math.abs(claimed) <= noise || fits ? 'could not tell' : 'not seen';
  }
  if (!none && Math.sign(change) !== Math.sign(claimed)) return 'other way';
  if (fits) return 'holds';
  return Math.abs(change) < Math.abs(claimed) ? 'smaller' : 'larger';
}

/** @returns why there is none, in words */
function findChange(
  claim: PerformanceClaim,
  { changes, tests }: PerfRecord,
): { test: PerfTest; change: PerfChange } | string {
  const measure = measureOf(claim);
  if (measure === null) {
    return claim.unit === '' ? 'its values have no unit' : `${claim.unit} is not what the record measures`;
  }
  if (claim.direction === null) return 'it does not say in which direction';
  const details = detailsOf(claim.test);
  const [bytes, ...others] = details.sizes;
  if (bytes === undefined) return 'it does not say how large the messages are';
  if (others.length > 0) return 'it names more than one size';
  const whole = changes.filter(({ before, after }) => are(before, 'base') && are(after, 'patched'));
  if (whole.length === 0) return 'the record does not have the series on both machines against the base';
  const alike = tests.filter(
    (test) => test.measure === measure && test.direction === claim.direction && bytes.includes(test.message),
  );
  const fitting = narrowed(alike, details);
  const [test, ...more] = preferred(fitting, claim.setup);
  if (test === undefined) {
    const of = alike.length === 0 ? '' : `; there is ${alike.map(({ id }) => id).join(', ')}`;
    return `the record has no such ${measure} test${of}`;
  }
  if (more.length > 0) {
    return `the record has more than one such test: ${[test, ...more].map(({ id }) => id).join(', ')}`;
  }
  const of = measure === 'throughput' ? measure : (details.percentile ?? 'p50');
  const change = whole.find((one) => one.test === test.id && one.of === of);
  if (change !== undefined) return { test, change };
  return of === 'other'
    ? 'the record has the percentiles p50 and p99'
    : `the test ${test.id} of the record has no result`;
}

/** Messages of one size: as many more of them as there are bytes. A time is taken for that of a message. */
function measureOf({ unit, test }: PerformanceClaim): Measure | null {
  const family = unitOf(unit)?.family;
  if (family === 'rate' || family === 'messages') return 'throughput';
  if (family === 'time') return 'latency';
  if (unit !== '') return null;
  if (/throughput|bandwidth/i.test(test)) return 'throughput';
  return /latency|round[ -]?trip|(?<!\w)rtt(?!\w)/i.test(test) ? 'latency' : null;
}

function are({ host, guest }: Kernels, variant: Variant): boolean {
  return host === variant && guest === variant;
}

function narrowed(tests: readonly PerfTest[], { threads, type }: Pick<TestDetails, 'threads' | 'type'>) {
  return tests.filter(
    (test) => (threads === null || test.threads === threads) && (type === null || test.type === type),
  );
}

function preferred(tests: readonly PerfTest[], setup: string | null): readonly PerfTest[] {
  const { threads, type } = detailsOf(setup ?? '');
  let left = tests;
  for (const one of [
    { threads: null, type },
    { threads, type: null },
  ]) {
    const better = narrowed(left, one);
    if (better.length > 0) left = better;
  }
  return left;
}
