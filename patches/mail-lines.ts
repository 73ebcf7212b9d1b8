// SPDX-License-Identifier: MIT
/**
 * Line ends of a mail: which carriage returns are the transport's, which are the file's.
 *
 * - Headers: always the transport's.
 * - A body in which every line ends in CRLF: the transport's, one is taken off each line.
 * - A body in which `diff --git` and `@@` lines end in LF: whatever CR there is belongs to the
 *   patched file (git format-patch writes a CRLF file that way) and stays.
 * - Anything else cannot be told apart: MAIL_CRLF. `git am` would take off all or none.
 * - A body that is CRLF after base64 or quoted-printable: MAIL_CRLF, as git am keeps those
 *   (mailinfo.quotedCR) and the patch cannot apply.
 */
import { RespinError } from '../core/errors.ts';

const LF = 0x0a;
const CR = 0x0d;

/** The byte behind the header's empty line; `headerEnd` is where that line begins. */
export function splitHeader(mail: Buffer): { header: Buffer; body: Buffer; hasBody: boolean } {
  for (let at = 0; at < mail.length; ) {
    const end = mail.indexOf(LF, at);
    const next = end < 0 ? mail.length : end + 1;
    const length = (end < 0 ? mail.length : end) - at;
    if (length === 0 || (length === 1 && mail[at] === CR)) {
      return { header: mail.subarray(0, at), body: mail.subarray(next), hasBody: true };
    }
    at = next;
  }
  return { header: mail, body: mail.subarray(mail.length), hasBody: false };
}

/**
 * The mail with LF line ends where that is safe.
 * @throws RespinError MAIL_CRLF
 */
export function normaliseLineEnds(mail: Buffer, origin: string): Buffer {
  if (!mail.includes('\r\n')) return mail;
  const { header, body, hasBody } = splitHeader(mail);
  const lines = countLines(body);
  const plainHeader = dropCr(header);
  if (!hasBody) return plainHeader;
  const blank = Buffer.from('\n');
  if (lines.crlf > 0 && lines.lf === 0) return Buffer.concat([plainHeader, blank, dropCr(body)]);
  refuseMixed(body.toString('latin1'), origin, 'some of its lines end in CRLF and some in LF');
  return Buffer.concat([plainHeader, blank, body]);
}

/**
 * @param text the body, decoded
 * @throws RespinError MAIL_CRLF when lines of the diff's own grammar end in CR
 */
export function refuseMixed(text: string, origin: string, why: string): void {
  if (!/(?<=^|\n)(?:diff --git |@@ -)[^\n]*\r(?=\n|$)/.test(text)) return;
  throw new RespinError({
    code: 'MAIL_CRLF',
    blame: 'series',
    message: `${origin}: ${why}, so the patch cannot apply as it is`,
    hint: 'a mailer or an editor has changed the line ends: get the mail again as it was sent, or send it with git send-email',
  });
}

function countLines(bytes: Buffer): { crlf: number; lf: number } {
  let crlf = 0;
  let lf = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (at > 0 && bytes[at - 1] === CR) crlf++;
    else lf++;
  }
  return { crlf, lf };
}

/** One CR off the end of each line; latin1 keeps every other byte. */
function dropCr(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
