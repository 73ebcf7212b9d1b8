// SPDX-License-Identifier: MIT

import { RespinError } from '../../core/errors.ts';
import type { Review } from '../../core/review.ts';
import { readReview } from './read-review.ts';

/**
 * Which of a series' kept mails a version is made of.
 * @param folder of the series
 * @returns Message-IDs of its cover letter and patches, each once; null where a patch of it has no mail to itself
 * @throws RespinError REVIEW_STATE (usage)
 */
export async function mailsOfVersion(folder: string, version: string): Promise<ReadonlySet<string> | null> {
  const found = (await reviewOf(folder))?.versions.find((one) => one.version === version);
  if (found === undefined || found.patches.length === 0) return null;
  const ids = new Set<string>();
  for (const { messageId, origin } of found.patches) {
    if (messageId === null || origin === null) return null;
    ids.add(messageId);
  }
  if (found.cover !== null && found.cover.messageId !== null) ids.add(found.cover.messageId);
  return ids;
}

/** null: none of the mails is a patch. */
async function reviewOf(folder: string): Promise<Review | null> {
  return await readReview(folder).catch((error: unknown) => {
    if (error instanceof RespinError && error.code === 'REVIEW_EMPTY') return null;
    throw error;
  });
}
