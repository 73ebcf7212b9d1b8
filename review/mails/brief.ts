// SPDX-License-Identifier: MIT
/** A mail without its text: 200 MB of mails are imported in memory that does not hold their lines. */
import { hash } from 'node:crypto';
import { type Brief, type ReviewMail, readReviewMail } from './mail.ts';
import { readPageMail } from './page-mail.ts';
import { seriesFactsOf } from './series-facts.ts';

/** Of what the mail says: not of what was added on its way. */
export function fingerprint(mail: ReviewMail): string {
  if (mail.brief !== null) return mail.brief.print;
  const words = mail.lines.map((line) => (endsInBlank(line) ? line.trimEnd() : line)).join('\n');
  return hash('sha256', `${mail.messageId}\0${mail.subject.subject}\0${words}`, 'hex').slice(0, 12);
}

/** The rule that mailing lists draw above what they put below a mail, and the most lines they put there. */
const RULE = /^_{20,}\s*$/;
const LONGEST_FOOTER = 8;

/** The same of two mails that differ in a list's footer alone, as one that came over two lists does. */
export function barePrint(mail: ReviewMail): string {
  if (mail.brief !== null) return mail.brief.bare;
  const end = endOf(mail.lines, mail.lines.length);
  const below = Math.max(0, end - LONGEST_FOOTER);
  const rule = mail.lines.slice(below, end).findLastIndex((line) => RULE.test(line));
  const last = rule < 0 ? end : endOf(mail.lines, below + rule);
  return fingerprint(last === mail.lines.length ? mail : { ...mail, lines: mail.lines.slice(0, last) });
}

/** Behind the last line above `to` that is not blank. */
function endOf(lines: readonly string[], to: number): number {
  let end = to;
  while (end > 0 && (lines[end - 1] ?? '').trim() === '') end--;
  return end;
}

/** Whether there may be white space at its end. */
function endsInBlank(line: string): boolean {
  const last = line.charCodeAt(line.length - 1);
  return !(last > 0x20 && last < 0x80);
}

export interface KeptElsewhere {
  bytes: () => Uint8Array;
  /** The mail's fingerprint, where it is known. */
  print?: string | undefined;
}

export function inBrief(mail: ReviewMail, kept: KeptElsewhere): ReviewMail {
  const isOriginal = mail.role === 'patch' || mail.role === 'cover';
  const print = kept.print ?? fingerprint(mail);
  const bare = barePrint(mail);
  const facts = isOriginal ? seriesFactsOf(mail.lines) : null;
  const { bytes: _bytes, lines: _lines, ...rest } = mail;
  // A string cut out of another keeps all of that one in memory: a subject its header, a link its text.
  const own = JSON.parse(JSON.stringify({ ...rest, brief: { print, bare, facts } })) as typeof rest & {
    brief: Brief;
  };
  return { ...own, lines: [], bytes: new Uint8Array(), brief: { ...own.brief, bytes: kept.bytes } };
}

/** The mail with its text again. */
export async function inFull(mail: ReviewMail): Promise<ReviewMail> {
  if (mail.brief === null) return mail;
  const bytes = mail.brief.bytes();
  const read = mail.isPage
    ? await readPageMail(bytes, mail.origin)
    : await readReviewMail(bytes, mail.origin);
  // What was said of it when it was imported holds for it, too.
  return { ...(read ?? mail), subject: mail.subject };
}
