// SPDX-License-Identifier: MIT
/** For tests: the shipped series as mailed in versions, with replies. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ReviewMail, readReviewMail } from '../mails/mail.ts';
import { asOneSeries } from '../store/series-mails.ts';
import { type BuiltReview, buildReview } from './build-review.ts';

const FOLDER = path.join(import.meta.dirname, '../../patches/vsock-rx-buffers/v1');

/** @param edit of each mail's text; null leaves the mail out */
export async function mailedVersion(
  number: number,
  edit: (text: string, index: number) => string | null = (text) => text,
): Promise<ReviewMail[]> {
  const mails: ReviewMail[] = [];
  for (const [index, name] of readdirSync(FOLDER).sort().entries()) {
    const text = readFileSync(path.join(FOLDER, name), 'utf8')
      .replaceAll('-v1-', `-v${number}-`)
      .replace('22 Nov 2026 09', `${21 + number} Nov 2026 09`)
      .replace('[PATCH net-next ', number === 1 ? '[PATCH net-next ' : `[PATCH net-next v${number} `);
    const edited = edit(text, index);
    if (edited !== null) mails.push(await readReviewMail(Buffer.from(edited), name));
  }
  return mails;
}

export interface ReplyText {
  id: string;
  /** The patch it answers, 0 for the cover letter, or the id of a reply. */
  to: number | string;
  version?: number;
  from?: string;
  day?: number;
  body: string;
}

/** A reply as a mail. */
export async function reply({
  id,
  to,
  version = 1,
  from = 'Rita Reviewer <rita@example.org>',
  day = 23,
  body,
}: ReplyText): Promise<ReviewMail> {
  const parent =
    typeof to === 'string' ? `${to}@example.org` : `20261122-vsock-rx-buffers-v${version}-${to}@example.org`;
  const subject = `Re: [PATCH net-next${version === 1 ? '' : ` v${version}`} ${typeof to === 'number' ? to : 1}/4] vsock`;
  const text = [
    `From: ${from}`,
    'To: vsock@example.org',
    `Date: ${day} Nov 2026 12:00:00 +0000`,
    `Subject: ${subject}`,
    `Message-ID: <${id}@example.org>`,
    `In-Reply-To: <${parent}>`,
    '',
    body,
  ].join('\n');
  return await readReviewMail(Buffer.from(text), id);
}

export function built(mails: readonly ReviewMail[]): BuiltReview {
  const series = asOneSeries(mails, new Map());
  if (series === null) throw new Error('the mails are no series');
  return buildReview(series, { name: 'fixture', links: new Map(), problems: [], met: () => null });
}
