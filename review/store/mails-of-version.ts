// SPDX-License-Identifier: MIT
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { Review } from '../../core/review.ts';
import { readReview } from './read-review.ts';

/**
 * Which of a series' kept mails a version is made of.
 * @param folder of the series
 * @returns names of files in its `mail/`; empty: all of them are of other versions; null where their subjects tell as well
 *   as the review: of patches without numbers, and where only a part of one is there
 * @throws RespinError REVIEW_STATE (usage)
 */
export async function mailsOfVersion(folder: string, version: string): Promise<ReadonlySet<string> | null> {
  const review = await reviewOf(folder);
  if (review === null) return null;
  const found = review.versions.find((one) => one.version === version);
  if (found === undefined) return new Set();
  const number = numberOf(version);
  const alike = review.versions.filter((one) => numberOf(one.version) === number);
  // git format-patch -N: each is a posting of its own to the review, and may be all of a series.
  if (alike.length > 1 && alike.every(({ total }) => total < 2)) return null;
  const origins = [...(found.cover === null ? [] : [found.cover]), ...found.patches].map(
    ({ origin }) => origin,
  );
  if (found.patches.length === 0 || origins.includes(null)) return null;
  return new Set(origins.flatMap((origin) => (origin === null ? [] : path.basename(origin))));
}

/** `v2` of `v2.1` */
function numberOf(version: string): string {
  return version.replace(/\.\d+$/, '');
}

/** null: none of the mails is a patch. */
async function reviewOf(folder: string): Promise<Review | null> {
  return await readReview(folder).catch((error: unknown) => {
    if (error instanceof RespinError && error.code === 'REVIEW_EMPTY') return null;
    throw error;
  });
}
