// SPDX-License-Identifier: MIT
/** Text that is not ASCII in a header: encoded words (RFC 2047), in UTF-8 and Q as git writes them. */

const HEAD = '=?UTF-8?q?';
const TAIL = '?=';
/** RFC 2047 2: an encoded word has 75 characters at most. */
const ROOM = 75 - HEAD.length - TAIL.length;
/** A word longer than this could not be folded: a line of a mail has 998 octets at most. */
const LONGEST_WORD = 900;

/**
 * A header's text with as few of its words encoded as possible: `[PATCH 1/2]` stays readable.
 * White space is folded to single blanks, control characters are dropped.
 */
export function encodeText(text: string): string {
  const words = oneLine(text).split(' ');
  const first = words.findIndex(needsEncoding);
  if (first < 0) return words.join(' ');
  const last = words.findLastIndex(needsEncoding);
  const middle = encodeWords(words.slice(first, last + 1).join(' '));
  return [...words.slice(0, first), middle, ...words.slice(last + 1)].join(' ');
}

/** All of a text as encoded words with blanks between; a reader joins them without. */
export function encodeWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const char of text.toWellFormed()) {
    const encoded = encodeChar(char);
    // A character is never cut: each word is read by itself.
    if (word.length + encoded.length > ROOM) {
      words.push(word);
      word = '';
    }
    word += encoded;
  }
  words.push(word);
  return words.map((one) => HEAD + one + TAIL).join(' ');
}

/** One line without anything a header could be broken with. */
export function oneLine(text: string): string {
  return text
    .replace(/[\0-\x1f\x7f-\x9f\s\u2028\u2029]+/g, ' ')
    .trim()
    .toWellFormed();
}

export function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function needsEncoding(word: string): boolean {
  return !isAscii(word) || word.includes('=?') || word.length > LONGEST_WORD;
}

/** The characters that may stand for themselves in a name, too (RFC 2047 5). */
function encodeChar(char: string): string {
  if (/^[A-Za-z0-9!*+/-]$/.test(char)) return char;
  if (char === ' ') return '_';
  return [...Buffer.from(char, 'utf8')]
    .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
