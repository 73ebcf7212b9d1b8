// SPDX-License-Identifier: MIT
/**
 * Where the mails of a series go: which folder is its, and which others hold some of them. Mails
 * that came in another order may have made two folders of one series, or put a reply to the wrong one.
 */
import type { SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { isUntouched, type KeptSeries } from './kept-series.ts';
import type { ReviewState } from './state.ts';

export interface Place {
  /** The folder of the series, one that somebody has written in before others; null when none is there. */
  target: KeptSeries | null;
  /** Folders that mails of the series are moved from, and those mails; a folder with no others goes. */
  from: { kept: KeptSeries; mails: ReviewMail[] }[];
  /** Of the same series, but somebody has written in it: it stays. */
  apart: KeptSeries[];
  /** Mails of the series that a person has put beside another one. */
  copied: ReviewMail[];
}

/** @param ids of all mails of the series */
export async function placeOf(
  series: SeriesMails,
  ids: ReadonlySet<string>,
  holders: readonly KeptSeries[],
): Promise<Place> {
  const originals = new Set(series.versions.flatMap(({ positions }) => [...positions.keys()]));
  const written = new Set<KeptSeries>();
  for (const kept of holders) if (kept.isOwn || !(await isUntouched(kept))) written.add(kept);
  const [target = null, ...others] = holders
    .filter(({ mails }) => {
      const own = mails.filter(isOriginal);
      // Replies alone are of the series that they answer; beside patches they may have been misplaced.
      return own.length === 0 || own.some(({ messageId }) => originals.has(messageId));
    })
    .sort(
      (a, b) =>
        Number(written.has(b)) - Number(written.has(a)) ||
        order(firstDate(a, ids), firstDate(b, ids)) ||
        order(a.name, b.name),
    );
  const place: Place = { target, from: [], apart: [], copied: [] };
  for (const kept of holders) {
    if (kept === target) continue;
    const mails = kept.mails.filter(({ messageId }) => ids.has(messageId));
    const mayGo = !written.has(kept) && !(target !== null && contradict(kept.state, target.state));
    if (mayGo) place.from.push({ kept, mails });
    else if (others.includes(kept)) place.apart.push(kept);
    else place.copied.push(...mails);
  }
  return place;
}

function isOriginal({ role }: ReviewMail): boolean {
  return role === 'patch' || role === 'cover';
}

/** Of the mails of the series that it has. */
function firstDate({ mails }: KeptSeries, ids: ReadonlySet<string>): string {
  let first = '';
  for (const { date, messageId } of mails) {
    if (date !== '' && ids.has(messageId) && (first === '' || date < first)) first = date;
  }
  return first;
}

/** Whether they say different things of the same; of one that cannot be read nobody knows. */
function contradict(a: ReviewState | null, b: ReviewState | null): boolean {
  if (a === null) return true;
  if (b === null) return a.decisions.size + a.met.size > 0;
  const differ = <T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): boolean =>
    [...one].some(
      ([key, value]) => other.has(key) && JSON.stringify(other.get(key)) !== JSON.stringify(value),
    );
  return differ(a.decisions, b.decisions) || differ(a.met, b.met) || differ(a.links, b.links);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
