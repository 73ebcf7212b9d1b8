// SPDX-License-Identifier: MIT
/** The trailers a version's patches carry, held against those that were given. */
import type { SettledTrailer, Trailer } from '../core/review.ts';
import { trailersOfMessage } from './trailer-message.ts';
import { personMatcher } from './trailer-person.ts';
import { ANY_TAG, approvalsOf } from './trailer-value.ts';

/**
 * unseen: no mail that was read gives it. unknown: it was given, but it could not be told whether for this
 * patch as it is now. The others are the state it has; given and met may be carried.
 */
export type CarriedState = Trailer['state'] | 'unseen' | 'unknown';

export interface CarriedTrailer {
  patch: number;
  kind: string;
  name: string;
  email: string;
  /** 1-based line of the commit message. */
  line: number;
  state: CarriedState;
  /** The given trailer it was held against; null when it is unseen. */
  trailer: SettledTrailer | null;
}

export interface CarriedTrailers {
  carried: CarriedTrailer[];
  /** Trailers that count for a patch that does not carry them. */
  missing: { patch: number; trailer: SettledTrailer }[];
}

/** From the best to the worst: what a carried line is held against when several fit. */
const RANK: readonly CarriedState[] = [
  'given',
  'met',
  'unknown',
  'conditional',
  'stale',
  'withdrawn',
  'mismatched',
];

/**
 * Only approvals are looked at: who signed off or reported is not for a reply to give.
 * @param patches of the version the trailers are settled for
 */
export function carried(
  patches: readonly { index: number; body: string }[],
  trailers: readonly SettledTrailer[],
): CarriedTrailers {
  const matches = personMatcher();
  const result: CarriedTrailers = { carried: [], missing: [] };
  for (const { index, body } of patches) {
    const here = trailers.filter((one) =>
      one.patches.length > 0 ? one.patches.includes(index) : one.counts === null,
    );
    const lines = trailersOfMessage(body).filter((one) => approvalsOf(one.kind).length > 0);
    for (const { kind, value, person, line } of lines) {
      const who = person ?? { name: value.slice(0, 200), email: '' };
      const fits = here.filter((one) => shares(one.kind, kind) && matches(one, who));
      const given = best(fits);
      result.carried.push({ patch: index, kind, ...who, line, state: stateOf(given), trailer: given });
    }
    const counted: SettledTrailer[] = [];
    for (const one of here) {
      if (one.counts !== true || counted.some((other) => other.kind === one.kind && matches(one, other)))
        continue;
      counted.push(one);
      const said = lines
        .filter(({ person }) => person !== null && matches(person, one))
        .flatMap((line) => approvalsOf(line.kind));
      if (approvalsOf(one.kind).some((approval) => approval !== 'nacked' && !said.includes(approval))) {
        result.missing.push({ patch: index, trailer: one });
      }
    }
  }
  return result;
}

function shares(kind: string, other: string): boolean {
  const said = approvalsOf(other);
  return kind === ANY_TAG || approvalsOf(kind).some((one) => said.includes(one));
}

function stateOf(trailer: SettledTrailer | null): CarriedState {
  if (trailer === null) return 'unseen';
  return trailer.counts === null ? 'unknown' : trailer.state;
}

function best(trailers: readonly SettledTrailer[]): SettledTrailer | null {
  const rank = (one: SettledTrailer) => RANK.indexOf(stateOf(one));
  return trailers.reduce<SettledTrailer | null>(
    (top, one) => (top && rank(top) <= rank(one) ? top : one),
    null,
  );
}
