// SPDX-License-Identifier: MIT
/**
 * What the trailers of all versions are worth for one of them: which were taken back, whose condition was met,
 * and which are stale because their patch changed substantially after they were given. A trailer that fares
 * differently from patch to patch is split into one for each fate.
 */
import type { SettledTrailer, Trailer } from '../../core/review.ts';
import { isAfter, latestWord, numbersOf, type SettleOptions } from './trailer-latest.ts';

/**
 * @param trailers those of trailersOf, in the order of the mails: of two mails of one person the later holds.
 *   Withdrawals that found what they take back are left out, the others stay.
 */
export function settleTrailers(trailers: readonly Trailer[], options: SettleOptions): SettledTrailer[] {
  const pieces = latestWord(trailers, options);
  return pieces.flatMap(({ trailer, since }) => settle(trailer, since, options));
}

function settle(trailer: Trailer, since: string, options: SettleOptions): SettledTrailer[] {
  const alive = trailer.state === 'given' || trailer.state === 'met';
  const numbers = numbersOf(trailer, options);
  if (numbers === null) {
    const why = trailer.why ?? 'could not tell which patches it is for';
    return [{ ...trailer, counts: alive ? null : false, patches: [], why: alive ? why : trailer.why }];
  }
  const groups = new Map<string, SettledTrailer & { scope: number[] }>();
  for (const one of numbers) {
    const { patch, ...now } = patchFate(trailer, one, since, options);
    const key = JSON.stringify([now.state, now.counts, now.reason]);
    const group = groups.get(key) ?? {
      ...trailer,
      state: now.state,
      counts: now.counts,
      why: now.reason ?? trailer.why,
      scope: [],
      patches: [],
    };
    group.scope.push(one);
    if (patch !== null) group.patches.push(patch);
    groups.set(key, group);
  }
  const settled = [...groups.values()];
  return settled.length === 1 ? settled.map((one) => ({ ...one, scope: trailer.scope })) : settled;
}

interface Fate {
  patch: number | null;
  state: Trailer['state'];
  counts: boolean | null;
  reason: string | null;
}

function patchFate(trailer: Trailer, one: number, since: string, options: SettleOptions): Fate {
  const { state, version } = trailer;
  const to = options.version;
  const alive = state === 'given' || state === 'met';
  if (isAfter(version, to))
    return { patch: null, state, counts: false, reason: `given on ${version}, after ${to}` };
  const here = version === to ? { patch: one, changed: false } : options.later(one, version, to);
  const unknown = `could not tell what became of its patch in ${to}`;
  if (here === null)
    return { patch: null, state, counts: alive ? null : false, reason: alive ? unknown : null };
  if (here.patch === null) {
    return { patch: null, state, counts: false, reason: alive ? `its patch is not in ${to}` : null };
  }
  if (!alive) return { patch: here.patch, state, counts: false, reason: null };
  const changed = since === version ? here.changed : changedSince(one, trailer, since, options);
  if (changed === true) {
    return {
      patch: here.patch,
      state: 'stale',
      counts: false,
      reason: `its patch changed between ${since} and ${to}`,
    };
  }
  if (changed === false) return { patch: here.patch, state, counts: true, reason: null };
  const reason = `could not tell whether its patch changed between ${since} and ${to}`;
  return { patch: here.patch, state, counts: null, reason };
}

/** For a condition that was met in a later version than it was set in: what changed before that was asked for. */
function changedSince(one: number, trailer: Trailer, since: string, options: SettleOptions): boolean | null {
  if (isAfter(since, options.version)) return null;
  const met = options.later(one, trailer.version, since)?.patch ?? null;
  if (met === null) return null;
  return since === options.version ? false : (options.later(met, since, options.version)?.changed ?? null);
}
