// SPDX-License-Identifier: MIT
import type { SettledTrailer } from '../../../core/review.ts';
import { placed } from '../places.ts';
import { authorOnTags, tagsBefore, versionsOf } from '../reviewed.ts';
import type { CheckInput, Found, Rule } from '../rule.ts';
import { isSame, nameOf, trailersOf } from '../trailers.ts';

export const trailersCarried: Rule = {
  id: 'trailers-carried',
  kind: 'series',
  severity: 'warning',
  title: 'tags given on an earlier version are carried, or their loss explained',
  explanation: `Tested-by and Reviewed-by, "once received on mailing list from tester or reviewer, should be added by
author to the applicable patches when sending next versions". Where a patch changed much they go, and that
"should be mentioned in the patch changelog (after the '---' separator)": else who gave the tag has to look
twice, and nobody sees that there was one.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#reviewer-s-statement-of-oversight',
  needs: 'mails',
  advice: 'add it (respin review trailers --apply does), or say in the changelog why it is gone',
  ofSeries: true,
  check: (input) => {
    const { missing, given } = tagsBefore(input);
    if (given.length === 0) return { notForThis: 'no tags on earlier versions are known' };
    const says = authorOnTags(input);
    const lost = missing
      .filter(({ trailer }) => !says(trailer.version, 'lost'))
      .map(
        ({ patch, trailer }): Found => ({
          place: placed('mail', patch),
          quote: null,
          text: `the ${trailer.kind} of ${nameOf(trailer)} from ${trailer.version} is missing`,
        }),
      );
    return [...lost, ...droppedInSilence(input, given)];
  },
};

/** What the last version was given, and the change since has cost. */
function droppedInSilence(input: CheckInput, given: readonly SettledTrailer[]): Found[] {
  const last = versionsOf(input).before.at(-1);
  const stale = given.filter(({ state, version }) => state === 'stale' && version === last?.version);
  if (last === undefined || stale.length === 0 || authorOnTags(input)(last.version, 'lost')) return [];
  return input.series.patches.flatMap((patch) => {
    const there = trailersOf(patch);
    return stale
      .filter(({ patches }) => patches.includes(patch.index))
      .filter((one) => !there.some(({ person }) => person !== null && isSame(person, one)))
      .map(
        (one): Found => ({
          place: placed('mail', patch.index),
          quote: null,
          severity: 'note',
          text: `the ${one.kind} of ${nameOf(one)} from ${one.version} went with the changes, and no changelog says so`,
          advice: 'say in the changelog that the tag was dropped, and why',
        }),
      );
  });
}
