// SPDX-License-Identifier: MIT
/** One mail of a review: who wrote it, what it answers, and its text. */
import { createHash } from 'node:crypto';
import type { Person } from '../../core/series.ts';
import { readMail } from '../../patches/mail-text.ts';
import { type ParsedSubject, parseSubject } from '../../patches/subject.ts';
import { unstuff } from '../anchors/quote-lines.ts';
import type { SeriesFacts } from './series-facts.ts';

export interface ReviewMail {
  /** Without angle brackets; made from the mail's bytes where it has none. */
  messageId: string;
  /** What it answers, nearest first: In-Reply-To, then References from the end. */
  answers: string[];
  from: Person;
  to: string;
  cc: string;
  /** ISO 8601 in UTC; empty when the mail does not say or says nonsense. */
  date: string;
  subject: ParsedSubject;
  /** Decoded, as they were sent. Empty for a mail in brief. */
  lines: string[];
  /** format=flowed: a line that ends in a blank goes on in the next. */
  flowed: boolean;
  role: 'cover' | 'patch' | 'reply' | 'other';
  /** Sent by a program on its own: a bounce, somebody's absence (RFC 3834). */
  automatic: boolean;
  origin: string;
  /** As it came; empty for what a reply quotes of a mail that is not there, and for a mail in brief. */
  bytes: Uint8Array;
  /** It is not there itself: this is what a reply, or a web archive's page of one, quotes of it. */
  quotedOnly: boolean;
  /** It came as the page of a web archive. */
  isPage: boolean;
  /** What is kept of its text where there is no room for the text itself; null for a mail that has it. */
  brief: Brief | null;
}

export interface Brief {
  /** Of the text: see `fingerprint`. */
  print: string;
  /** The same without a list's footer: see `barePrint`. */
  bare: string;
  /** Of a patch mail or cover letter. */
  facts: SeriesFacts | null;
  /** Reads its bytes again from where they are kept. */
  bytes: () => Uint8Array;
}

/** Of an id in angle brackets; bounded, as a hostile References header may be megabytes. */
const ID = /<([^<>\s]{1,998})>/g;
const MOST_REFERENCES = 200;
const LONGEST_DATE = 200;

/**
 * @param bytes one mail, a `From ` line in front is passed over
 * @throws RespinError MAIL_UNREADABLE, MAIL_CRLF: nothing of it can be used
 */
export async function readReviewMail(bytes: Uint8Array, origin: string): Promise<ReviewMail> {
  const text = await readMail(bytes, origin);
  const subject = parseSubject(text.subject);
  const inReplyTo = idsOf(text.header('in-reply-to') ?? '').slice(0, 3);
  const references = idsOf((text.header('references') ?? '').slice(-MOST_REFERENCES * 100)).reverse();
  const hasDiff = /^(?:diff --git |--- \S[^\n]*\n\+\+\+ \S)/m.test(text.text);
  const isReply = subject.isReply;
  const role = isReply
    ? 'reply'
    : subject.isPatch && subject.index === 0
      ? 'cover'
      : subject.isPatch && hasDiff
        ? 'patch'
        : inReplyTo.length > 0
          ? 'reply'
          : 'other';
  // A patch must be read as it stands: git am takes no stuffing off.
  const flowed = text.flowed && (role === 'reply' || role === 'other');
  return {
    messageId: text.messageId ?? madeUpId(bytes),
    answers: [...new Set([...inReplyTo, ...references])],
    from: text.from ?? { name: 'unknown', email: '' },
    to: text.header('to') ?? '',
    cc: text.header('cc') ?? '',
    date: isoDate(text.date),
    subject,
    lines: flowed ? textLines(text.text).map(unstuff) : textLines(text.text),
    flowed,
    role,
    automatic: isAutomatic(text.header('auto-submitted'), text.header('content-type'), text.from?.email),
    origin,
    bytes,
    quotedOnly: false,
    isPage: false,
    brief: null,
  };
}

/** The id of a mail that has none: one that was never sent. */
export function madeUpId(bytes: Uint8Array): string {
  return `none-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}

/** Whether it has none. */
export function isMadeUp({ messageId }: Pick<ReviewMail, 'messageId'>): boolean {
  return messageId.startsWith('none-');
}

function isAutomatic(
  submitted: string | undefined,
  type: string | undefined,
  from: string | undefined,
): boolean {
  if (submitted !== undefined && !/^\s*no\b/i.test(submitted)) return true;
  return /^\s*multipart\/report\b/i.test(type ?? '') || /^(?:mailer-daemon|postmaster)@/i.test(from ?? '');
}

function idsOf(value: string): string[] {
  return [...value.matchAll(ID)].map((match) => match[1] ?? '').slice(-MOST_REFERENCES);
}

/** A date as mails write it; empty for one that is none. */
export function isoDate(value: string): string {
  const ms = Date.parse(value.slice(0, LONGEST_DATE).replace(/\([^()]*\)/g, ''));
  // Beyond these years a date has another form, which neither sorts nor names a file.
  if (Number.isNaN(ms) || ms < 0 || ms > Date.UTC(9999, 11, 31)) return '';
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

function textLines(text: string): string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
