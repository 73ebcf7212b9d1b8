// SPDX-License-Identifier: MIT
/** What the review knows of the version that is checked. */
import type { ReviewVersion, SettledTrailer } from '../../core/review.ts';
import { type CarriedTrailers, carried } from '../../patches/trailer-carried.ts';
import type { CheckInput } from './rule.ts';
import { isSame } from './trailers.ts';

/** The checked version, and those before it, oldest first. */
export function versionsOf({ review, series }: Pick<CheckInput, 'review' | 'series'>): {
  now: ReviewVersion | null;
  before: ReviewVersion[];
} {
  const at = review.versions.findIndex(({ version }) => version === series.version);
  return { now: review.versions[at] ?? null, before: review.versions.slice(0, Math.max(0, at)) };
}

/**
 * Tags that were given on earlier versions, held against those the patches have. One that is given
 * again on this version is neither missing nor stale: who sent the patches could not know.
 */
export function tagsBefore(input: CheckInput): CarriedTrailers & { given: SettledTrailer[] } {
  const { before, now } = versionsOf(input);
  const again = now?.trailers ?? [];
  const given = before
    .flatMap(({ trailers }) => trailers)
    .filter((one) => !again.some((other) => isAgain(one, other)));
  return { ...carried(input.series.patches, given), given };
}

function isAgain(one: SettledTrailer, again: SettledTrailer): boolean {
  if (again.kind !== one.kind || !isSame(again, one)) return false;
  return one.patches.every((patch) => again.patches.includes(patch));
}

const TAG =
  /(?<![\w-])(?:(?:reviewed|acked|tested)[- ]bys?|r-?bs?|a-?bs?|t-?bs?|r-b\/\w{1,9}|acks?|tags?|trailers?)(?![\w-])/i;
const LOST =
  /(?<!\w)(?:drop(?:ped|ping|s)?|remov(?:ed?|ing)|discard(?:ed|ing)?|reset|lost|clear(?:ed)?|not (?:add|carr|keep|kept|collect|pick|appl|includ)\w{0,9}|left out|without)(?!\w)/i;
const KEPT =
  /(?<!\w)(?:keep(?:ing|s)?|kept|carr(?:y|ied|ying)|retain(?:ed|ing)?|preserv(?:ed|ing)|still (?:appl|hold|valid)\w{0,5})(?!\w)/i;

/**
 * Tells whether the author says, of any version after `since`, that tags were dropped, or kept: in
 * the changelogs, the notes and the cover letter, where a sentence may go over two lines.
 */
export function authorOnTags({
  review,
  series,
}: CheckInput): (since: string, what: 'lost' | 'kept') => boolean {
  const texts = [series.cover?.body ?? '', ...series.patches.map(({ notes }) => notes)];
  const pairs = texts.flatMap((text) => {
    const lines = text.split('\n');
    return lines.map((line, at) => `${line} ${lines[at + 1] ?? ''}`);
  });
  const here = pairs.filter(isOnTags);
  return (since, what) => {
    const from = review.versions.findIndex(({ version }) => version === since);
    const entries = review.versions
      .slice(from + 1)
      .flatMap(({ changelog }) => changelog.flatMap((one) => one.entries.map(({ text }) => text)));
    const word = what === 'lost' ? LOST : KEPT;
    return [...entries.filter(isOnTags), ...here].some((text) => word.test(text));
  };
}

function isOnTags(text: string): boolean {
  return text.length < 2000 && TAG.test(text);
}
