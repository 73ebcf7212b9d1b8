// SPDX-License-Identifier: MIT
/** A web archive's page → the reply as a mail, its quote marked again. */
import { createHash } from 'node:crypto';
import { parseSubject } from '../../patches/subject.ts';
import { readLorePage } from '../page/lore-page.ts';
import { readPage } from '../page/page.ts';
import { isoDate, type ReviewMail, readReviewMail } from './mail.ts';

/** @returns null when the bytes are no such page */
export async function readPageMail(bytes: Uint8Array, origin: string): Promise<ReviewMail | null> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const shown = readLorePage(text);
  if (shown !== null) return { ...(await readReviewMail(Buffer.from(shown), origin)), bytes, isPage: true };
  const page = readPage(text);
  if (page === null) return null;
  const subject = parseSubject(page.subject);
  const { attribution } = page;
  const head = attribution === null ? [] : [`On ${attribution.date}, ${attribution.name} wrote:`];
  return {
    messageId: `page-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`,
    answers: [],
    from: page.from ?? { name: 'unknown', email: '' },
    to: '',
    cc: '',
    date: isoDate(page.date),
    subject: { ...subject, isReply: true },
    lines: [...head, ...page.lines.map(({ kind, text }) => (kind === 'quote' ? `> ${text}` : text))],
    flowed: false,
    automatic: false,
    role: 'reply',
    origin,
    bytes,
    quotedOnly: false,
    isPage: true,
    brief: null,
  };
}

/** @returns false for a page. `Name: value` or a `From ` line: the first line of a mail. `Re: [PATCH] …` is a page's title. */
export function beginsWithHeader(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 512)).toString(
    'latin1',
  );
  const first = start.replace(/^[\r\n]+/, '').split('\n', 1)[0] ?? '';
  if (/^>?From \S/.test(first)) return true;
  return /^[!-9;-~]{2,}:/.test(first) && !/^(?:Re|Aw|Sv|Antw|Fwd?):\s*\[/i.test(first);
}
