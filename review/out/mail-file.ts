// SPDX-License-Identifier: MIT
/**
 * A mail to edit and send: what `git send-email FILE` and `mutt -H FILE` take. Date and Message-ID
 * are left to them.
 */
import { encodeText } from './encoded-words.ts';

export interface OutgoingMail {
  /** Entries as they stand in a header. */
  from: string;
  to: string[];
  cc: string[];
  /** Decoded. */
  subject: string;
  /** Without angle brackets; null for a mail that answers none. */
  inReplyTo: string | null;
  references: string[];
  /** Lines of text, of any characters. */
  body: string[];
}

/** RFC 5322 2.1.1 */
const WIDTH = 78;

export function formatMail(mail: OutgoingMail): string {
  const { inReplyTo, references } = mail;
  const ids = (list: readonly string[]): string => list.map((id) => `<${id}>`).join(' ');
  const headers = [
    foldList('From', [mail.from]),
    ...(mail.to.length > 0 ? [foldList('To', mail.to)] : []),
    ...(mail.cc.length > 0 ? [foldList('Cc', mail.cc)] : []),
    foldHeader('Subject', encodeText(mail.subject)),
    ...(inReplyTo === null ? [] : [foldHeader('In-Reply-To', ids([inReplyTo]))]),
    ...(references.length === 0 ? [] : [foldHeader('References', ids(references))]),
    'MIME-Version: 1.0',
    // Not flowed: who joins lines would join lines of code.
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  return `${headers.join('\n')}\n\n${mail.body.join('\n')}\n`;
}

/** A header folded at blanks; a word that does not fit in a line stands alone. */
export function foldHeader(name: string, value: string): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of value.split(' ')) {
    if (line.length + 1 + word.length > WIDTH && line !== `${name}:`) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Addresses in one line when they fit, else one in each: that is easier to edit. */
export function foldList(name: string, entries: readonly string[]): string {
  const line = `${name}: ${entries.join(', ')}`;
  if (line.length <= WIDTH) return line;
  return entries
    .map((entry, at) => {
      const comma = at < entries.length - 1 ? ',' : '';
      // Folded by itself: a name of many encoded words is longer than a line.
      const folded = foldHeader(at === 0 ? name : '', entry + comma);
      return at === 0 ? folded : folded.slice(1);
    })
    .join('\n');
}
