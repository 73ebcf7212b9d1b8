// SPDX-License-Identifier: MIT
/** The bytes of a mail → its headers and its text, decoded the way git mailinfo decodes it. */
import type { Email } from 'postal-mime';
import { RespinError } from '../core/errors.ts';
import type { Person } from '../core/series.ts';
import { HEADER_LIMIT, readHeaders } from './mail-headers.ts';
import { normaliseLineEnds, refuseMixed, splitHeader } from './mail-lines.ts';

export interface MailText {
  subject: string;
  /** null when there is no From with an address in it. */
  from: Person | null;
  /** As mailed; empty when there is none. */
  date: string;
  /** Without the angle brackets. */
  messageId: string | null;
  /** All text parts, decoded, LF line ends. */
  text: string;
  hasHtml: boolean;
  /** format=flowed: the sender's mailer may have re-wrapped what it sent. */
  flowed: boolean;
  hasBody: boolean;
  /** The mail as it came but for its line ends; no From line in front. */
  bytes: Buffer;
  /** The value of the first header of that name (lower case), unfolded; undefined without one. */
  header(name: string): string | undefined;
}

/**
 * Reads a mail. A `From ` line in front (mbox) is passed over.
 * @param origin how messages name the mail
 * @throws RespinError MAIL_CRLF, MAIL_UNREADABLE
 */
export async function readMail(mail: Uint8Array, origin: string): Promise<MailText> {
  const raw = withoutFromLine(Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength));
  const bytes = normaliseLineEnds(raw, origin);
  const { header, body, hasBody } = splitHeader(bytes);
  if (header.length > HEADER_LIMIT) throw unreadable(origin, 'its header has more than 2 MiB');
  const head = readHeaders(header);
  const type = head.get('content-type') ?? '';
  const encoding = (head.get('content-transfer-encoding') ?? '').trim().toLowerCase();
  const plain = !/^\s*multipart\//i.test(type) && !/^(base64|quoted-printable)$/.test(encoding);
  let text: string;
  let hasHtml = /^\s*text\/html\b/i.test(type);
  let flowed = isFlowed(type);
  if (plain) {
    // postal-mime would take every CR off and undo format=flowed, and with it the patch.
    text = decode(body, /charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1]);
  } else {
    const whole = unflowed(Buffer.concat([header, Buffer.from('\n'), body]));
    const email = await parse(whole, origin);
    text = textOf(email);
    hasHtml ||= email.html !== undefined;
    flowed ||= /^content-type:[^\n]*(\n[ \t][^\n]*)*format\s*=\s*"?flowed/im.test(body.toString('latin1'));
    refuseMixed(text, origin, 'its encoded text has CRLF line ends');
  }
  const { decodeWords } = await library();
  return {
    subject: decodeWords(head.get('subject') ?? ''),
    from: await personOf(head.get('from') ?? ''),
    date: head.get('date') ?? '',
    messageId: /<([^<>\s]+)>/.exec(head.get('message-id') ?? '')?.[1] ?? null,
    text,
    hasHtml,
    flowed,
    hasBody,
    bytes,
    header: (name) => head.get(name),
  };
}

/** A `From:` value → who; null when there is no address in it. */
export async function personOf(value: string): Promise<Person | null> {
  return (await peopleOf(value))[0] ?? null;
}

/** A `To:` or `Cc:` value → everybody in it who has an address, groups opened. */
export async function peopleOf(value: string): Promise<Person[]> {
  const { addressParser, decodeWords } = await library();
  return addressParser(value, { flatten: true }).flatMap(({ name, address }) =>
    address ? [{ name: decodeWords(name).trim(), email: address }] : [],
  );
}

let loaded: Promise<typeof import('postal-mime')> | null = null;

/** Loaded when the first mail is read, so that `respin --help` does not pay for it; import() is slow the second time, too. */
function library(): Promise<typeof import('postal-mime')> {
  loaded ??= import('postal-mime');
  return loaded;
}

async function parse(bytes: Buffer, origin: string): Promise<Email> {
  const { default: PostalMime } = await library();
  try {
    return await PostalMime.parse(bytes);
  } catch (cause) {
    // It throws for what no honest mail has: parts nested 256 deep, megabytes of headers.
    throw unreadable(origin, (cause as Error).message, cause);
  }
}

function unreadable(origin: string, why: string, cause?: unknown): RespinError {
  return new RespinError({
    code: 'MAIL_UNREADABLE',
    blame: 'series',
    message: `${origin} is not a mail that can be read: ${why}`,
    hint: 'a patch is a plain text mail as git send-email makes it',
    cause,
  });
}

function withoutFromLine(mail: Buffer): Buffer {
  let at = 0;
  while (mail[at] === 0x0a || mail[at] === 0x0d) at++;
  if (mail.subarray(at, at + 5).toString('latin1') !== 'From ') return mail.subarray(at);
  const end = mail.indexOf(0x0a, at);
  return end < 0 ? mail.subarray(mail.length) : mail.subarray(end + 1);
}

function isFlowed(type: string): boolean {
  return /format\s*=\s*"?flowed/i.test(type);
}

/** The mail without format=flowed in its header or a part's: a patch is to be read as it stands. */
function unflowed(mail: Buffer): Buffer {
  const fixed = mail
    .toString('latin1')
    .replace(/^content-type:[^\n]*(?:\n[ \t][^\n]*)*/gim, (type) =>
      type.replace(/(format\s*=\s*"?)flowed/gi, '$1fixed'),
    );
  return Buffer.from(fixed, 'latin1');
}

/** As git mailinfo: every part that is text, in the order of the mail. */
function textOf(email: Email): string {
  const parts = [email.text ?? ''];
  for (const { mimeType, content } of email.attachments) {
    if (!/^text\/(?!html)/.test(mimeType)) continue;
    parts.push(typeof content === 'string' ? content : decode(Buffer.from(content as Uint8Array), undefined));
  }
  return parts.filter((part) => part !== '').join('\n');
}

/** Without a charset (or with one that cannot be): UTF-8 if it is that, else latin1, as git guesses. */
function decode(bytes: Buffer, charset: string | undefined): string {
  const label = charset?.toLowerCase();
  if (label !== undefined && label !== 'us-ascii' && label !== 'utf-8' && label !== 'utf8') {
    try {
      return new TextDecoder(label).decode(bytes);
    } catch {
      // Not a charset this Node knows: guess as if none were named.
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return label?.startsWith('utf') ? new TextDecoder().decode(bytes) : bytes.toString('latin1');
  }
}
