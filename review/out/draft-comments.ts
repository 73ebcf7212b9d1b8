// SPDX-License-Identifier: MIT
/** The comments that were addressed → what a changelog says of each. */
import { printable } from '../../core/escape.ts';
import type { Comment } from '../../core/review.ts';
import type { Person } from '../../core/series.ts';

export interface DraftEntry {
  /** Without its bullet, its credit and `TODO: `. */
  text: string;
  /** What could not be told: a person writes it. */
  todo: boolean;
  /** The patch's number in the new version; null for the series. */
  patch: number | null;
  /** Who asked for it, as a changelog names them; empty for nobody. */
  credits: string[];
  /** Ids of the comments it is about. */
  comments: string[];
}

/**
 * One entry for each comment; those of one patch with the same reason are one.
 * @param comments that are addressed
 * @param patchOf the patch of the new version a comment is about
 */
export function entriesOfComments(
  comments: readonly Comment[],
  patchOf: (comment: Comment) => number | null,
  author: Person,
): DraftEntry[] {
  const names = creditNames(comments.map((one) => one.author));
  const entries = new Map<string, DraftEntry>();
  for (const comment of comments) {
    const why = plain(comment.decision?.why ?? '').replace(/[.;,\s]+$/, '');
    const patch = patchOf(comment);
    const own = comment.author.email.toLowerCase() === author.email.toLowerCase();
    const credit = own ? undefined : names.get(comment.author.email.toLowerCase());
    const text = why === '' ? `what was done about "${excerpt(comment.text)}"?` : why;
    const key = why === '' ? comment.id : `${patch} ${text}`;
    const entry = entries.get(key) ?? { text, todo: why === '', patch, credits: [], comments: [] };
    if (credit !== undefined && !entry.credits.includes(credit)) entry.credits.push(credit);
    entry.comments.push(comment.id);
    entries.set(key, entry);
  }
  return [...entries.values()];
}

/** By address: the first name, or all of it where two have the same. */
function creditNames(people: readonly Person[]): Map<string, string> {
  const whole = new Map(people.map((one) => [one.email.toLowerCase(), wholeName(one.name)]));
  const firstOf = (name: string): string => name.split(' ', 1)[0] ?? '';
  return new Map(
    [...whole].flatMap(([email, name]) => {
      const alike = [...whole.values()].filter((other) => other !== name && firstOf(other) === firstOf(name));
      const shown = alike.length > 0 ? name : firstOf(name);
      return shown === '' ? [] : [[email, shown] as const];
    }),
  );
}

/** `Garzarella, Stefano` → `Stefano Garzarella` */
function wholeName(name: string): string {
  const clean = plain(name)
    .replace(/[()[\]<>"]/g, '')
    .slice(0, 60)
    .trim();
  const [last, first, more] = clean.split(',').map((part) => part.trim());
  return first !== undefined && first !== '' && more === undefined ? `${first} ${last}` : clean;
}

function excerpt(text: string): string {
  const words = plain(text).replaceAll('"', "'");
  if (words.length <= 60) return words;
  const cut = words.slice(0, 60);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 30)).toWellFormed()}…`;
}

function plain(text: string): string {
  return printable(text.slice(0, 2000).replace(/\s+/g, ' ').trim());
}
