// SPDX-License-Identifier: MIT
/** Trailers put into a patch file as it lies there: nothing but the end of its message changes. */
import type { Person } from '../../core/series.ts';
import { splitHeader } from '../../patches/mail-lines.ts';
import { isAscii } from './encoded-words.ts';
import { placeForTrailers } from './insert-trailers.ts';

/** Why a file cannot be rewritten in place. */
export type NotInPlace = 'several mails' | 'encoded' | 'another charset';

/** Where mailinfo ends a message: patches/mail-body.ts. */
const PATCH_BREAK = /^diff -|^Index: |^---(?:\s*$| \S)/;
const MIME = [
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=UTF-8',
  'Content-Transfer-Encoding: 8bit',
];

/**
 * @param file one patch mail as git format-patch writes it
 * @param trailers a line each
 */
export function withTrailersInFile(
  file: Buffer,
  author: Person,
  trailers: readonly string[],
): Buffer | NotInPlace {
  const { header, body } = splitHeader(file);
  const head = header.toString('latin1');
  const type = headerValue(head, 'content-type');
  const encoding = headerValue(head, 'content-transfer-encoding');
  const ascii = trailers.every(isAscii);
  if (/^multipart\//i.test(type) || /quoted-printable|base64/i.test(encoding)) return 'encoded';
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!ascii && !/^(?:utf-?8|us-ascii)$/.test(charset)) return 'another charset';
  // Latin-1 keeps every byte as it is.
  const lines = body.toString('latin1').split('\n');
  const end = lines.findIndex((line) => PATCH_BREAK.test(line));
  if (end < 0 || lines.some((line) => /^From [0-9a-f]{40} /.test(line))) return 'several mails';
  const message = lines.slice(0, end).map((line) => Buffer.from(line, 'latin1').toString('utf8').trimEnd());
  const { at, blank } = placeForTrailers(message, author);
  const cr = lines[end]?.endsWith('\r') === true ? '\r' : '';
  const added = [...(blank ? [''] : []), ...trailers].map((line) =>
    Buffer.from(line + cr).toString('latin1'),
  );
  lines.splice(at, 0, ...added);
  const fresh = ascii ? head : declared(head, type, encoding, charset);
  const between = file.subarray(header.length, file.length - body.length);
  return Buffer.concat([Buffer.from(fresh, 'latin1'), between, Buffer.from(lines.join('\n'), 'latin1')]);
}

/** A message that was ASCII and is so no more must say what it is: git send-email asks otherwise. */
function declared(head: string, type: string, encoding: string, charset: string): string {
  const end = head.endsWith('\r\n') ? '\r\n' : '\n';
  let text = head;
  if (type !== '' && charset === 'us-ascii') {
    text = text.replace(/^(content-type:[^\n]*(?:\n[ \t][^\n]*)*?charset\s*=\s*"?)us-ascii/im, '$1UTF-8');
  }
  if (/^7bit$/i.test(encoding)) text = text.replace(/^(content-transfer-encoding:\s*)7bit/im, '$18bit');
  const missing = MIME.filter((line) => headerValue(head, line.split(':', 1)[0] ?? '') === '');
  return text + missing.map((line) => line + end).join('');
}

/** Unfolded; empty without one. */
function headerValue(head: string, name: string): string {
  const match = new RegExp(`^${name}:([^\\n]*(?:\\n[ \\t][^\\n]*)*)`, 'im').exec(head);
  return (match?.[1] ?? '').replace(/\s+/g, ' ').trim();
}
