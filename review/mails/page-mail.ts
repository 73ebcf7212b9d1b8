// SPDX-License-Identifier: MIT
/** A web archive's page → the reply as a mail, its quote marked again. */
import { createHash } from 'node:crypto';
import { parseSubject } from '../../patches/subject.ts';
import { readPage } from '../page/page.ts';
import type { ReviewMail } from './mail.ts';

/** @returns null when the bytes are no such page */
export function readPageMail(bytes: Uint8Array, origin: string): ReviewMail | null {
  const page = readPage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  if (page === null) return null;
  const subject = parseSubject(page.subject);
  const { attribution } = page;
  const head = attribution === null ? [] : [`On ${attribution.date}, ${attribution.name} wrote:`];
  const date = Date.parse(page.date);
  return {
    messageId: `page-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`,
    answers: [],
    from: page.from ?? { name: 'unknown', email: '' },
    to: '',
    cc: '',
    date: Number.isNaN(date) ? '' : new Date(date).toISOString().replace('.000Z', 'Z'),
    subject: { ...subject, isReply: true },
    lines: [...head, ...page.lines.map(({ kind, text }) => (kind === 'quote' ? `> ${text}` : text))],
    flowed: false,
    role: 'reply',
    origin,
    bytes,
    quotedOnly: false,
  };
}
