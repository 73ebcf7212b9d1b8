// SPDX-License-Identifier: MIT
/**
 * What git format-patch wrote and nobody has sent: no Message-ID, no thread, and dates of the commits, which are days
 * apart and of several authors. That these mails are one series is said by where they lie: it is written into them.
 */
import path from 'node:path';
import { readHeaders } from '../../patches/mail-headers.ts';
import { type ParsedSubject, parseSubject } from '../../patches/subject.ts';
import { madeUpId } from '../mails/mail.ts';
import type { RawMail } from './reading.ts';

/** A header of format-patch has less, in bytes. */
const LONGEST_HEADER = 1 << 16;
/** Held back until all are seen: with more than this, in bytes, they pass as they are. */
const MOST_HELD = 64 << 20;

/**
 * Lets mails through; those that were never sent come last, each but the first of a series as an answer to the first,
 * by the id that is made up for that one. Where a place holds a number twice it is told of no mail.
 */
export async function* inThreads(mails: AsyncIterable<RawMail>): AsyncGenerator<RawMail, void, void> {
  const held = new Map<string, { mail: RawMail; index: number }[]>();
  let size = 0;
  for await (const mail of mails) {
    const subject = size < MOST_HELD ? unsent(mail.bytes) : null;
    if (subject === null) {
      yield mail;
      continue;
    }
    size += mail.bytes.length;
    const key = [placeOf(mail.origin), subject.version, subject.total, ...subject.prefixes].join('\0');
    const one = { mail, index: subject.index ?? 0 };
    const others = held.get(key);
    if (others === undefined) held.set(key, [one]);
    else others.push(one);
  }
  for (const group of held.values()) {
    const sorted = group.toSorted((a, b) => a.index - b.index);
    const isSeries = sorted.every(({ index }, at) => index !== sorted[at - 1]?.index);
    const root = madeUpId(sorted[0]?.mail.bytes ?? new Uint8Array());
    for (const [at, { mail }] of sorted.entries()) {
      yield at === 0 || !isSeries ? mail : { ...mail, bytes: answering(mail.bytes, root) };
    }
  }
}

/** The subject of a numbered patch or cover letter that has no id and no thread; null of any other mail. */
function unsent(bytes: Uint8Array): ParsedSubject | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LONGEST_HEADER));
  const end = /\r?\n\r?\n/.exec(head.toString('latin1'))?.index;
  if (end === undefined) return null;
  const headers = readHeaders(head.subarray(fromLineOf(head), end));
  if (['message-id', 'in-reply-to', 'references'].some((name) => headers.has(name))) return null;
  const subject = parseSubject(headers.get('subject') ?? '');
  return subject.isPatch && !subject.isReply && subject.index !== null ? subject : null;
}

/** The length of the `From ` line in front, 0 without one. */
function fromLineOf(head: Buffer): number {
  return head.subarray(0, 5).toString('latin1') === 'From ' ? head.indexOf('\n') + 1 : 0;
}

function answering(bytes: Uint8Array, id: string): Uint8Array {
  const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const from = fromLineOf(mail);
  return Buffer.concat([mail.subarray(0, from), Buffer.from(`In-Reply-To: <${id}>\n`), mail.subarray(from)]);
}

/** The folder of a file with one mail, the mbox or range of several. */
function placeOf(origin: string): string {
  const whole = origin.replace(/(?:#|, patch )\d+$/, '');
  return whole === origin ? path.dirname(origin) : whole;
}
