// SPDX-License-Identifier: MIT
/** A patch mail that is not there → as much of it as the replies to it quote. */
import { createHash } from 'node:crypto';
import { innerOf, readQuoteLine } from '../anchors/quote-lines.ts';
import { attributionAt } from '../page/page-attribution.ts';
import type { ReviewMail } from './mail.ts';

/**
 * @param replies to mails that are not there
 * @returns one mail for each patch that is answered, from the reply that quotes most of it
 */
export function quotedOriginals(replies: readonly ReviewMail[]): ReviewMail[] {
  const known = new Set(replies.map(({ messageId }) => messageId));
  // What answers an answer quotes less, and its In-Reply-To is not the patch.
  const isKnown = (id: string | undefined): boolean => id !== undefined && known.has(id);
  const best = new Map<string, { mail: ReviewMail; quoted: string[] }>();
  for (const mail of replies) {
    if (mail.role !== 'reply' || !mail.subject.isPatch || isKnown(mail.answers[0])) continue;
    const quoted = quotedLines(mail.lines);
    if (quoted.length === 0) continue;
    const { subject } = mail;
    const key = `${subject.version} ${subject.index} ${subject.subject.toLowerCase().replace(/\s+/g, ' ')}`;
    const there = best.get(key);
    if (there === undefined || there.quoted.length < quoted.length) best.set(key, { mail, quoted });
  }
  return [...best].map(([key, { mail, quoted }]) => originalOf(key, mail, quoted));
}

function quotedLines(lines: readonly string[]): string[] {
  // Deeper quotes are words about the patch, by somebody in between.
  const inner = lines.flatMap((raw) => {
    const { depth } = readQuoteLine(raw, 'angle');
    return depth === 1 ? [innerOf(raw, 'angle')] : [];
  });
  while (inner.at(-1)?.trim() === '') inner.pop();
  return inner;
}

function originalOf(key: string, reply: ReviewMail, lines: string[]): ReviewMail {
  const { name, date } = attributionOf(reply.lines);
  const id = createHash('sha256').update(key).digest('hex').slice(0, 16);
  const isCover = reply.subject.index === 0;
  return {
    messageId: reply.answers[0] ?? `quoted-${id}`,
    // The mail it answered in turn: the cover letter it was sent with.
    answers: reply.answers.slice(1),
    from: { name, email: emailOf(lines, name) },
    ...{ to: '', cc: '', date },
    subject: { ...reply.subject, isReply: false },
    lines,
    flowed: false,
    automatic: false,
    role: isCover ? 'cover' : 'patch',
    origin: `what ${reply.origin} quotes`,
    bytes: new Uint8Array(),
    quotedOnly: true,
  };
}

/** `On Thu, Dec 15, 2022 at 04:36:44AM +0000, Bobby Eshleman wrote:` */
function attributionOf(lines: readonly string[]): { name: string; date: string } {
  for (let at = 0; at < Math.min(lines.length, MOST_LINES); at++) {
    const found = attributionAt(lines, at)?.attribution;
    if (found === undefined || found.name === '') continue;
    const date = found.date.replace(/ at /, ' ').replace(/(\d:\d{2})([AP]M)/, '$1 $2');
    const ms = Date.parse(date);
    return {
      name: found.name,
      date: Number.isNaN(ms) ? '' : new Date(ms).toISOString().replace('.000Z', 'Z'),
    };
  }
  return { name: 'unknown', date: '' };
}

/** An attribution stands at the top, below a greeting at most. */
const MOST_LINES = 12;

/** From the author's own Signed-off-by, where the quote has it. */
function emailOf(lines: readonly string[], name: string): string {
  for (const line of lines) {
    const match = /^Signed-off-by: ([^<]{1,80}?)\s*<([^<>\s]{1,200})>/.exec(line);
    if (match !== null && (match[1] ?? '').toLowerCase() === name.toLowerCase()) return match[2] ?? '';
  }
  return '';
}
