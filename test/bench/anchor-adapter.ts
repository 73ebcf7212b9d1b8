// SPDX-License-Identifier: MIT
/** What the bench measures, behind one function: the mails of a thread → the comments in them. */

import { readComments } from '../../review/anchors/read-comments.ts';
import { groupSeries } from '../../review/mails/group-series.ts';
import { readReviewMail } from '../../review/mails/mail.ts';
import type { FoundComment } from '../reviews/score.ts';

/**
 * Every comment and every answer to one, in any order. Greetings, sign-offs, trailers and what
 * mailers add are not comments.
 * @param mails of one thread: a version of a series and all answers to it
 */
export async function anchorThread(
  mails: readonly { bytes: Uint8Array; messageId: string }[],
): Promise<FoundComment[]> {
  const read = await Promise.all(mails.map(({ bytes, messageId }) => readReviewMail(bytes, messageId)));
  return groupSeries(read)
    .series.flatMap((series) => readComments(series).comments)
    .flatMap((comment) => [
      { messageId: comment.messageId, text: comment.text, anchor: comment.anchor, replyTo: null },
      ...comment.replies.map((reply) => ({
        messageId: reply.messageId,
        text: reply.text,
        anchor: comment.anchor,
        replyTo: reply.answers,
      })),
    ]);
}
