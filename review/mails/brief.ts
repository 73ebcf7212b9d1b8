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
  const facts = isOriginal ? seriesFactsOf(mail.lines) : null;
  const { bytes: _bytes, lines: _lines, ...rest } = mail;
  // A string cut out of another keeps all of that one in memory: a subject its header, a link its text.
  const own = JSON.parse(JSON.stringify({ ...rest, brief: { print, facts } })) as typeof rest & {
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
