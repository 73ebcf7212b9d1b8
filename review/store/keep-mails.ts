// SPDX-License-Identifier: MIT
/** Mails → files beside the series, one each, byte for byte: `mail/20221215-re-patch-….eml`. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { interrupted } from '../../core/errors.ts';
import { slug } from '../../core/slug.ts';
import { fileTrouble, makeFolder } from '../../system/file-trouble.ts';
import { fingerprint } from '../mails/brief.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { fingerprintOfName, isMail, namesIn } from './kept-files.ts';

const HALF_MADE = '.half-';
const TURN = 50;

/**
 * Writes the mails that are not there yet. A mail that came over two lists is one: what servers
 * add to its header does not count. One import at a time: whatever is half-made is an earlier,
 * killed one's, and removed.
 * @returns the files that were written
 */
export async function keepMails(
  folder: string,
  mails: readonly ReviewMail[],
  signal?: AbortSignal,
): Promise<string[]> {
  const place = path.join(folder, 'mail');
  const names = await namesIn(place);
  const there = new Set(names.filter(isMail).map(fingerprintOfName));
  const wanted = new Map<string, ReviewMail>();
  for (const mail of mails) {
    const print = fingerprint(mail);
    if (mail.quotedOnly || there.has(print)) continue;
    there.add(print);
    wanted.set(path.join(place, fileName(mail, print)), mail);
  }
  if (wanted.size > 0) await makeFolder(place);
  for (const name of names) {
    if (name.includes(HALF_MADE)) await rm(path.join(place, name), { recursive: true, force: true });
  }
  let count = 0;
  for (const [file, mail] of wanted) {
    // Lets an interrupt through.
    if (++count % TURN === 0) await setImmediate();
    if (signal?.aborted) throw interrupted();
    keepFile(file, mail.brief?.bytes() ?? mail.bytes);
  }
  return [...wanted.keys()];
}

/** Not promised: for 20,000 small files that is half of the time. */
function keepFile(file: string, bytes: Uint8Array): void {
  const half = `${file}${HALF_MADE}${process.pid}`;
  try {
    writeFileSync(half, bytes);
    renameSync(half, file);
  } catch (cause) {
    rmSync(half, { force: true });
    throw fileTrouble(cause, file);
  }
}

function fileName(mail: ReviewMail, print: string): string {
  const day = mail.date === '' ? 'undated' : mail.date.slice(0, 10).replaceAll('-', '');
  const { subject } = mail;
  const number = subject.index === null ? '' : `-${String(subject.index).padStart(4, '0')}`;
  const rfc = subject.prefixes.includes('RFC') ? 'rfc-' : '';
  const version = subject.isPatch ? `-${rfc}${subject.version}${number}` : '';
  const words = slug(`${mail.role === 'reply' ? 're-' : ''}${subject.subject}`, 48, 'mail');
  return `${day}${version}-${words}-${print}.${mail.isPage ? 'txt' : 'eml'}`;
}
