// SPDX-License-Identifier: MIT
/** One mail → a patch, a cover letter, or neither. */
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import type { CoverLetter, Patch } from '../core/series.ts';
import { binaryWithoutData, diffStart, parseDiff } from './diff.ts';
import { type MailBody, splitBody } from './mail-body.ts';
import { checkDamage, checkDiffstat, refuseFlowed } from './mail-damage.ts';
import { type MailText, personOf, readMail } from './mail-text.ts';
import { asMboxEntry } from './mbox.ts';
import { checkPaths } from './safe-paths.ts';
import { type ParsedSubject, parseSubject } from './subject.ts';

export type ParsedMail =
  | { kind: 'patch'; patch: Patch; subject: ParsedSubject; baseCommit: string | null }
  | { kind: 'cover'; cover: CoverLetter; subject: ParsedSubject; baseCommit: string | null }
  /** A reply, or a mail that says nothing of a patch: `why` for messages. */
  | { kind: 'other'; why: string };

/**
 * Reads one mail as `git am --keep-cr --scissors` would.
 * @param mail its bytes; a `From ` line in front is passed over
 * @param origin how messages name it: a path, or `path#3`
 * @throws RespinError (blame series) PATCH_TRUNCATED, PATCH_BINARY, PATCH_EMPTY, PATCH_PATH_UNSAFE,
 *   MAIL_HTML, MAIL_CRLF, MAIL_DAMAGED, MAIL_HEADERS, MAIL_UNREADABLE
 */
export async function parseMail(mail: Uint8Array, origin: string): Promise<ParsedMail> {
  const text = await readMail(mail, origin);
  const subject = parseSubject(text.subject);
  if (subject.isReply) return { kind: 'other', why: 'it is a reply' };
  if (subject.isPatch && subject.index === 0) return await coverOf(text, subject, origin);
  if (text.hasHtml && (subject.isPatch || /^diff --git /m.test(text.text))) throw htmlMail(origin);
  const body = splitBody(text.text);
  // Talk on a list quotes bits of diffs: only a subject or a whole diff makes a patch of a mail.
  const mayBePatch = subject.isPatch || /^diff --git |^--- \S.*\n\+\+\+ \S/m.test(body.rest);
  const hasDiff = mayBePatch && startOf(body.rest, text, origin) !== null;
  if (!hasDiff && !subject.isPatch) {
    if (text.from === null) throw noMail(origin);
    return { kind: 'other', why: 'it has no diff and its subject no [PATCH]' };
  }
  if (!hasDiff) throw noDiff(text, origin);
  return await patchOf(text, subject, body, origin);
}

async function patchOf(
  text: MailText,
  mailSubject: ParsedSubject,
  body: MailBody,
  origin: string,
): Promise<ParsedMail> {
  const start = startOf(body.rest, text, origin) ?? 0;
  const lines = body.rest.split('\n');
  const diff = lines.slice(start).join('\n');
  const notes =
    lines.slice(0, start).join('\n').trim() === '' ? '' : lines.slice(0, start).join('\n').trimEnd();
  const files = parse(diff, text, origin);
  const missing = binaryWithoutData(diff);
  if (missing.length > 0) throw noBinaryData(missing, origin);
  checkDamage(files, text.flowed, origin);
  checkDiffstat(files, notes, diff, origin);
  checkPaths(files, origin);
  const author = (body.from === undefined ? null : await personOf(body.from)) ?? text.from;
  const subject = body.subject === undefined ? mailSubject.subject : parseSubject(body.subject).subject;
  if (author === null) throw noMail(origin);
  const patch: Patch = {
    index: mailSubject.index ?? 1,
    total: mailSubject.total ?? 1,
    subject,
    prefixes: mailSubject.prefixes,
    author,
    date: body.date ?? text.date,
    messageId: text.messageId,
    body: body.message,
    notes,
    files,
    origin,
    mail: asMboxEntry(dated(text, body)),
  };
  return { kind: 'patch', patch, subject: mailSubject, baseCommit: baseCommitOf(text.text) };
}

/** git would date a mail without a date by its clock, and the same mail would be another commit each time. */
function dated(text: MailText, body: MailBody): Buffer {
  if (text.date !== '' || body.date !== undefined) return text.bytes;
  return Buffer.concat([Buffer.from('Date: Sat, 1 Jan 2000 00:00:00 +0000\n'), text.bytes]);
}

async function coverOf(text: MailText, subject: ParsedSubject, origin: string): Promise<ParsedMail> {
  const body = splitBody(text.text);
  const author = (body.from === undefined ? null : await personOf(body.from)) ?? text.from;
  if (author === null) throw noMail(origin);
  // A cover letter has no `---` of its own: what looks like one is part of what it says.
  const whole = text.text.replaceAll('\r\n', '\n').replace(/\n-- \n[\s\S]*$/, '\n');
  return {
    kind: 'cover',
    subject,
    baseCommit: baseCommitOf(text.text),
    cover: {
      subject: subject.subject,
      author,
      date: text.date,
      messageId: text.messageId,
      body: whole.replace(/^\n+/, '').trimEnd(),
      origin,
      mail: text.bytes,
    },
  };
}

/** Lines of hunks have a column in front, so this cannot be found inside of one. */
function baseCommitOf(text: string): string | null {
  return /^base-commit: ([0-9a-f]{40}(?:[0-9a-f]{24})?)\s*$/m.exec(text)?.[1] ?? null;
}

function startOf(rest: string, text: MailText, origin: string): number | null {
  return named(origin, text, () => diffStart(rest));
}

function parse(diff: string, text: MailText, origin: string): Patch['files'] {
  return named(origin, text, () => parseDiff(diff));
}

/** Says which mail an error of the diff is about, and that format=flowed explains it where it does. */
function named<T>(origin: string, text: MailText, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RespinError)) throw error;
    if (text.flowed) throw refuseFlowed(origin, error.message);
    throw new RespinError({
      code: error.code,
      blame: error.blame,
      message: `${origin}: ${error.message}`,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

function htmlMail(origin: string): RespinError {
  return new RespinError({
    code: 'MAIL_HTML',
    blame: 'series',
    message: `${origin} is an HTML mail; the white space of its patch cannot be trusted`,
    hint: 'send plain text with git send-email; kernel lists drop HTML mail',
  });
}

function noDiff(text: MailText, origin: string): RespinError {
  const subject = printable(text.subject);
  if (!text.hasBody || text.text.trim() === '') {
    return new RespinError({
      code: 'PATCH_TRUNCATED',
      blame: 'series',
      message: `${origin} ("${subject}") ends before its text`,
      hint: 'part of the mail is missing: get it again',
    });
  }
  return new RespinError({
    code: 'PATCH_EMPTY',
    blame: 'series',
    message: `${origin} ("${subject}") has no diff in it`,
    hint: 'was the patch attached as something other than text, or quoted with "> "?',
  });
}

function noBinaryData(files: string[], origin: string): RespinError {
  return new RespinError({
    code: 'PATCH_BINARY',
    blame: 'series',
    message: `${origin} changes the binary file ${files.join(', ')} and does not hold its data`,
    hint: 'make the patch again with git format-patch --binary',
  });
}

function noMail(origin: string): RespinError {
  return new RespinError({
    code: 'MAIL_HEADERS',
    blame: 'series',
    message: `${origin} is not a mail: it has no From line with an address`,
    hint: 'respin takes what git format-patch or git send-email writes, not the bare output of git diff',
  });
}
