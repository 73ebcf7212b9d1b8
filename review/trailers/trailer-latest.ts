// SPDX-License-Identifier: MIT
/** Of several mails of one person the later one holds: tags taken back, conditions met, NAKs lifted. */
import type { Trailer } from '../../core/review.ts';
import type { Person } from '../../core/series.ts';
import { personMatcher } from '../../patches/trailer-person.ts';
import { ANY_TAG, type Approval, approvalsOf } from '../../patches/trailer-value.ts';

/** Where a patch is in a later version. */
export interface LaterPatch {
  /** null when it was dropped. */
  patch: number | null;
  /** Whether it changed substantially; null when that could not be told. */
  changed: boolean | null;
}

export interface SettleOptions {
  /** The version to settle for. */
  version: string;
  /** How many patches a version has; null when it is not known. */
  count(version: string): number | null;
  /** Asked for versions that differ; null when it could not be told what became of the patch. */
  later(patch: number, from: string, to: string): LaterPatch | null;
  /** Where a person has said that a condition is met: since which version, and why. */
  met?(trailer: Trailer): { version: string; why: string } | null;
}

/** A trailer, or the part of one that fared as the rest did not. */
export interface Piece {
  trailer: Trailer;
  /** What its kind says. */
  says: readonly Approval[];
  /** The version from which changes count against it. */
  since: string;
}

type Matcher = (one: Person, other: Person) => boolean;
type Outcome = Pick<Trailer, 'state' | 'why'>;

/** @param trailers in the order of the mails */
export function latestWord(trailers: readonly Trailer[], options: SettleOptions): Piece[] {
  const matches = personMatcher();
  let pieces: Piece[] = [];
  for (const trailer of trailers) {
    const later = { trailer, says: approvalsOf(trailer.kind), since: trailer.version };
    let found = false;
    const split = (piece: Piece): Piece[] => {
      const outcome = outcomeOf(piece, later, matches);
      const [hit, rest] = outcome ? parted(piece.trailer, trailer, options) : [null, null];
      if (outcome === null || hit === null) return [piece];
      found = true;
      const since = outcome.state === 'met' ? trailer.version : piece.since;
      const changed = { ...piece, trailer: { ...hit, ...outcome }, since };
      return rest === null ? [changed] : [changed, { ...piece, trailer: rest }];
    };
    // Most trailers say nothing of earlier ones: those do not cost a copy of the list.
    if (pieces.some((piece) => outcomeOf(piece, later, matches) !== null)) pieces = pieces.flatMap(split);
    if (trailer.state === 'withdrawn' && found) continue;
    const met = trailer.state === 'conditional' ? (options.met?.(trailer) ?? null) : null;
    const now = met ? { ...later, trailer: { ...trailer, state: 'met' as const, why: met.why } } : later;
    pieces.push(met ? { ...now, since: met.version } : now);
  }
  return pieces;
}

/** What a later mail of the same person makes of a trailer; null when it leaves it as it is. */
function outcomeOf(piece: Piece, next: Piece, matches: Matcher): Outcome | null {
  const { trailer, says: before } = piece;
  const { trailer: later, says: after } = next;
  if (!['given', 'conditional', 'met'].includes(trailer.state) || trailer.messageId === later.messageId)
    return null;
  const shared = later.kind === ANY_TAG || before.some((one) => after.includes(one));
  const mail = `(${later.messageId})`;
  let outcome: Outcome | null = null;
  if (later.state === 'withdrawn') {
    if (shared) outcome = { state: 'withdrawn', why: `${later.why ?? 'withdrawn'} ${mail}` };
  } else if (later.state === 'given' && before.includes('nacked') !== after.includes('nacked')) {
    // A test goes together with a NAK: it says nothing of whether the patch is wanted.
    const both = [before, after].every((kinds) => kinds.some((one) => one !== 'tested'));
    if (both) outcome = { state: 'withdrawn', why: `${later.kind} in a later mail ${mail}` };
  } else if (later.state === 'given' && trailer.state === 'conditional' && shared) {
    outcome = { state: 'met', why: `given without a condition in a later mail ${mail}` };
  }
  return outcome !== null && matches(trailer, later) ? outcome : null;
}

/** The part of a trailer a later word is about, and the rest of it. */
function parted(trailer: Trailer, later: Trailer, options: SettleOptions): [Trailer | null, Trailer | null] {
  if (later.scope === null) return [trailer, null];
  const all = numbersOf(trailer, options);
  // It could not be told which patches one of them is about: a tag taken back must not stay.
  if (all === null || later.scope.length === 0)
    return later.state === 'given' ? [null, null] : [trailer, null];
  const meant = new Set(inVersion(later.scope, trailer.version, later.version, all, options));
  const hit = all.filter((one) => meant.has(one));
  const rest = all.filter((one) => !meant.has(one));
  if (hit.length === 0) return [null, null];
  return rest.length === 0
    ? [trailer, null]
    : [
        { ...trailer, scope: hit },
        { ...trailer, scope: rest },
      ];
}

/** Of `all` in version `from`, the patches that are those of a scope in version `to`. */
function inVersion(
  scope: number[],
  from: string,
  to: string,
  all: number[],
  options: SettleOptions,
): number[] {
  if (from === to) return scope;
  if (isAfter(from, to)) return scope.map((one) => options.later(one, to, from)?.patch ?? 0);
  return all.filter((one) => scope.includes(options.later(one, from, to)?.patch ?? 0));
}

/** The patches it is for, in the version it was given on; null when that is not known. */
export function numbersOf(trailer: Trailer, options: SettleOptions): number[] | null {
  if (trailer.scope !== null) return trailer.scope.length > 0 ? trailer.scope : null;
  const count = options.count(trailer.version);
  return count === null ? null : Array.from({ length: Math.min(count, 1000) }, (_, at) => at + 1);
}

/** Whether a version is a later one than another. */
export function isAfter(version: string, other: string): boolean {
  return Number(/^v(\d{1,6})$/.exec(version)?.[1]) > Number(/^v(\d{1,6})$/.exec(other)?.[1]);
}
