// SPDX-License-Identifier: MIT
import type { Patch } from '../../../core/series.ts';
import type { Found, Rule } from '../rule.ts';
import { atTrailer, nameOf, type PatchTrailer, trailersOf } from '../trailers.ts';

const REPORT = /^reported-(?:and-[a-z-]{1,40}-)?by$/i;
/** Bug and the like are older than Closes. */
const LINK = /^(?:closes|link|bug|buglink|bugzilla)$/i;

export const reportedByLink: Rule = {
  id: 'reported-by-link',
  kind: 'series',
  severity: 'warning',
  title: 'every Reported-by is followed by a Closes or Link with the report',
  explanation: `Who reads the fix later wants to see the report, and bots that track bugs close it by the address. So
"the tag should be followed by a Closes: tag pointing to the report, unless the report is not available on the
web"; Link stands for it when the patch fixes only a part. Several Reported-by above one Closes share it.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#using-reported-by-tested-by-reviewed-by-suggested-by-and-fixes',
  needs: 'mails',
  advice: 'put Closes: and the address of the report on the next line, if it is on the web',
  check: ({ series }) => {
    const found = series.patches.map(foundIn);
    if (found.every((one) => one === null)) return { notForThis: 'no Reported-by in it' };
    return found.flatMap((one) => one ?? []);
  },
};

/** null when nobody reported anything. */
function foundIn(patch: Patch): Found[] | null {
  const trailers = trailersOf(patch);
  if (!trailers.some(({ kind }) => REPORT.test(kind))) return null;
  const found: Found[] = [];
  const linked = trailers.some(isReport);
  // From below, for the report that the next Reported-by has.
  let below: PatchTrailer | undefined;
  for (const trailer of [...trailers].reverse()) {
    if (REPORT.test(trailer.kind)) {
      if (below === undefined || !isReport(below)) found.push(foundAt(patch, trailer, below, linked));
    } else {
      below = trailer;
    }
  }
  return found.reverse();
}

function foundAt(
  patch: Patch,
  trailer: PatchTrailer,
  below: PatchTrailer | undefined,
  linked: boolean,
): Found {
  const who = nameOf(trailer.person ?? { name: trailer.value, email: '' });
  const at = atTrailer(patch, trailer);
  if (below !== undefined && LINK.test(below.kind)) {
    return { ...at, text: `the ${below.kind} below the report of ${who} has no address` };
  }
  if (!linked) return { ...at, text: `no Closes: with the report of ${who} follows` };
  return {
    ...at,
    severity: 'note',
    text: `the report of ${who} is not on the next line`,
    advice: 'move the Closes: or Link: right below the Reported-by',
  };
}

function isReport({ kind, value }: PatchTrailer): boolean {
  return LINK.test(kind) && /^<?https?:\/\/\S/i.test(value);
}
