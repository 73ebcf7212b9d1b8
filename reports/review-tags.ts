// SPDX-License-Identifier: MIT
/** Which of a review's trailers object, and which of those of one person say the same. */
import type { SettledTrailer, TrailerState } from '../core/review.ts';

/** `Nacked-by`, `NAK` */
export function isObjection({ kind }: Pick<SettledTrailer, 'kind'>): boolean {
  return /^nac?k/i.test(kind);
}

/** Of a name or an address, more than any has; a hostile mail has some of megabytes. */
const LONGEST = 400;

/** Best first. A withdrawal says more than that the patch changed. */
const STATES: readonly TrailerState[] = ['given', 'met', 'conditional', 'withdrawn', 'stale'];

/**
 * Without what the same person says as well, or better, with the same kind for the same patches: a condition
 * that was met by a later tag would be there twice. Of two that are worth the same the one for more patches
 * is kept, else the later one.
 * @param trailers oldest first
 */
export function onceEach(trailers: readonly SettledTrailer[]): SettledTrailer[] {
  const groups = Map.groupBy(trailers, ({ kind, name, email }) =>
    [kind, email.trim() || name].map((part) => part.slice(0, LONGEST).toLowerCase()).join('\n'),
  );
  const kept = new Set([...groups.values()].flatMap(bestOf));
  return trailers.filter((one) => kept.has(one));
}

function bestOf(group: readonly SettledTrailer[]): SettledTrailer[] {
  const ranked = group
    .map((one, at) => ({ one, at, worth: worthOf(one) }))
    .sort(
      (a, b) =>
        b.worth - a.worth ||
        STATES.indexOf(a.one.state) - STATES.indexOf(b.one.state) ||
        b.one.patches.length - a.one.patches.length ||
        b.at - a.at,
    )
    .map(({ one }) => one);
  const said = new Set<number>();
  return ranked.filter((one) => {
    // Not from whom it names, or for nobody knows what: it repeats nothing.
    if (one.state === 'mismatched' || one.patches.length === 0) return true;
    if (one.patches.every((patch) => said.has(patch))) return false;
    for (const patch of one.patches) said.add(patch);
    return true;
  });
}

function worthOf({ counts }: SettledTrailer): number {
  if (counts === null) return 1;
  return counts ? 2 : 0;
}
