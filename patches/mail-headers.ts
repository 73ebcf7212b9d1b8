// SPDX-License-Identifier: MIT
/** The header of a mail → its values by name, as they stand there: encoded words are not decoded. */

/** By name in lower case. Of several headers of one name the first counts. */
export type MailHeaders = ReadonlyMap<string, string>;

/** No honest mail has more, in bytes. */
export const HEADER_LIMIT: number = 2 << 20;

/** @param header up to its empty line, with LF line ends */
export function readHeaders(header: Buffer): MailHeaders {
  const headers = new Map<string, string>();
  let parts: string[] = [];
  const close = (): void => {
    if (parts.length === 0) return;
    const line = parts.join('');
    const colon = line.indexOf(':');
    const name = trimmed(colon < 0 ? line : line.slice(0, colon)).toLowerCase();
    if (headers.has(name)) return;
    headers.set(name, colon < 0 ? '' : trimmed(line.slice(colon + 1).replace(/\r+/g, ' ')));
  };
  for (const line of header.toString('utf8').split('\n')) {
    // Only these two fold a header (RFC 5322 2.2.3): `\s` would swallow a line that begins otherwise.
    const folded = parts.length > 0 && (line.startsWith(' ') || line.startsWith('\t'));
    if (folded) {
      parts.push(line);
      continue;
    }
    close();
    parts = [line];
  }
  close();
  return headers;
}

/** Without blanks and tabs around it; other white space is part of a value. */
function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  const isBlank = (at: number): boolean => text[at] === ' ' || text[at] === '\t';
  while (from < to && isBlank(from)) from++;
  while (to > from && isBlank(to - 1)) to--;
  return text.slice(from, to);
}
