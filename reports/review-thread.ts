// SPDX-License-Identifier: MIT
/** How the reports on a review speak of the thread under a comment. */
import type { Comment, CommentReply } from '../core/review.ts';
import type { Person } from '../core/series.ts';
import { oneLine } from './layout.ts';
import { nameOf } from './review-words.ts';

/** Of the thread the newest mail; where a date is missing, what stands last in it. */
function lastReply({ replies }: Comment): CommentReply | undefined {
  const times = replies.map(({ date }) => Date.parse(date));
  if (times.some(Number.isNaN)) return replies.at(-1);
  const newest = times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return replies.findLast((_, at) => times[at] === newest);
}

/** `2 replies, the last by Ada`; empty without. */
export function repliesOf(comment: Comment): string {
  const { replies } = comment;
  const last = lastReply(comment);
  if (last === undefined) return '';
  const by = nameOf(last.author);
  return replies.length === 1 ? `1 reply, by ${by}` : `${replies.length} replies, the last by ${by}`;
}

/** More than this is not only thanks. */
const THANKS_LENGTH = 40;
const THANKS = /^(?:thanks|great|ok|perfect|lgtm)\b/i;
/** `Ok, but then please …` */
const GOES_ON = /\?|\b(?:but|please|then|still|except|though|however|until|unless|if|when)\b/i;

/** What somebody other than the author said last under a comment: what is owed may be there. Null without. */
export function lastWord(
  comment: Comment,
  author: Person | undefined,
): { lead: string; text: string } | null {
  const last = lastReply(comment);
  if (last === undefined || isSame(last.author, author)) return null;
  const by = nameOf(last.author);
  const text = oneLine(last.text);
  return text.length <= THANKS_LENGTH && THANKS.test(text) && !GOES_ON.test(text)
    ? { lead: '', text: `ended with thanks by ${by}` }
    : { lead: `the last word, ${by}: `, text: last.text };
}

function isSame(one: Person, other: Person | undefined): boolean {
  const [a, b] = [one.email.toLowerCase(), other?.email.toLowerCase()];
  // From home, or from a new employer: one word is not yet a name.
  const named = one.name === other?.name && /\S\s+\S/.test(one.name);
  return a === '' || b === '' ? one.name === other?.name : a === b || named;
}
