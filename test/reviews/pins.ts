// SPDX-License-Identifier: MIT
/**
 * What may be asked of a reader. A comment stands under a quoted run: lines that follow each other in
 * the mail that is quoted, without a gap, down to the commented line. The bound: in this run there is
 * a line, or a pair of neighbouring lines, that the quoted mail has only once (white space aside).
 * From there a careful person can count down to the line; with less, say a lone `}`, nobody can, and
 * such a comment is not generated. What is quoted after the comment does not count.
 */
import type { BodyLine } from './diffs.ts';

export interface Pins {
  /** By index in the mail: the line is unique. */
  line: readonly boolean[];
  /** The line and the one before it are unique together. */
  pair: readonly boolean[];
}

export const fold = (text: string): string => text.replace(/\s+/g, '');

/** Shorter ones, and those without a letter, are not what a person goes by. */
const tells = (folded: string): boolean => folded.length >= 4 && /[a-z0-9]/i.test(folded);

/** Of a patch mail or cover letter. */
export function pinsOf(lines: readonly BodyLine[]): Pins {
  const folded = lines.map((line) => fold(line.text));
  const pairs = folded.map((text, at) => (at === 0 ? '' : `${folded[at - 1]}\n${text}`));
  const once = (list: readonly string[]): ((text: string) => boolean) => {
    const count = new Map<string, number>();
    for (const text of list) count.set(text, (count.get(text) ?? 0) + 1);
    return (text) => count.get(text) === 1;
  };
  const [onceLine, oncePair] = [once(folded), once(pairs)];
  return {
    line: folded.map((text) => tells(text) && onceLine(text)),
    pair: folded.map((text, at) => {
      const before = folded[at - 1] ?? '';
      return text !== '' && before !== '' && (tells(text) || tells(before)) && oncePair(pairs[at] ?? '');
    }),
  };
}

/** A run longer than this is not quoted for one comment. */
const LONGEST = 60;

/**
 * Where the quote has to begin for a comment under line `at` of a mail, which quotes a patch or is one.
 * @param want lines to be quoted at least, where the run has them
 * @returns the first line to be quoted; null when the bound cannot be kept
 */
export function patchRun(lines: readonly BodyLine[], at: number, pins: Pins, want: number): number | null {
  const indexOf = (line: number): number | null => {
    const origin = lines[line]?.origin;
    return origin?.kind === 'patch' ? origin.index : null;
  };
  let pinned = false;
  for (let from = at; from >= 0 && at - from < LONGEST; from--) {
    const index = indexOf(from);
    if (index === null) return null;
    const above = indexOf(from - 1);
    // A mailer has broken the line in two: the upper part belongs to it.
    if (above === index) continue;
    pinned ||= pins.line[index] === true;
    if (pinned && at - from + 1 >= want) return from;
    if (above !== index - 1) return pinned ? from : null;
    // One line more has to be quoted for the pair.
    if (!pinned && pins.pair[index] === true) {
      pinned = true;
      want = Math.max(want, at - from + 2);
    }
  }
  return null;
}

/** The same for an answer under somebody's own words: one line of them that the mail has only once. */
export function commentRun(lines: readonly BodyLine[], at: number, want: number): number | null {
  const origin = lines[at]?.origin;
  if (origin?.kind !== 'comment') return null;
  const count = new Map<string, number>();
  for (const line of lines) count.set(fold(line.text), (count.get(fold(line.text)) ?? 0) + 1);
  let pinned = false;
  for (let from = at; from >= 0; from--) {
    const line = lines[from];
    if (line?.origin.kind !== 'comment' || line.origin.comment !== origin.comment) return null;
    const folded = fold(line.text);
    pinned ||= folded.length >= 8 && count.get(folded) === 1;
    if (pinned && at - from + 1 >= want) return from;
    const above = lines[from - 1]?.origin;
    const more = above?.kind === 'comment' && above.comment === origin.comment;
    if (!more) return pinned ? from : null;
  }
  return null;
}
