// SPDX-License-Identifier: MIT
/** What a version claims, held against a run and a measurement of it. */
import type { MeasuredClaim } from '../../core/measured-claims.ts';
import type { PerfRecord } from '../../core/perf.ts';
import type { Held, HeldClaim } from '../../core/reproduce.ts';
import type { PerformanceClaim, TestingClaim } from '../../core/review.ts';
import type { CaseStatus, Direction, Machine, RunRecord, SuiteResult } from '../../core/run.ts';
import { claimedChange, measureClaims } from './measured.ts';

/** `with each of them unpatched`, `against an unpatched guest`, `interop with old kernels` */
const PEER = /(?<![\w-])(?:unpatched|interop(?:erability)?)(?!\w)/i;
const BOTH = /(?<![\w-])patched(?!\w)/i;
/** `fails on an unpatched guest, passes on a patched one` says what the series is for. */
const FAULT =
  /(?<!\w)(?:fail|hang|hung|crash|panick?|oops|stall|time[sd]? ?out|reproduc|broken|without|not|\w+n['’]t)(?:s|ed|ing|e|es|ures?)?(?!\w)/i;
/** What is unpatched, up to what is patched: `unpatched host or guest`. */
const UNPATCHED = /\bunpatched\b(.*?)(?=\bpatched\b|[.;]|$)/gis;

/** A run with the series on one machine only. */
export interface PeerRun {
  unpatched: Machine;
  record: RunRecord;
}

/** Which machines are to boot the kernel of the base, one at a time, to hold these claims. */
export function unpatchedPeers(claims: readonly TestingClaim[]): Machine[] {
  const named = new Set(claims.filter(isTestable).flatMap(({ text }) => peersIn(text)));
  return MACHINES.filter((machine) => named.has(machine));
}

const MACHINES: readonly Machine[] = ['host', 'guest'];

/** Both, where neither is named; none, where it is not that it works with them. */
function peersIn(text: string): readonly Machine[] {
  if (!PEER.test(text) || FAULT.test(text)) return [];
  const named = [...text.matchAll(UNPATCHED)].map(([, rest]) => rest ?? '').join(' ');
  const peers = MACHINES.filter((machine) => new RegExp(`\\b${machine}s?\\b`, 'i').test(named));
  return peers.length === 0 ? MACHINES : peers;
}

/**
 * A claim of testing holds where each program it names passed in each direction it names. What it says of an unpatched
 * peer is a claim of its own, of which a run with the series on both machines says nothing.
 * @param peers the runs that `unpatchedPeers` asks for; or why there are none
 */
export function holdTesting(
  claims: readonly TestingClaim[],
  record: RunRecord,
  peers: readonly PeerRun[] | string,
): HeldClaim[] {
  return claims.filter(isTestable).flatMap((claim) => {
    const { held, found } = heldBy(claim, record);
    if (!PEER.test(claim.text)) return [{ claim: claim.text, held, found }];
    const wanted = peersIn(claim.text);
    const both = { claim: claim.text, held, found: `both patched: ${found}` };
    const withBoth = BOTH.test(claim.text);
    if (wanted.length === 0) {
      const why = 'it says what goes wrong with an unpatched kernel, which is not run';
      return withBoth ? [both] : [{ claim: claim.text, held: 'not tried', found: why }];
    }
    if (typeof peers === 'string') {
      const untried = { held: 'not tried', found: peers } as const;
      return withBoth
        ? [both, { claim: 'the same with an unpatched peer', ...untried }]
        : [{ claim: claim.text, ...untried }];
    }
    const each = peers
      .filter(({ unpatched }) => wanted.includes(unpatched))
      .map(({ unpatched, record: of }) => ({ ...withVerdict(heldBy(claim, of), of), unpatched }));
    if (withBoth) {
      return [
        both,
        ...each.map(({ unpatched, ...one }) => ({
          claim: `the same with an unpatched ${unpatched}`,
          ...one,
        })),
      ];
    }
    const told = each.map(({ unpatched, found: text }) => `unpatched ${unpatched}: ${text}`);
    return [{ claim: claim.text, held: worstOf(each), found: told.join('; ') }];
  });
}

/** The kernel of a run may have failed where no case of the claim did. */
function withVerdict(
  { held, found }: Pick<HeldClaim, 'held' | 'found'>,
  { verdict, why }: RunRecord,
): Pick<HeldClaim, 'held' | 'found'> {
  const told = [found, why].filter((text) => text !== '').join('; ');
  if (verdict === 'fail' && held !== 'does not hold') return { held: 'does not hold', found: told };
  if (verdict === 'unknown' && held !== 'does not hold') return { held: 'could not tell', found: told };
  return { held, found };
}

function isTestable({ programs, directions }: TestingClaim): boolean {
  return programs.length + directions.length > 0;
}

function heldBy(
  { programs, directions }: TestingClaim,
  record: RunRecord,
): Pick<HeldClaim, 'held' | 'found'> {
  if (record.error !== null) {
    return { held: 'could not tell', found: `${record.error.code}: ${record.error.message}` };
  }
  const ran = record.suites.filter(
    ({ program, cases, skipped }) => skipped === null && cases.length > 0 && !program.startsWith('probe-'),
  );
  const tried = ran.filter(
    ({ program, direction }) =>
      (programs.length === 0 || programs.includes(program)) &&
      (directions.length === 0 || directions.includes(direction)),
  );
  const missing = missingOf({ programs, directions }, tried);
  const parts = tried.map((suite) => ({ held: heldIn(suite), text: suiteText(suite) }));
  const has = (held: Held): boolean => parts.some((part) => part.held === held);
  const found = [
    ...parts.map(({ text }) => text),
    ...(missing.length === 0 ? [] : [`not run: ${missing.join(', ')}`]),
  ].join('; ');
  if (has('does not hold')) return { held: 'does not hold', found };
  if (has('could not tell')) return { held: 'could not tell', found };
  if (missing.length > 0 || parts.length === 0 || has('not tried'))
    return { held: 'not tried', found: found || 'nothing of it was run' };
  return { held: 'holds', found };
}

/** Each program in each direction that is named: `vsock_diag_test loopback`. */
function missingOf(
  { programs, directions }: Pick<TestingClaim, 'programs' | 'directions'>,
  tried: readonly Pick<SuiteResult, 'program' | 'direction'>[],
): string[] {
  const has = (program: string | null, direction: string | null): boolean =>
    tried.some(
      (suite) =>
        (program === null || suite.program === program) &&
        (direction === null || suite.direction === (direction as Direction)),
    );
  const pairs = (programs.length === 0 ? [null] : programs).flatMap((program) =>
    (directions.length === 0 ? [null] : directions).map((direction) => [program, direction] as const),
  );
  return pairs
    .filter(([program, direction]) => !has(program, direction))
    .map(([program, direction]) => [program, direction].filter((one) => one !== null).join(' '));
}

function heldIn({ cases }: SuiteResult): Held {
  const has = (...statuses: CaseStatus[]): boolean => cases.some(({ status }) => statuses.includes(status));
  if (has('fail')) return 'does not hold';
  if (has('unknown', 'not-run', 'flaky')) return 'could not tell';
  // All skipped, or failed as this kernel is known to.
  return has('pass') ? 'holds' : 'not tried';
}

function suiteText({ program, direction, cases }: SuiteResult): string {
  const of = (status: CaseStatus): number => cases.filter((one) => one.status === status).length;
  const first = cases.find(({ status }) => status === 'fail');
  const failed = first === undefined ? '' : `, ${of('fail')} failed: “${first.name}”`;
  const others = (['flaky', 'unknown', 'not-run'] as const).map((status) =>
    of(status) === 0 ? '' : `, ${of(status)} ${status === 'not-run' ? 'not run' : status}`,
  );
  return `${program} ${direction}: ${of('pass')} passed${failed}${others.join('')}`;
}

/** Percentages against percentages: the values are of another machine. */
export function holdPerformance(claims: readonly PerformanceClaim[], record: PerfRecord): HeldClaim[] {
  return measureClaims(claims, record).map((one) => ({
    claim: claimText(one),
    held: one.verdict === 'larger' && !isGain(one) ? 'does not hold' : HELD[one.verdict],
    found: one.why ?? foundText(one),
  }));
}

/** More of what makes it faster; a loss that is larger than was admitted is none. */
function isGain({ measured }: MeasuredClaim): boolean {
  if (measured === null) return false;
  const { test, change } = measured;
  return test.measure === 'latency' ? change.change < 0 : change.change > 0;
}

/** A gain that is larger than was claimed is no reason for complaint. */
const HELD: Record<MeasuredClaim['verdict'], Held> = {
  ...{ holds: 'holds', larger: 'holds' },
  ...{ smaller: 'does not hold', 'other way': 'does not hold', 'not seen': 'does not hold' },
  ...{ 'could not tell': 'could not tell', 'not measured': 'not tried' },
};

/** Claims nothing of which was measured. */
export function notMeasured(claims: readonly PerformanceClaim[], why: string): HeldClaim[] {
  return claims.map((claim) => ({
    claim: claimText({ claim, claimed: claimedChange(claim) }),
    ...{ held: 'not tried' as const, found: why },
  }));
}

function claimText({ claim, claimed }: Pick<MeasuredClaim, 'claim' | 'claimed'>): string {
  const name = claim.test === '' ? 'a figure without a name' : claim.test;
  const change = claimed === 0 ? 'no change' : signed(claimed, 0);
  return `${name}${claim.direction === null ? '' : ` ${claim.direction}`} ${change}`;
}

function foundText({ measured, verdict }: MeasuredClaim): string {
  if (measured === null) return '';
  const { change, interval, real } = measured.change;
  const [low, high] = interval.map((one) => signed(one, 1).slice(0, -1));
  const found = `${real ? signed(change, 1) : 'no measurable change'} (${low} to ${high} %)`;
  // Said by what stands before it.
  return verdict === 'holds' || verdict === 'could not tell' ? found : `${verdict}: ${found}`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 ? '-' : '+'}${text}%`;
}

/** The worst of them: what does not hold is at fault, what was not tried is no result. */
export function worstOf(claims: readonly Pick<HeldClaim, 'held'>[]): Held {
  const order: readonly Held[] = ['does not hold', 'could not tell', 'not tried'];
  return order.find((held) => claims.some((one) => one.held === held)) ?? 'holds';
}
