// SPDX-License-Identifier: MIT
/** Mutants: small faults put into a tree on purpose, and which of the tests notices them. */
import type { Direction, KernelInfo, Machine, MachineInfo, RunRecord } from './run.ts';

export const MUTANTS_SCHEMA = 'respin.mutants/1';

/** What killed a mutant: the first thing that failed, and failed again. */
export interface MutantHit {
  /** null: a kernel that does not come up, or a fault that shows when the machines are off. */
  program: string | null;
  direction: Direction | null;
  /** null: no case failed, a console told. */
  case: string | null;
  /** In the program's own words, or the kernel's. */
  how: string;
  /** Milliseconds since the machines were up, proof included. */
  ms: number;
}

/** unknown: it does not apply, or not compile, or the machines did not last. */
export type MutantOutcome = 'killed' | 'survived' | 'unknown';

export interface MutantResult {
  name: string;
  title: string;
  /** The kind of fix it imitates, a word of `Kind:`. */
  kind: string;
  /** The fix, from `Imitates:`. */
  imitates: string;
  files: string[];
  /** Whose kernel has the fault; the other's is the base's. */
  machines: Machine[];
  outcome: MutantOutcome;
  hit: MutantHit | null;
  /** What failed once and passed when repeated: noticed, but not proven. */
  flaky: string[];
  /** Of an unknown outcome. */
  why: string | null;
  boots: number;
  /** Milliseconds for the kernels, and for all that was done with them. */
  buildMs: number;
  testMs: number;
  /** Of the kernels, and of the program that killed it, or of all: equal keys need no second try. */
  key: string;
}

export interface MutantsRecord {
  schema: typeof MUTANTS_SCHEMA;
  id: string;
  /** ISO 8601, UTC. */
  started: string;
  ended: string;
  respin: string;
  argv: string[];
  exit: number;
  tree: RunRecord['tree'];
  machine: MachineInfo | null;
  kernel: KernelInfo | null;
  /** In the order they run. */
  programs: { name: string; probe: boolean }[];
  /** The tree without a mutant: what it is held against; null when it was not run. */
  base: { cases: number; expected: number; excused: string[]; ms: number } | null;
  /** How many there are; `results` has fewer when it was cut short. */
  mutants: number;
  results: MutantResult[];
  /** Milliseconds a stage took. */
  timings: Record<string, number>;
  error: RunRecord['error'];
}
