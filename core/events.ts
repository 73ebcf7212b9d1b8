// SPDX-License-Identifier: MIT
/**
 * The one stream everything long-running yields. The plain progress printer,
 * `--ndjson`, the run record and the dashboard all read it, so they cannot disagree.
 */
import type { BootResult, CaseResult, Direction, Machine, Splat, VerdictKind } from './run.ts';

export type Stage =
  | 'setup'
  | 'tree'
  | 'apply'
  | 'check'
  | 'build'
  | 'boot'
  | 'test'
  | 'measure'
  | 'mutant'
  | 'matrix'
  | 'bisect'
  | 'run';

export type RespinEvent =
  | { type: 'stage'; stage: Stage; title: string }
  /** `cached`: the result was there already. `ms` since the stage began. */
  | { type: 'stage-end'; stage: Stage; outcome: 'done' | 'cached' | 'failed'; ms: number; detail: string }
  /** Something over a second is under way; `total` null when it cannot be known. */
  | { type: 'progress'; stage: Stage; what: string; done: number; total: number | null; unit: string }
  | { type: 'note'; level: 'info' | 'warning'; text: string }
  /** A command line as it can be pasted. `name` says which one it is. */
  | { type: 'command'; name: string; line: string }
  /** One line that make or a compiler printed. */
  | { type: 'build-output'; line: string }
  | { type: 'patch-applied'; index: number; total: number; subject: string; commit: string }
  | { type: 'machine'; machine: Machine; phase: MachinePhase; ms: number }
  /** One line of a console, without its line end, control bytes still in it. */
  | { type: 'console'; machine: Machine; line: string }
  | { type: 'boot-end'; boot: BootResult }
  | { type: 'suite'; program: string; direction: Direction }
  | { type: 'case'; program: string; direction: Direction; case: CaseResult }
  | { type: 'splat'; splat: Splat }
  | { type: 'verdict'; verdict: VerdictKind; why: string; exit: number };

export type MachinePhase = 'started' | 'first-byte' | 'init' | 'powered-off' | 'died';

/** A long-running step: yields events, returns `T`. */
export type Steps<T> = AsyncGenerator<RespinEvent, T, void>;
