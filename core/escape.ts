// SPDX-License-Identifier: MIT
/** Text from a mail, a patch or a console, made fit to print on a terminal. */

// C0 without tab, DEL, C1; bidi controls (they reorder what is read: CVE-2021-42574), line and
// paragraph separators, tag characters, and surrogates that stand alone.
const UNPRINTABLE =
  /[\0-\x08\n-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r' };

function escapeOne(char: string): string {
  const short = SHORT[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/**
 * One line of text with everything a terminal could act on written as `\x1b`,
 * `\u202e` and the like; tabs stay. Line ends are escaped too. A backslash that
 * was there stays single: this is for reading, not for turning back.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeOne);
}

/**
 * The JSON of a value, fit for a terminal and equal to a JSON parser: what JSON.stringify leaves
 * as it is, C1, bidi controls and the like, is written as `\u009b`.
 */
export function safeJson(value: unknown, indent?: number): string {
  // A line feed outside of a string is the layout's; inside of one it is already `\n`.
  return JSON.stringify(value, null, indent).replace(UNPRINTABLE, (char) =>
    char === '\n' ? char : escapeUnits(char),
  );
}

function escapeUnits(char: string): string {
  let text = '';
  for (let i = 0; i < char.length; i++) text += `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return text;
}

/** Like `printable`, for text of several lines: the line feeds stay, a CR before one is dropped. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line.endsWith('\r') ? line.slice(0, -1) : line))
    .join('\n');
}
