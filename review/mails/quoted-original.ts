// SPDX-License-Identifier: MIT
/** A patch mail that is not there → as much of it as the replies to it quote. */
import { createHash } from 'node:crypto';
import { innerOf, readQuoteLine } from '../anchors/quote-lines.ts';
import { attributionAt } from '../page/page-attribution.ts';
import { isoDate, type ReviewMail } from './mail.ts';

/**
 * @param replies to mails that are not there
 * @returns one mail for each patch that is answered, from the reply that quotes most of it
 */
export function quotedOriginals(replies: readonly ReviewMail[]): ReviewMail[] {
  const known = new Set(replies.map(({ messageId }) => messageId));
  const best = new BestQuotes();
  for (const mail of replies) {
    // What answers an answer quotes less, and its In-Reply-To is not the patch.
    if (!known.has(mail.answers[0] ?? '')) best.add(mail);
  }
  return best.originals();
}

/** The same, for replies that come one after the other. */
export class BestQuotes {
  readonly #best = new Map<string, { lines: number; original: ReviewMail }>();
  readonly #shorten: (original: ReviewMail) => ReviewMail;

  /** @param shorten what is to be kept of an original */
  constructor(shorten: (original: ReviewMail) => ReviewMail = (original) => original) {
    this.#shorten = shorten;
  }

  static mayQuote(mail: ReviewMail): boolean {
    return mail.role === 'reply' && mail.subject.isPatch;
  }

  add(reply: ReviewMail): void {
    if (!BestQuotes.mayQuote(reply)) return;
    const quoted = quotedLines(reply.lines);
    const { subject } = reply;
    const key = `${subject.version} ${subject.index} ${subject.subject.toLowerCase().replace(/\s+/g, ' ')}`;
    if (quoted.length <= (this.#best.get(key)?.lines ?? 0)) return;
    const original = this.#shorten(originalOf(key, reply, quoted));
    this.#best.set(key, { lines: quoted.length, original });
  }

  originals(): ReviewMail[] {
    return [...this.#best.values()].map(({ original }) => original);
  }
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
    isPage: false,
    brief: null,
  };
}

/** `On Thu, Dec 15, 2022 at 04:36:44AM +0000, Bobby Eshleman wrote:` */
function attributionOf(lines: readonly string[]): { name: string; date: string } {
  for (let at = 0; at < Math.min(lines.length, MOST_LINES); at++) {
    const found = attributionAt(lines, at)?.attribution;
    if (found === undefined || found.name === '') continue;
    const date = found.date.replace(/ at /, ' ').replace(/(\d:\d{2})([AP]M)/, '$1 $2');
    return { name: found.name, date: isoDate(date) };
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
