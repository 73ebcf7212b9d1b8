// SPDX-License-Identifier: MIT
/**
 * From what was seen to a verdict, or to the next thing to try. Pure: `nextStep` is asked
 * after each thing tried and always comes to an end (three boots, three attempts of a case).
 *
 *   a boot in trouble ─┬─ nothing but the series explains it ─────────────► fail
 *                      ├─ before its tests, again ─ does the base come up? ─► fail, or unknown
 *                      ├─ first time ───────────► a fresh machine
 *                      ├─ the same place again ─► one vcpu, one thread ───► fail, or not proven
 *                      └─ each time elsewhere ────────────────────────────► unknown
 *   a failing case ────┬─ passes when repeated alone ─────────────────────► flaky
 *                      ├─ fails three times ──────────────────────────────► fail
 *                      ├─ the same, on emulated SVM ─► a fresh machine ───► fail or flaky
 *                      └─ of slowness, under emulation ─► one vcpu, one thread ─► fail or flaky
 *
 * What happened on the way is never hidden: a run that needed a second try is flaky.
 */
import type { ExitCode } from '../../core/errors.ts';
import { DIRECTIONS, type Direction, type VerdictKind } from '../../core/run.ts';
import { isImperfect, isSlow, type Trouble, troubleOf } from './boot-trouble.ts';
import { isTimeout, WHOLE_PROGRAM } from './combine.ts';
import { type BootHistory, type CaseHistory, type RunHistory, statusOf } from './history.ts';

export type NextStep =
  | { do: 'done'; verdict: VerdictKind; why: string }
  /** Run this case alone in the machines that are up. id `WHOLE_PROGRAM`: the whole program again. */
  | { do: 'repeat-case'; case: CaseHistory; why: string }
  /** Run the cases that a failing one kept from running; what failed is left out. All of one program and direction. */
  | { do: 'run-rest'; cases: CaseHistory[]; why: string }
  /** Power off what is still up and run everything on fresh machines. */
  | { do: 'reboot'; mode: 'same' | 'confirm'; why: string }
  /** Find out whether kernels of the base come up; the answer goes into `baseBoots`. */
  | { do: 'prove-base'; why: string };

const MAX_BOOTS = 3;
/** Once in its suite and twice alone. */
const MAX_ATTEMPTS = 3;
/** Each failing case ends its program once; more than this many and something else is wrong. */
const MAX_RESTS = 8;

/**
 * What to do next. Call it when the tests of a boot have run, after
 * what it asked for, and once more when the machines are off: a fault can still come then.
 */
export function nextStep(history: RunHistory): NextStep {
  const { boots, cases } = history;
  const last = boots.at(-1);
  if (last === undefined || history.cannotStart !== null) {
    const why = history.cannotStart ?? 'no machine was started';
    const tested = cases.some((one) => one.attempts.length > 0)
      ? 'the tests could not go on'
      : 'nothing was tested';
    return done('unknown', `${tested}: ${why}`);
  }
  const places = new Set<string>();
  const troubles = boots.map((boot) => {
    const trouble = troubleOf(boot, cases, places);
    for (const place of trouble?.places ?? []) places.add(place);
    return { boot, trouble };
  });
  const sure = troubles.find(({ trouble }) => trouble?.certain);
  if (sure !== undefined)
    return done('fail', `${sure.trouble?.what}${sure.boot.number > 1 ? inBoot(sure.boot) : ''}`);

  const failing = cases.filter((one) => statusOf(one) === 'fail');
  const proven = failing.find((one) => isProven(one, trusted(troubles)));
  if (proven !== undefined) {
    return alsoFailing(last, failing, trusted(troubles)) ?? done('fail', caseFailed(proven));
  }

  const current = troubles.at(-1)?.trouble ?? null;
  if (current !== null) return afterTrouble(history, last, current, troubles);
  return (
    afterSameTwice(troubles) ??
    withMachines(history, last, failing) ??
    conclude(
      history,
      troubles.flatMap(({ boot, trouble }) => (trouble === null ? [] : [{ boot, trouble }])),
    )
  );
}

/** With more failures than this, whether each of them is the series' is nobody's question. */
const MAX_ALSO_FAILING = 6;

/** The verdict is certain; a case that failed once beside it may still be nothing but flaky, and would look like a fail. */
function alsoFailing(
  last: BootHistory,
  failing: readonly CaseHistory[],
  boots: readonly BootHistory[],
): NextStep | null {
  if (last.outcome !== 'up' || failing.length > MAX_ALSO_FAILING) return null;
  for (const one of failing) {
    const here = one.attempts.filter((attempt) => attempt.boot === last.number).length;
    const reason = one.attempts.at(-1)?.result.reason ?? null;
    // A time limit takes long to miss again.
    if (isProven(one, boots) || here >= MAX_ATTEMPTS || isTimeout(reason)) continue;
    return {
      do: 'repeat-case',
      case: one,
      why: `${label(one)} failed as well (${reason ?? 'no reason given'}): repeated, as it may be flaky`,
    };
  }
  return null;
}

/** 0 pass or flaky, 1 fail, 3 unknown; `strict` makes flaky 1. */
export function verdictExit(verdict: VerdictKind, options: { strict: boolean }): ExitCode {
  if (verdict === 'fail') return 1;
  if (verdict === 'unknown') return 3;
  return verdict === 'flaky' && options.strict ? 1 : 0;
}

interface Seen {
  boot: BootHistory;
  trouble: Trouble | null;
}

/** The last boot is in trouble that the series need not have made. */
function afterTrouble(history: RunHistory, last: BootHistory, now: Trouble, seen: readonly Seen[]): NextStep {
  const before = seen.slice(0, -1);
  const again = before.find(({ trouble }) => trouble !== null && isSame(trouble, now));
  const left = (history.maxBoots ?? MAX_BOOTS) - history.boots.length;
  const where = boundTo(history.boots);

  if (now.kind === 'qemu') return afterQemu(now, again?.boot ?? null, left);

  // Asked at once where nothing was printed, else when it has come again.
  if (now.beforeInit && (now.kind === 'no-byte' || again !== undefined) && history.baseBoots !== true) {
    if (history.baseBoots === undefined)
      return { do: 'prove-base', why: `${now.what}: does the base come up here?` };
    const tried =
      history.baseBoots === false
        ? 'the base does not come up in this mode either'
        : 'that the base comes up in this mode on this machine is not known; respin run --base tells';
    return done('unknown', `${now.what}, and ${tried}`);
  }
  if (again !== undefined) {
    // A kernel that cannot boot, twice, needs no third proof: no test of ours was running yet.
    const enough = now.beforeInit;
    const confirmed = last.purpose === 'confirm' || again.boot.purpose === 'confirm';
    const oneMore = !enough && !confirmed && (isImperfect(last.mode) || (now.slow && isSlow(last.mode)));
    if (oneMore && left > 0) {
      return reboot(
        'confirm',
        `${now.what}, as in boot ${again.boot.number}: to be confirmed with one vcpu and one thread`,
      );
    }
    if (oneMore) return done('unknown', `${now.what}, ${where}, but not confirmed in another mode`);
    const known = now.beforeInit ? ', though the base comes up in this mode' : '';
    const other = confirmed && last.purpose === 'confirm' ? ', the last with one vcpu and one thread' : '';
    return done(
      'fail',
      `${now.what}, in boot ${again.boot.number} and again in boot ${last.number}${other}${known}`,
    );
  }
  if (left <= 0) {
    const list = seen.flatMap(({ boot, trouble }) =>
      trouble === null ? [] : [`boot ${boot.number}: ${trouble.what}`],
    );
    const many = list.length > 1 ? 'no two boots failed at the same place' : 'it was not seen a second time';
    return done('unknown', `${many}, so the machine may be at fault; ${list.join('; ')}`);
  }
  if (before.some(({ trouble }) => trouble !== null)) {
    const mode = isImperfect(last.mode) || isSlow(last.mode) ? 'confirm' : 'same';
    return reboot(mode, `${now.what}; not where the boot before failed, so the machine may be at fault`);
  }
  const doubt = isImperfect(last.mode)
    ? 'emulated SVM is not perfect, so this is not yet the series'
    : 'this may be the machine';
  return reboot('same', `${now.what}; ${doubt}: repeated on fresh machines`);
}

/** QEMU killed or failing is the machine's affair, however often it happens. */
function afterQemu(now: Trouble, again: BootHistory | null, left: number): NextStep {
  if (again === null && left > 0) return reboot('same', `${now.what}: repeated on fresh machines`);
  const often = again === null ? '' : `, in boot ${again.number} and again`;
  return done('unknown', `${now.what}${often}: no kernel makes QEMU fail, so the machine is at fault`);
}

/** Seen twice at one place with several vcpus, not with one: neither a pass nor proven. */
function afterSameTwice(seen: readonly Seen[]): NextStep | null {
  const last = seen.at(-1);
  if (last?.boot.purpose !== 'confirm' || last.boot.outcome === 'up') return null;
  const splats = seen.filter(({ trouble }) => trouble?.kind === 'splat');
  const [first, second] = splats;
  if (first?.trouble == null || second?.trouble == null || !isSame(first.trouble, second.trouble))
    return null;
  return done(
    'unknown',
    `${second.trouble.what}, in boots ${first.boot.number} and ${second.boot.number}, but not with one vcpu and one thread: ` +
      'a race, of the series or of the emulation; a machine with KVM can tell',
  );
}

/** What the machines that are up can still be asked; a reboot where they are needed and gone. */
function withMachines(
  history: RunHistory,
  last: BootHistory,
  failing: readonly CaseHistory[],
): NextStep | null {
  const left = (history.maxBoots ?? MAX_BOOTS) - history.boots.length;
  const up = last.outcome === 'up';
  for (const one of failing) {
    const here = one.attempts.filter((attempt) => attempt.boot === last.number).length;
    if (up && here < MAX_ATTEMPTS) {
      const reason = one.attempts.at(-1)?.result.reason ?? 'no reason given';
      return {
        do: 'repeat-case',
        case: one,
        why: `${label(one)} failed (${reason}): repeated ${one.id === WHOLE_PROGRAM ? '' : 'alone'}`.trimEnd(),
      };
    }
    if (left > 0) {
      if (here < MAX_ATTEMPTS)
        return reboot('same', `${label(one)} failed and the machines are off: repeated on fresh ones`);
      if (isImperfect(last.mode) && isOfOneBoot(one)) {
        return reboot(
          'same',
          `${label(one)} failed ${here} times; emulated SVM is not perfect: repeated on fresh machines`,
        );
      }
      // Only slowness is left to explain it, or isProven would have spoken; or it could not be repeated.
      const failed = one.attempts.filter(({ result }) => result.status === 'fail').length;
      const what =
        failed < here ? `failed, and was skipped when repeated` : `ran into a time limit ${here} times`;
      return reboot('confirm', `${label(one)} ${what}; to be confirmed with one vcpu and one thread`);
    }
    return done('unknown', `${label(one)} failed and could not be repeated often enough: ${reasonOf(one)}`);
  }
  const missing = history.cases.filter(needsRun);
  const first = missing[0];
  if (first === undefined) return null;
  const same = missing.filter((one) => one.program === first.program && one.direction === first.direction);
  if (up && last.rests < MAX_RESTS) {
    return {
      do: 'run-rest',
      cases: same,
      why: `${count(same.length)} of ${first.program} ${first.direction} did not run`,
    };
  }
  if (left > 0) return reboot('same', `${count(missing.length)} did not run: run on fresh machines`);
  return done(
    'unknown',
    `${missing.length} of ${history.cases.length} cases never ran, the first ${label(first)}`,
  );
}

/** No trouble is left open: pass, or flaky with all that happened on the way. */
function conclude(history: RunHistory, past: readonly { boot: BootHistory; trouble: Trouble }[]): NextStep {
  const untested = untestedIn(history);
  if (untested !== null) return done('unknown', `${untestedWhy(history, untested)} in ${untested}`);
  const statuses = history.cases.map((one) => ({ one, status: statusOf(one) }));
  const ran = statuses.filter(({ status }) => status === 'pass' || status === 'flaky');
  const skipped = statuses.filter(({ status }) => status === 'skip').length;
  const flaky = statuses.filter(({ status }) => status === 'flaky').map(({ one }) => one);
  const notes = [
    ...past.map(
      ({ boot, trouble }) => `in boot ${boot.number} ${trouble.what}, which a fresh machine did not repeat`,
    ),
    ...flaky.map((one) => `${label(one)} failed ${oftenWords(one, history)} (${reasonOf(one)})`),
  ];
  const passed = `all cases passed, but not ${history.part === true ? 'each time' : 'at once'}`;
  if (notes.length > 0) return done('flaky', `${passed}: ${notes.join('; ')}`);
  const expected = statuses.filter(({ status }) => status === 'xfail').length;
  const left = [
    ...(skipped === 0 ? [] : [`, ${skipped} skipped`]),
    ...(expected === 0 ? [] : [`, ${expected} failed as this kernel is known to`]),
  ].join('');
  const where = ` in ${listed(history.directions)}${history.directions.length < DIRECTIONS.length ? ' only' : ''}`;
  const part = history.part === true ? '; nothing else was run' : '';
  return done('pass', `${count(ran.length)} passed${left}${where}, and the consoles are clean${part}`);
}

/** The program that a direction is judged by. */
const MAIN_PROGRAM = 'vsock_test';

/** Who asked for a number of times wants to know how many of them. */
function oftenWords({ attempts }: CaseHistory, { part }: RunHistory): string {
  if (part !== true) return 'and passed when repeated';
  const failed = attempts.filter(({ result }) => result.status === 'fail').length;
  return `${failed} of ${attempts.length} times`;
}

/**
 * A direction without which nothing can be said. Of some cases alone there may be one where they are all skipped, or fail as
 * known: then those that passed elsewhere are what was asked for.
 */
function untestedIn(history: RunHistory): Direction | null {
  const none = history.directions.filter((direction) => !isTested(history, direction));
  const some = history.part === true && none.length < history.directions.length;
  return some ? (none.find((direction) => !hasResult(history, direction)) ?? null) : (none[0] ?? null);
}

function hasResult({ cases }: RunHistory, direction: Direction): boolean {
  return cases.some((one) => one.direction === direction && ['skip', 'xfail'].includes(statusOf(one)));
}

function untestedWhy({ cases, part }: RunHistory, direction: Direction): string {
  if (part === true) {
    const known = cases.some((one) => one.direction === direction && statusOf(one) === 'xfail');
    return known ? 'what was run failed as this kernel is known to' : 'none of the chosen cases passed';
  }
  const some = cases.find((one) => one.program === MAIN_PROGRAM);
  return some === undefined ? `${MAIN_PROGRAM} did not run` : `no case of ${MAIN_PROGRAM} passed`;
}

/** A direction in which nothing of vsock_test passed says nothing of the series. */
function isTested({ cases, part }: RunHistory, direction: Direction): boolean {
  return cases.some(
    (one) =>
      (part === true || one.program === MAIN_PROGRAM) &&
      one.direction === direction &&
      (statusOf(one) === 'pass' || statusOf(one) === 'flaky'),
  );
}

/** `g2h, h2g and loopback` */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Boots whose failures count: a machine in doubt proves nothing about a case. */
function trusted(seen: readonly Seen[]): BootHistory[] {
  return seen.flatMap(({ boot, trouble }) => (trouble !== null && isImperfect(boot.mode) ? [] : [boot]));
}

/** It failed, by no time limit, and was never tried in other machines. */
function isOfOneBoot({ attempts }: CaseHistory): boolean {
  const fails = attempts.filter(({ result }) => result.status === 'fail');
  const slow = fails.every(({ result }) => isTimeout(result.reason));
  return !slow && new Set(attempts.map(({ boot }) => boot)).size === 1;
}

/** A failing case that needs no further proof. */
function isProven(one: CaseHistory, boots: readonly BootHistory[]): boolean {
  const fails = one.attempts.filter(
    ({ result, boot }) => result.status === 'fail' && boots.some((seen) => seen.number === boot),
  );
  const inOne = boots.some(
    (boot) => fails.filter((fail) => fail.boot === boot.number).length >= MAX_ATTEMPTS,
  );
  const inTwo = new Set(fails.map((fail) => fail.boot)).size > 1;
  const mode = boots.at(-1)?.mode;
  if (mode === undefined || (!inOne && !(inTwo && fails.length >= MAX_ATTEMPTS))) return false;
  // What emulated SVM has broken in a machine stays broken there, however often it is asked.
  if (isImperfect(mode) && !inTwo) return false;
  const slow = isSlow(mode) && fails.every(({ result }) => isTimeout(result.reason));
  if (!slow) return true;
  // A time limit missed under emulation counts when it is missed as often with one vcpu and one thread: on a
  // machine that is busy enough once is nothing.
  return boots.some(
    (boot) =>
      boot.purpose === 'confirm' && fails.filter((fail) => fail.boot === boot.number).length >= MAX_ATTEMPTS,
  );
}

/** It never ran to an end, and was not left out: the program was. */
function needsRun(one: CaseHistory): boolean {
  if (one.id === WHOLE_PROGRAM) return false;
  const status = statusOf(one);
  return status === 'not-run' || status === 'unknown';
}

function isSame(a: Trouble, b: Trouble): boolean {
  // Two kernels dead in their own boot are the same trouble wherever they fell.
  if (a.kind === 'own-boot' && b.kind === 'own-boot') return true;
  return a.places.includes(b.place) || b.places.includes(a.place);
}

function caseFailed(one: CaseHistory): string {
  const fails = one.attempts.filter(({ result }) => result.status === 'fail');
  const boots = new Set(fails.map((fail) => fail.boot)).size;
  const alone = fails.at(-1)?.alone === true ? ', the last alone' : '';
  const often = boots > 1 ? `${fails.length} times in ${boots} boots` : `${fails.length} times${alone}`;
  return `${label(one)} failed ${often}: ${reasonOf(one)}`;
}

function reasonOf(one: CaseHistory): string {
  return one.attempts.findLast(({ result }) => result.status === 'fail')?.result.reason ?? 'no reason given';
}

function count(cases: number): string {
  return `${cases} ${cases === 1 ? 'case' : 'cases'}`;
}

function label(one: CaseHistory): string {
  return `${one.program} ${one.direction} “${one.name}”`;
}

function inBoot(boot: BootHistory): string {
  return `, in boot ${boot.number}`;
}

function boundTo(boots: readonly BootHistory[]): string {
  return boots.length === 1 ? 'in one boot' : `in ${boots.length} boots`;
}

function done(verdict: VerdictKind, why: string): NextStep {
  return { do: 'done', verdict, why };
}

function reboot(mode: 'same' | 'confirm', why: string): NextStep {
  return { do: 'reboot', mode, why };
}
