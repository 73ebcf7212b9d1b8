// SPDX-License-Identifier: MIT
/** The text of a patch mail, cut where git mailinfo cuts it (mailinfo.c handle_commit_msg). */

export interface MailBody {
  /** In-body headers, when the mail begins with some. */
  from?: string;
  subject?: string;
  date?: string;
  /** The commit message, without empty lines around it. */
  message: string;
  /** From the `---` line on, without it: notes, diffstat, the diff, the signature. */
  rest: string;
}

/** Takes what is above the last scissors line off, reads in-body headers, finds the `---`. */
export function splitBody(text: string): MailBody {
  let lines = text.replaceAll('\r\n', '\n').split('\n');
  const original = text.split('\n');
  const end = lines.findIndex(isPatchBreak);
  const border = end < 0 ? lines.length : end;
  lines = lines.slice(0, border);
  const cut = lines.findLastIndex(isScissors);
  const body: MailBody = { message: '', rest: '' };
  const message = readInBodyHeaders(lines.slice(cut + 1), body);
  body.message = trimBlankLines(message);
  const first = original[border];
  // A lone `---` says nothing itself; a `diff` line there belongs to the diff.
  const skip = first !== undefined && /^---\s*$/.test(first) ? 1 : 0;
  body.rest = original.slice(border + skip).join('\n');
  return body;
}

/** Where the message ends: `---` alone, a diff, or the name line of a plain diff. */
function isPatchBreak(line: string): boolean {
  return /^diff -/.test(line) || line.startsWith('Index: ') || /^---(\s*$| \S)/.test(line);
}

/**
 * `-- >8 --` and its like: nearly all of the line is dashes and scissors, and there is at
 * least one pair of scissors (mailinfo.c is_scissors_line).
 */
function isScissors(line: string): boolean {
  const visible = line.trim();
  if (visible.length < 8 || visible.length > 200) return false;
  const marks = visible.match(/>8|8<|>%|%</g) ?? [];
  const perforation = marks.length * 2 + (visible.match(/-/g) ?? []).length;
  return marks.length > 0 && /^(-|>8|8<|>%|%<)/.test(visible) && visible.length < perforation * 3;
}

/** `From:`, `Subject:` and `Date:` at the very top, then an empty line; gives what is left. */
function readInBodyHeaders(lines: string[], body: MailBody): string[] {
  let at = lines.findIndex((line) => line.trim() !== '');
  if (at < 0) return [];
  for (; at < lines.length; at++) {
    const match = /^(From|Subject|Date):\s(.*)$/i.exec(lines[at] ?? '');
    if (!match) break;
    let value = match[2] ?? '';
    while (/^[ \t]\S/.test(lines[at + 1] ?? '')) value += ` ${(lines[++at] ?? '').trim()}`;
    const key = (match[1] ?? '').toLowerCase() as 'from' | 'subject' | 'date';
    body[key] ??= value.trim();
  }
  return lines.slice(at);
}

function trimBlankLines(lines: string[]): string {
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+/, '')
    .trimEnd();
}
