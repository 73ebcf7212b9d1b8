// SPDX-License-Identifier: MIT
import type { CarriedTrailer } from '../../../patches/trailer-carried.ts';
import { placed } from '../places.ts';
import { authorOnTags, tagsBefore } from '../reviewed.ts';
import type { CheckInput, Found, Rule } from '../rule.ts';
import { nameOf } from '../trailers.ts';

export const trailersStale: Rule = {
  id: 'trailers-stale',
  kind: 'series',
  severity: 'warning',
  title: 'no patch carries a tag that does not count for it any more',
  explanation: `A tag is what somebody said of the patch they saw. If it "has changed substantially in following
version, these tags might not be applicable anymore and thus should be removed"; a tag with a condition counts
once who gave it says that the condition is met; and one that was taken back is not the author's to keep.
Where the change is small, say in the changelog that the tag was kept, and why.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#reviewer-s-statement-of-oversight',
  needs: 'mails',
  advice: 'take the line out and say so in the changelog, or ask for the tag again',
  ofSeries: true,
  check: (input) => {
    const { carried, given } = tagsBefore(input);
    if (given.length === 0) return { notForThis: 'no tags on earlier versions are known' };
    const says = authorOnTags(input);
    return carried
      .filter(({ state, trailer }) => state !== 'stale' || !says(trailer?.version ?? '', 'kept'))
      .flatMap((one) => foundIn(one, input));
  },
};

function foundIn(one: CarriedTrailer, input: CheckInput): Found[] {
  const { patch, kind, line, trailer } = one;
  if (trailer === null) return [];
  const of = `the ${kind} of ${nameOf(one)}`;
  const why = trailer.why === null ? '' : `: ${trailer.why}`;
  const body = input.series.patches.find(({ index }) => index === patch)?.body ?? '';
  const at = { place: placed('message', patch, line), quote: body.split('\n')[line - 1] ?? null };
  switch (one.state) {
    case 'stale':
      return [{ ...at, text: `${of} from ${trailer.version} is stale${why}` }];
    case 'conditional':
      return [
        {
          ...at,
          text: `${of} was given on a condition: "${(trailer.condition ?? '').slice(0, 120)}"`,
          advice: 'wait for the tag itself; respin review status shows the mail',
        },
      ];
    case 'withdrawn':
      return [{ ...at, severity: 'error', text: `${of} was taken back${why}`, advice: 'take the line out' }];
    case 'mismatched':
      return [{ ...at, text: `${of} was not given by whom it names${why}` }];
    default:
      return [];
  }
}
