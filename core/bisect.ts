// SPDX-License-Identifier: MIT
/** Which patch of a series made a case fail. */
import type { Direction, RunRecord } from './run.ts';

export const BISECT_SCHEMA = 'respin.bisect/1';

export interface BisectedCase {
  program: string;
  direction: Direction;
  name: string;
}

/** What the case did with the first patches of the series. */
export interface BisectStep {
  /** 0: the tree as it is. */
  patches: number;
  /** unknown: it passed only when repeated, was skipped, or the machine kept it from a result. */
  result: 'pass' | 'fail' | 'unknown';
  /** The id of the run record; null: the kernel could not be built. */
  run: string | null;
  /** The record was there before. */
  known: boolean;
  /** In the program's words. */
  reason: string | null;
}

export interface Bisected {
  case: BisectedCase;
  /** By the number of patches. */
  steps: BisectStep[];
  /** The numbers of the patches that may have done it: one, where that is known; none, where the tree itself fails. */
  culprits: number[];
}

export interface BisectReport {
  schema: typeof BISECT_SCHEMA;
  series: { name: string; title: string; version: string };
  tree: Pick<RunRecord['tree'], 'source' | 'version'>;
  /** Subjects, in order. */
  patches: string[];
  /** The record whose failures were looked into. */
  run: string;
  cases: Bisected[];
}
