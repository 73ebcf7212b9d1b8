// SPDX-License-Identifier: MIT
/** Which added lines of a series ran: what `respin coverage` finds, and the record it keeps, `coverage.json`. */
import type { CaseStatus, Direction, KernelInfo, Machine, MachineInfo, VerdictKind } from './run.ts';
import type { AppliedPatch } from './tree.ts';

export const COVERAGE_SCHEMA = 'respin.coverage/1';

/** What ran in a machine before the first program did. */
export const BOOT = 'boot';

/**
 * ran, never: code was made of the line, and it was reached or not. no-code: built, but nothing to run: a comment, a
 * declaration, a brace, what the compiler could leave out. not-built: the configuration compiles another branch of an
 * `#if`, or not the file at all. not-seen: a line of a header that no profiled object has.
 */
export type LineState = 'ran' | 'never' | 'no-code' | 'not-built' | 'not-seen';
export const LINE_STATES: readonly LineState[] = ['ran', 'never', 'no-code', 'not-built', 'not-seen'];

/** The counters of one machine over one program in one direction, all of its attempts together. */
export interface CoverageReading {
  /** `boot`, `vsock_test`, `probe-user`, … */
  program: string;
  /** null for `boot`. */
  direction: Direction | null;
  machine: Machine;
  /** How often they were read: once for each attempt. */
  taken: number;
  /** Why counters are missing, in all or in part: the machine died with them; null when none are. */
  lost: string | null;
}

export interface CoverageLine {
  /** 1-based, in the file with the whole series applied. */
  line: number;
  text: string;
  state: LineState;
  /** 1-based number of the patch that added it. */
  patch: number;
  /** The hunk's `@@ … @@ heading` line in that patch. */
  hunk: string;
  /** Its number on the new side of that hunk. */
  at: number;
  /** Index into `readings` and how often it ran in it, most of the time a few pairs; without zeros. */
  counts: [reading: number, count: number][];
  /** gcov has no count of the line: it follows from those of the lines around it (tools/run-coverage/jump-lines.ts). */
  inferred?: true;
}

export interface CoverageFile {
  /** With the whole series applied. */
  path: string;
  /** Why none of its lines can be counted, `not part of the kernel`; null for a file that is. */
  why: string | null;
  /** The added lines, in order. */
  lines: CoverageLine[];
  /** Lines that are not added, beside those that never ran. */
  around: { line: number; text: string }[];
}

export interface CoverageCounts {
  added: number;
  /** ran and never. */
  code: number;
  ran: number;
  never: number;
  noCode: number;
  notBuilt: number;
  notSeen: number;
}

export interface CoverageRecord {
  schema: typeof COVERAGE_SCHEMA;
  id: string;
  /** ISO 8601, UTC. */
  started: string;
  ended: string;
  /** respin's own version. */
  respin: string;
  argv: string[];
  exit: number;
  series: { name: string; title: string; version: string; source: string; patches: AppliedPatch[] };
  tree: { source: string; version: string; commit: string; sha256: string | null };
  machine: MachineInfo | null;
  kernels: Record<Machine, KernelInfo> | null;
  /** gcov's version; null when it was not run. */
  gcov: string | null;
  /** Sources whose objects were to count, and whether the configuration builds them. */
  profiled: { source: string; built: boolean }[];
  /** What the programs themselves came to, without a verdict when vsock_test was not asked for, `failed` being `vsock_test g2h: NAME: REASON`; null when none ran. */
  tests: {
    verdict: VerdictKind | null;
    why: string;
    cases: Partial<Record<CaseStatus, number>>;
    failed: string[];
  } | null;
  readings: CoverageReading[];
  files: CoverageFile[];
  counts: CoverageCounts;
  /** Milliseconds a stage took. */
  timings: Record<string, number>;
  /** The error that ended it early, null when it came to its end. */
  error: { code: string; message: string; hint: string | null; detail: string | null } | null;
}

/** How many lines there are of each state. */
export function countLines(lines: Iterable<Pick<CoverageLine, 'state'>>): CoverageCounts {
  const by: Record<LineState, number> = { ran: 0, never: 0, 'no-code': 0, 'not-built': 0, 'not-seen': 0 };
  let added = 0;
  for (const { state } of lines) {
    by[state]++;
    added++;
  }
  return {
    ...{ added, code: by.ran + by.never, ran: by.ran, never: by.never },
    ...{ noCode: by['no-code'], notBuilt: by['not-built'], notSeen: by['not-seen'] },
  };
}

/** Numbers in rising order as ranges: `[120, 121, 124]` → `['120-121', '124']`. */
export function lineRanges(numbers: readonly number[]): string[] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
}
