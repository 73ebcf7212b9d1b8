// SPDX-License-Identifier: MIT
/** How much one line says, and how alike two lines are. */

/** Of a line no more is looked at: what is longer is no code that anybody reads. */
const LOOKED_AT = 2000;

/** 0 to 1: little for a brace or a blank line, which are everywhere, all for a statement of some length. */
export function lineWeight(text: string): number {
  let telling = 0;
  for (const char of text.length > 200 ? text.slice(0, 200) : text) {
    if (isTelling(char)) telling++;
    if (telling >= 16) return 1;
  }
  return Math.max(0.02, telling / 16);
}

function isTelling(char: string): boolean {
  const code = char.charCodeAt(0);
  // Nearly all code is ASCII, and a search for a class of Unicode is slow.
  if (code < 0x80) return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
  return /[\p{L}\p{N}]/u.test(char);
}

/**
 * 0 to 1: the share of words that two lines have in common (Dice), long words counting more.
 * `send_pkt_list` is three words, a sign like `(` counts half a letter, white space nothing.
 */
export function lineLikeness(one: string, other: string): number {
  return one === other ? 1 : wordsLikeness(wordsOf(one), wordsOf(other));
}

/** The words of a line and their weight, for comparing it with many. */
export interface Words {
  counts: ReadonlyMap<string, number>;
  total: number;
}

/** lineLikeness of lines whose words are known. */
export function wordsLikeness(a: Words, b: Words): number {
  let common = 0;
  for (const [word, count] of a.counts) {
    common += Math.min(count, b.counts.get(word) ?? 0) * weightOf(word);
  }
  return a.total + b.total === 0 ? 0 : (2 * common) / (a.total + b.total);
}

export function wordsOf(text: string): Words {
  const counts = new Map<string, number>();
  let total = 0;
  for (const [word] of text.slice(0, LOOKED_AT).matchAll(/[\p{L}\p{N}]+|[^\s_]/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    total += weightOf(word);
  }
  return { counts, total };
}

function weightOf(word: string): number {
  return /[\p{L}\p{N}]/u.test(word) ? word.length : 0.5;
}
