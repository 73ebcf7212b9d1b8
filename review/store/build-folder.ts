// SPDX-License-Identifier: MIT
/** A series' folder → its review, made anew. */
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { type BuiltReview, buildReview } from '../build/build-review.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { asOneSeries, readMailSet } from './series-mails.ts';
import { type ReviewState, trailerKey } from './state.ts';

export interface WholeReviewOptions {
  /** As it was when this was the newest version: trailers are settled for it. */
  upTo?: string;
  /** Mails of a version that is not in the folder, their subjects with its number. */
  more?: readonly ReviewMail[];
}

/** @throws RespinError REVIEW_EMPTY (usage) */
export async function buildWith(
  folder: string,
  state: ReviewState,
  { upTo, more = [] }: WholeReviewOptions = {},
): Promise<BuiltReview> {
  const set = await readMailSet(folder);
  const series = asOneSeries([...set.mails, ...more], state.links);
  if (series === null) throw empty(folder);
  return buildReview(series, {
    name: path.basename(folder),
    links: state.links,
    problems: set.problems,
    ...(upTo === undefined ? {} : { upTo }),
    met: (trailer) => {
      const said = state.met.get(trailerKey(trailer));
      if (said === undefined) return null;
      return { version: said.version || trailer.version, why: `${said.why} (${said.by})` };
    },
  });
}

function empty(folder: string): RespinError {
  return new RespinError({
    code: 'REVIEW_EMPTY',
    blame: 'usage',
    message: `there are no patches and no mails of ${printable(path.basename(folder))}`,
    hint: 'respin review import SOURCE fetches the mails of a series: an mbox, a maildir, a URL, a page',
  });
}
