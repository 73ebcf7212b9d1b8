// SPDX-License-Identifier: MIT
/** What a run has seen so far, attempt by attempt and boot by boot: the facts the verdict is made of. */
import type {
  CaseResult,
  CaseStatus,
  Direction,
  Machine,
  Splat,
  SuiteResult,
  VmMode,
} from '../../core/run.ts';
import { isDeath, WHOLE_PROGRAM } from './combine.ts';

export interface Attempt {
  /** The boot it ran in, 1-based. */
  boot: number;
  /** It was the only case of its run: a repeat. */
  alone: boolean;
  result: CaseResult;
  /** What it and its peer printed. */
  logs: SuiteResult['logs'];
}

export interface CaseHistory {
  program: string;
  direction: Direction;
  id: number;
  name: string;
  /** In the order they were made. Empty when it never ran. */
  attempts: Attempt[];
}

/** What a boot was for. same: a fresh machine of the same mode; confirm: one vcpu and one thread. */
export type BootPurpose = 'first' | 'same' | 'confirm';

export interface BootHistory {
  /** 1-based. */
  number: number;
  purpose: BootPurpose;
  mode: VmMode;
  /** up: host and guest still run and can be asked to run more. */
  outcome: 'up' | 'ok' | 'died' | 'timeout';
  /** The host's console printed at least one byte. */
  firstByte: boolean;
  hostInit: boolean;
  guestInit: boolean;
  /** The tests were through when it ended: only the power-off was missing. */
  testsDone: boolean;
  /** The host's QEMU ended with an error, or was killed: no kernel makes it do so. */
  qemuFailed: boolean;
  /** Which machine died or was waited for, where that is known. */
  machine: Machine | null;
  /** The message of the phase that failed: `the guest's init was not reached within 60 s`. */
  detail: string | null;
  splats: Splat[];
  /** How often the rest of a program was run in it after a `run-rest`. */
  rests: number;
}

export interface RunHistory {
  boots: BootHistory[];
  cases: CaseHistory[];
  /** Those that were asked for: each must have a result. */
  directions: readonly Direction[];
  /** Some cases alone are run: which is for the user to say. */
  part?: boolean;
  /**
   * Host and guest with kernels of the base come up in this mode on this machine: true, false
   * when it was tried and they did not, null when it cannot be tried, undefined when nobody asked yet.
   */
  baseBoots?: boolean | null;
  /** A machine could not even be started: QEMU is missing, no memory. Says why. */
  cannotStart: string | null;
  /** At most this many boots; 3 without it. */
  maxBoots?: number;
}

/**
 * Adds what a boot found to the history of the cases. `alone` is the one case that was picked; the others of that run were left out on purpose and do not count.
 */
export function addResults(
  cases: readonly CaseHistory[],
  boot: number,
  suite: SuiteResult,
  alone: CaseKey | null = null,
): CaseHistory[] {
  const all = cases.map((one) => ({ ...one, attempts: [...one.attempts] }));
  const { program, direction } = suite;
  for (const result of suite.cases) {
    const wanted = alone === null || isCase(result, alone) || result.id === WHOLE_PROGRAM;
    if (!wanted) continue;
    let found = all.find(
      (one) => one.program === program && one.direction === direction && isCase(one, result),
    );
    if (found === undefined) {
      found = { program, direction, id: result.id, name: result.name, attempts: [] };
      all.push(found);
    }
    if (result.status !== 'not-run')
      found.attempts.push({ boot, alone: alone !== null, result, logs: suite.logs });
  }
  if (alone !== null) repeatWithoutResult(all, boot, suite, alone);
  else wholeProgramPassed(all, boot, suite);
  return all;
}

/** What a case is known by within one build of its program: two may have the same name. */
export type CaseKey = Pick<CaseResult, 'id' | 'name'>;

function isCase(one: CaseKey, other: CaseKey): boolean {
  return one.id === other.id && one.name === other.name;
}

/** A repeat that came to nothing was an attempt all the same: without it nobody would stop repeating. */
function repeatWithoutResult(all: CaseHistory[], boot: number, suite: SuiteResult, alone: CaseKey): void {
  if (suite.cases.some((one) => isCase(one, alone) && one.status !== 'not-run')) return;
  const found = all.find(
    (one) => one.program === suite.program && one.direction === suite.direction && isCase(one, alone),
  );
  const last = found?.attempts.at(-1);
  if (found === undefined || last === undefined) return;
  if (found.id === WHOLE_PROGRAM) {
    wholeProgramPassed(all, boot, suite);
    if (found.attempts.at(-1) !== last) return;
  }
  const result: CaseResult = {
    ...last.result,
    status: 'unknown',
    host: 'not-run',
    guest: 'not-run',
    ms: null,
  };
  found.attempts.push({ boot, alone: true, result, logs: suite.logs });
}

/** An entry for the program as a whole exists only when it failed; that it ran through later is a pass of it. */
function wholeProgramPassed(all: CaseHistory[], boot: number, suite: SuiteResult): void {
  if (suite.cases.some((one) => one.id === WHOLE_PROGRAM)) return;
  if (!suite.cases.some((one) => one.status === 'pass' || one.status === 'skip')) return;
  if (suite.cases.some((one) => one.status === 'fail' || one.status === 'unknown')) return;
  for (const one of all) {
    if (one.id !== WHOLE_PROGRAM || one.program !== suite.program || one.direction !== suite.direction)
      continue;
    const last = one.attempts.at(-1);
    if (last === undefined) continue;
    const result: CaseResult = { ...last.result, status: 'pass', host: 'ok', guest: 'ok', reason: null };
    one.attempts.push({ boot, alone: true, result, logs: suite.logs });
  }
}

/** The status of a case over all its attempts. */
export function statusOf(history: CaseHistory): CaseStatus {
  const seen = history.attempts.map((one) => one.result.status);
  const failed = seen.includes('fail');
  // That it was skipped when repeated says nothing of why it failed.
  if (failed) return seen.includes('pass') ? 'flaky' : 'fail';
  const good = seen.findLast((status) => status === 'pass' || status === 'skip');
  if (good !== undefined) return good;
  if (seen.includes('xfail')) return 'xfail';
  return seen.includes('unknown') ? 'unknown' : 'not-run';
}

/**
 * The case as the record shows it: the last attempt, the status over all of them, how
 * many there were, and the reason of the failure even when a repeat passed.
 */
export function settledCase(history: CaseHistory): CaseResult {
  const last = history.attempts.at(-1)?.result;
  const status = statusOf(history);
  if (last === undefined) {
    const { id, name } = history;
    return { id, name, status, host: 'not-run', guest: 'not-run', ms: null, attempts: 0, reason: null };
  }
  const failure = history.attempts.findLast(({ result }) => result.status === 'fail');
  const reason = status === 'flaky' || status === 'fail' ? (failure?.result.reason ?? null) : last.reason;
  const shown = status === 'fail' ? (failure?.result ?? last) : last;
  const told = status === 'flaky' || status === 'fail' ? failure : history.attempts.at(-1);
  const logs = told === undefined || told === history.attempts[0] ? {} : { logs: told.logs };
  const attempts = history.attempts.length;
  const failures = history.attempts.filter(({ result }) => result.status === 'fail').length;
  const failed = failures === 0 || attempts === 1 ? {} : { failed: failures };
  return { ...shown, status, attempts, ...failed, reason, ...logs };
}

/**
 * With the verdict that the series is at fault, and machines that died in two boots or more: each case in which one died,
 * and that never came to an end, is a failing one. Sizes and times are drawn anew in each boot, and it need not be the same
 * case that meets the fault. Without that verdict nothing is known of them, and they stay unknown.
 */
export function withDeaths(suites: readonly SuiteResult[], cases: readonly CaseHistory[]): SuiteResult[] {
  // A case that failed by itself is what the verdict is about.
  if (cases.some((one) => statusOf(one) === 'fail')) return [...suites];
  if (new Set(cases.flatMap(deathsOf)).size < 2) return [...suites];
  const fatal = cases.filter((one) => statusOf(one) === 'unknown' && deathsOf(one).length > 0);
  return suites.map((suite) => ({
    ...suite,
    cases: suite.cases.map((result) => {
      const own = fatal.find(
        (one) => one.program === suite.program && one.direction === suite.direction && isCase(one, result),
      );
      return own === undefined ? result : { ...result, status: 'fail', failed: deathsOf(own).length };
    }),
  }));
}

/** The boots that ended in it. */
function deathsOf({ attempts }: CaseHistory): number[] {
  return [...new Set(attempts.filter(({ result }) => isDeath(result)).map(({ boot }) => boot))];
}

/** The suites with their cases settled over all attempts; `logs` and order are those given. */
export function settledSuites(suites: readonly SuiteResult[], cases: readonly CaseHistory[]): SuiteResult[] {
  return suites.map((suite) => ({
    ...suite,
    cases: cases
      .filter((one) => one.program === suite.program && one.direction === suite.direction)
      .map(settledCase)
      .sort((a, b) => order(a) - order(b)),
  }));
}

/** What stands for the whole program comes last unless nothing ran before it. */
function order(result: CaseResult): number {
  if (result.id !== WHOLE_PROGRAM) return result.id;
  return result.name.startsWith('(before') ? -1 : Number.MAX_SAFE_INTEGER;
}
