// SPDX-License-Identifier: MIT
/** A matrix: versions or patches of a series × trees, kernels and machines, each cell a run. */
import type { CaseStatus, Direction, Machine, MachineInfo, RunRecord, VerdictKind } from './run.ts';
import type { Variant } from './tree.ts';

export const MATRIX_SCHEMA = 'respin.matrix/1';

/** A version, or the first patches of one. */
export interface MatrixRow {
  /** `v2` */
  version: string;
  /** How many of its patches are applied, and how many it has. */
  patches: number;
  of: number;
  /** Of the last patch that is applied, where the rows are patches; null where they are versions. */
  subject: string | null;
}

export interface MatrixColumn {
  /** As `respin tree` spells it. */
  tree: string;
  profiles: Record<Machine, string>;
  /** Whose kernel each machine boots. */
  variants: Record<Machine, Variant>;
}

/** A case that did not pass. */
export interface MatrixFailure {
  program: string;
  name: string;
  status: CaseStatus;
  reason: string | null;
}

export interface MatrixDirection {
  direction: Direction;
  /** null: nothing of it was run. */
  verdict: VerdictKind | null;
  /** How many cases have each status. */
  counts: Partial<Record<CaseStatus, number>>;
  failures: MatrixFailure[];
}

export interface MatrixCell {
  /** Places in `rows` and `columns`. */
  row: number;
  column: number;
  /** The id of its run record. */
  run: string;
  /** The record was there before: the same kernels and programs were run already. */
  known: boolean;
  verdict: VerdictKind;
  why: string;
  /** Why it ended before its tests did: the series does not apply, a kernel does not build. */
  error: { code: string; message: string } | null;
  directions: MatrixDirection[];
  /** What the kernels reported, each once: `guest: kernel BUG at net/core/skbuff.c:200`. */
  splats: string[];
  /** Milliseconds of the run. */
  ms: number;
}

export interface MatrixRecord {
  schema: typeof MATRIX_SCHEMA;
  id: string;
  /** ISO 8601, UTC. */
  started: string;
  ended: string;
  respin: string;
  argv: string[];
  exit: number;
  series: { name: string; title: string };
  rows: MatrixRow[];
  columns: MatrixColumn[];
  directions: Direction[];
  /** Whether the probes were to run beside the tree's own programs; null: where they are quick. */
  probes: boolean | null;
  /** Of the last run that came so far. */
  machine: MachineInfo | null;
  /** In the order they were run; those that are missing were not. */
  cells: MatrixCell[];
  error: RunRecord['error'];
}
