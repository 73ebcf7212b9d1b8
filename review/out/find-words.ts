// SPDX-License-Identifier: MIT
/** A comment, or a reply under one → the mail its words stand in, and where. */
import type { Comment } from '../../core/review.ts';
import type { SeriesComments } from '../anchors/read-comments.ts';
import type { Block, ReadMail } from '../anchors/read-reply.ts';

export interface FoundWords {
  read: ReadMail;
  blocks: Block[];
}

/**
 * @param to the Message-ID of a reply under the comment; null for the comment itself
 * @returns null when no such mail speaks of it
 */
export function findWords(all: SeriesComments, comment: Comment, to: string | null): FoundWords | null {
  if (to !== null && to !== comment.messageId) {
    const read = all.thread.read.get(to);
    const texts = comment.replies.filter(({ messageId }) => messageId === to).map(({ text }) => text);
    const blocks = read?.blocks.filter(({ text }) => texts.includes(text)) ?? [];
    return read === undefined || blocks.length === 0 ? null : { read, blocks };
  }
  const read = all.thread.read.get(comment.messageId);
  // Comments are found in the order of their blocks: of two that say the same the order tells which is which.
  const own = all.comments.filter(({ messageId }) => messageId === comment.messageId);
  let next = 0;
  for (const block of read?.blocks ?? []) {
    const one = own[next];
    if (one === undefined || one.text !== block.text) continue;
    next++;
    if (one.id === comment.id && read !== undefined) return { read, blocks: [block] };
  }
  return null;
}
