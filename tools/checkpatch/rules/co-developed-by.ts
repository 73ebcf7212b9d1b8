// SPDX-License-Identifier: MIT
import type { Patch } from '../../../core/series.ts';
import type { Found, Rule } from '../rule.ts';
import { atTrailer, isSame, isTool, nameOf, trailersOf } from '../trailers.ts';

export const coDevelopedBy: Rule = {
  id: 'co-developed-by',
  kind: 'series',
  severity: 'error',
  title: 'every Co-developed-by is followed by a Signed-off-by of the same person',
  explanation: `Co-developed-by names who wrote the patch together with its author. As it denotes authorship, it
"must be immediately followed by a Signed-off-by: of the associated co-author". The author is named by From and
is no co-author beside.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#when-to-use-acked-by-cc-and-co-developed-by',
  needs: 'mails',
  advice: 'put the Signed-off-by of the co-author on the next line',
  check: ({ series }) => series.patches.flatMap(foundIn),
};

function foundIn(patch: Patch): Found[] {
  const trailers = trailersOf(patch);
  return trailers.flatMap((trailer, at): Found[] => {
    const { kind, person, value } = trailer;
    if (kind !== 'Co-developed-by') return [];
    const who = person ?? { name: value, email: '' };
    // The rule trailer-form says how a tool is named.
    if (isTool(who)) return [];
    if (isSame(who, patch.author)) {
      return [
        {
          ...atTrailer(patch, trailer),
          text: `${nameOf(who)} is the author, and no co-developer beside`,
          advice: 'take the line out; the author is who From names',
        },
      ];
    }
    const next = trailers[at + 1];
    const signed = next?.kind === 'Signed-off-by' && next.person !== null && isSame(next.person, who);
    if (signed) return [];
    const elsewhere = trailers.some(
      (one) => one.kind === 'Signed-off-by' && one.person !== null && isSame(one.person, who),
    );
    const text = elsewhere
      ? `the Signed-off-by of ${nameOf(who)} does not follow`
      : `${nameOf(who)} is a co-developer and has not signed off`;
    return [{ ...atTrailer(patch, trailer), text }];
  });
}
