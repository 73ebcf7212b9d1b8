// SPDX-License-Identifier: MIT
/** What a record of `respin perf` says on the measurements that a version claims. */
import type { PerfChange, PerfTest } from './perf.ts';
import type { PerformanceClaim } from './review.ts';

export const CLAIMS_SCHEMA = 'respin.review-claims/1';

/**
 * holds: measured, about as large as claimed. smaller, larger: measured, and in the claimed
 * direction. other way: measured, and in the opposite one. not seen: no change is measurable, and
 * the claimed one would have been. could not tell: nor would the claimed one have been.
 * not measured: the record has no such test.
 */
export type ClaimVerdict =
  | 'holds'
  | 'smaller'
  | 'larger'
  | 'other way'
  | 'not seen'
  | 'could not tell'
  | 'not measured';

export interface MeasuredClaim {
  claim: PerformanceClaim;
  /** The percentage that is judged, with its sign. */
  claimed: number;
  verdict: ClaimVerdict;
  /** The test of the record that the claim is about, and what it gave; null when not measured. */
  measured: { test: PerfTest; change: PerfChange } | null;
  /** Why it is not measured; else null. */
  why: string | null;
}
