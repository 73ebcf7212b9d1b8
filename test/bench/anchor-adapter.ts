// SPDX-License-Identifier: MIT
/** What the bench measures, behind one function: the mails of a thread → the comments in them. */
import type { FoundComment } from '../reviews/score.ts';

/**
 * Every comment and every answer to one, in any order. Greetings, sign-offs, trailers and what
 * mailers add are not comments.
 * @param mails of one thread: a version of a series and all answers to it
 */
export async function anchorThread(
  _mails: readonly { bytes: Uint8Array; messageId: string }[],
): Promise<FoundComment[]> {
  throw new Error('the bench is not connected to review/ yet');
}
