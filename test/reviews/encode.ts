// SPDX-License-Identifier: MIT
/** Headers and a text → the bytes of a mail: transfer encodings, charsets, line ends, encoded words. */
import type { StyleName } from './mangle.ts';

export interface Envelope {
  messageId: string;
  from: { name: string; email: string };
  to: { name: string; email: string };
  date: string;
  subject: string;
  inReplyTo: string | null;
  references: readonly string[];
}

/** Whether iso-8859-1 can write it. */
export function isLatin1(text: string): boolean {
  return /^[\x00-\xff]*$/.test(text);
}

/** A mail as RFC 5322 wants it; of the styles those of its transport are obeyed. */
export function encodeMail(envelope: Envelope, text: string, styles: ReadonlySet<StyleName>): Uint8Array {
  const charset = styles.has('latin1') ? 'latin1' : 'utf8';
  const body = Buffer.from(text, charset);
  const ascii = /^[\x00-\x7f]*$/.test(text);
  const encoding = styles.has('base64')
    ? 'base64'
    : styles.has('quoted-printable')
      ? 'quoted-printable'
      : ascii
        ? '7bit'
        : '8bit';
  const flowed = styles.has('flowed') ? '; format=flowed' : '';
  const charsetName = charset === 'latin1' ? 'iso-8859-1' : 'UTF-8';
  const headers = [
    `From: ${mailbox(envelope.from)}`,
    `To: ${mailbox(envelope.to)}`,
    'Cc: vsock@lists.example.org',
    `Date: ${envelope.date}`,
    `Subject: ${words(envelope.subject)}`,
    `Message-ID: <${envelope.messageId}>`,
    ...(envelope.inReplyTo === null ? [] : [`In-Reply-To: <${envelope.inReplyTo}>`]),
    ...(envelope.references.length === 0
      ? []
      : [`References: ${envelope.references.map((id) => `<${id}>`).join('\n ')}`]),
    'MIME-Version: 1.0',
    `Content-Type: text/plain; charset=${charsetName}${flowed}`,
    `Content-Transfer-Encoding: ${encoding}`,
  ];
  const coded =
    encoding === 'base64'
      ? Buffer.from(body.toString('base64').replace(/.{76}/g, '$&\n').concat('\n'))
      : encoding === 'quoted-printable'
        ? Buffer.from(quotedPrintable(body))
        : body;
  const mail = Buffer.concat([Buffer.from(`${headers.join('\n')}\n\n`), coded]);
  return styles.has('crlf') ? Buffer.from(mail.toString('latin1').replaceAll('\n', '\r\n'), 'latin1') : mail;
}

function mailbox({ name, email }: { name: string; email: string }): string {
  const shown = /[^\x20-\x7e]/.test(name) ? words(name) : /^[\w -]+$/.test(name) ? name : `"${name}"`;
  return `${shown} <${email}>`;
}

/** RFC 2047, a word of at most 75 characters, which a letter may not span. */
function words(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const parts: string[] = [];
  let part = '';
  for (const letter of text) {
    if (Buffer.byteLength(part + letter) > 42) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part].map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\n ');
}

/** RFC 2045 section 6.7. */
function quotedPrintable(body: Buffer): string {
  const hex = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return body
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const parts: string[] = [];
      let part = '';
      for (let at = 0; at < line.length; at++) {
        const byte = line.charCodeAt(at);
        const last = at === line.length - 1;
        const plain =
          (byte > 0x20 && byte < 0x7f && byte !== 0x3d) || ((byte === 0x20 || byte === 9) && !last);
        const coded = plain ? line.charAt(at) : hex(byte);
        if (part.length + coded.length > 75) {
          parts.push(`${part}=`);
          part = '';
        }
        part += coded;
      }
      return [...parts, part].join('\n');
    })
    .join('\n');
}
