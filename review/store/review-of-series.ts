// SPDX-License-Identifier: MIT
/** The review of one version, for what is in no folder that has more: an mbox, a range, loose patches. */
import type { Review } from '../../core/review.ts';
import type { Series } from '../../core/series.ts';
import { buildReview } from '../build/build-review.ts';
import { type ReviewMail, readReviewMail } from '../mails/mail.ts';
import { readReview, readWholeReview } from './read-review.ts';
import { asOneSeries } from './series-mails.ts';

/**
 * What is known of a series that was read, as it was when its version was the newest.
 * @param folder the series' own, with its versions, mails and decisions; null when it has none
 * @throws RespinError what readReview throws
 */
export async function reviewOf(series: Series, folder: string | null): Promise<Review> {
  if (folder === null) return await reviewOfMails(series);
  const review = await readReview(folder);
  const at = review.versions.findIndex(({ version }) => version === series.version);
  if (at < 0) return await reviewOfMails(series);
  if (at === review.versions.length - 1) return review;
  return (await readWholeReview(folder, { upTo: series.version })).review;
}

async function reviewOfMails(series: Series): Promise<Review> {
  const { name, version, cover, patches } = series;
  const parts = [...(cover === null ? [] : [{ ...cover, index: 0 }]), ...patches];
  const mails = await Promise.all(
    parts.map(async ({ index, mail, origin }): Promise<ReviewMail> => {
      const read = await readReviewMail(mail, origin);
      // Files that were never mailed need not name their version, nor have ids of their own.
      const subject = { ...read.subject, version, index, total: patches.length, isPatch: true };
      return {
        ...read,
        subject,
        messageId: `${index}-${read.messageId}`,
        role: index === 0 ? 'cover' : 'patch',
      };
    }),
  );
  const grouped = asOneSeries(mails, new Map());
  if (grouped === null) throw new Error('a series that was read has no patches');
  return buildReview(grouped, { name, links: new Map(), problems: [], met: () => null }).review;
}
