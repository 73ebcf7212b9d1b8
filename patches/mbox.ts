// SPDX-License-Identifier: MIT
/**
 * An mbox file → its mails, as bytes.
 *
 * A mail begins with a `From ` line that carries a time and a year (as git-mailsplit wants it)
 * and has a header line behind it; the empty line before it may be missing. The second half
 * keeps a commit message with a sentence that begins with "From " in one piece. An empty line
 * behind it will do where it is just as programs write it.
 * Formats: mbox(5); mboxrd quotes every `>*From ` in a body with one more `>`.
 */

/** mboxrd: take one `>` off quoted From lines. none: leave bodies as they are (git format-patch). */
export type MboxQuoting = 'mboxrd' | 'none';

const LF = 0x0a;
const FROM = Buffer.from('From ');
const FROM_LINE = /^From \S.*\d{1,2}:\d{2}.*\b(19|20)\d{2}\b/;
/** As programs write it, to the letter; such a line stands in no commit message. */
const WHOLE_FROM_LINE =
  /^From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} (?:19|20)\d{2}\r?\n$/;
const HEADER_LINE = /^[!-9;-~]+[ \t]*:/;
/** Enough for any From line, and again for the name of the header behind it. */
const LOOK = 512;
/** How many bytes from its beginning decide whether a line is a From line; fewer do at the end of a file. */
export const FROM_LINE_NEEDS: number = 2 * LOOK + 1;
/** `From x 1:00 2024`, with its line end: most sentences that begin with From need no closer look. */
const SHORTEST = 17;

/**
 * Splits an mbox into mails, without their From lines. Bytes that are no mbox but one mail come
 * back as that mail. The mails share the memory of `bytes` unless a `>` had to go.
 */
export function splitMbox(bytes: Uint8Array, quoting: MboxQuoting = 'mboxrd'): Uint8Array[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: number[] = [];
  for (let at = skipBlank(buffer, 0); at >= 0; at = nextFrom(buffer, at)) {
    if (isFromLine(buffer, at)) starts.push(at);
  }
  if (starts.length === 0) {
    const start = skipBlank(buffer, 0);
    return start < buffer.length ? [buffer.subarray(start)] : [];
  }
  // What stands before the first From line belongs to no mail.
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? buffer.length;
    const headers = lineEnd(buffer, start);
    const mail = buffer.subarray(headers, end);
    return quoting === 'mboxrd' ? unquoteFrom(mail) : mail;
  });
}

/** Makes mboxrd of mails, each with the From line that git format-patch writes. */
export function joinMbox(mails: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(mails.map(asMboxEntry));
}

/** One mail as an mboxrd entry: From line in front, From lines in it quoted, line end behind. */
export function asMboxEntry(mail: Uint8Array): Uint8Array {
  const text = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength).toString('latin1');
  const quoted = text.replace(/(?<=^|\n)(?=>*From )/g, '>');
  const from = `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\n`;
  return Buffer.from(`${from}${quoted}${quoted.endsWith('\n') ? '' : '\n'}\n`, 'latin1');
}

/** Where the empty lines at `from` end. */
export function skipBlank(buffer: Buffer, from: number): number {
  let at = from;
  while (at < buffer.length && (buffer[at] === LF || buffer[at] === 0x0d)) at++;
  return at;
}

/** The next line behind `at` that begins with `From `, -1 when there is none. */
function nextFrom(buffer: Buffer, at: number): number {
  const found = buffer.indexOf('\nFrom ', at, 'latin1');
  return found < 0 ? -1 : found + 1;
}

/** Where the line at `at` ends, its line feed included. */
export function lineEnd(buffer: Buffer, at: number): number {
  const end = buffer.indexOf(LF, at);
  return end < 0 ? buffer.length : end + 1;
}

/** Whether a mail of an mbox begins at `at`, which must be the beginning of a line. */
export function isFromLine(buffer: Buffer, at: number): boolean {
  // Only the first line of a file gets here without the search for "From ".
  if (buffer[at] !== FROM[0] || !buffer.subarray(at, at + FROM.length).equals(FROM)) return false;
  const end = lineEnd(buffer, at);
  if (end - at > LOOK || end - at < SHORTEST) return false;
  const line = buffer.toString('latin1', at, end);
  if (!FROM_LINE.test(line)) return false;
  const next = buffer.toString('latin1', end, Math.min(end + LOOK, buffer.length));
  if (HEADER_LINE.test(next) || next.startsWith('>From ')) return true;
  // A mail without a header: it must not become the end of the one before it.
  return /^\r?\n/.test(next) && WHOLE_FROM_LINE.test(line);
}

/** Whether the first line is one of a mail's header. */
export function beginsWithHeader(buffer: Buffer): boolean {
  return HEADER_LINE.test(buffer.toString('latin1', 0, LOOK));
}

/**
 * Takes one `>` off quoted From lines, as mboxrd wants it.
 * latin1 maps bytes to characters one to one, so that no charset can be damaged here.
 */
export function unquoteFrom(mail: Buffer): Buffer {
  if (!mail.includes('\n>From ') && !mail.includes('\n>>')) return mail;
  return Buffer.from(mail.toString('latin1').replace(/(?<=^|\n)>(?=>*From )/g, ''), 'latin1');
}
