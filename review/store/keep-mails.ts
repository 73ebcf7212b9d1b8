// SPDX-License-Identifier: MIT
/** Mails → files beside the series, one each, byte for byte: `mail/20221215-re-patch-….eml`. */
import { createHash } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { slug } from '../../core/slug.ts';
import { fileTrouble, makeFolder } from '../../system/file-trouble.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { beginsWithHeader } from '../mails/page-mail.ts';

const HALF_MADE = '.half-';

/**
 * Writes the mails that are not there yet. A mail that came over two lists is one: what servers
 * add to its header does not count.
 * @returns how many were written
 */
export async function keepMails(
  folder: string,
  mails: readonly ReviewMail[],
): Promise<{ added: number; files: string[] }> {
  const place = path.join(folder, 'mail');
  const there = new Set((await filesOf(place)).map(fingerprintOfName));
  const files: string[] = [];
  for (const mail of mails) {
    if (mail.quotedOnly) continue;
    const print = fingerprint(mail);
    if (there.has(print)) continue;
    there.add(print);
    if (files.length === 0) await makeFolder(place);
    const file = path.join(place, fileName(mail, print));
    // One name a mail, so another import that writes it now writes the same.
    const half = `${file}${HALF_MADE}${process.pid}`;
    try {
      await writeFile(half, mail.bytes);
      await rename(half, file);
    } catch (cause) {
      await rm(half, { force: true });
      throw fileTrouble(cause, file);
    }
    files.push(file);
  }
  return { added: files.length, files };
}

/** The files of a series' mails, sorted; empty without a folder. */
export async function keptFiles(folder: string): Promise<string[]> {
  const place = path.join(folder, 'mail');
  return (await filesOf(place)).map((name) => path.join(place, name)).sort();
}

async function filesOf(place: string): Promise<string[]> {
  try {
    return (await readdir(place)).filter((name) => /\.(?:eml|txt)$/.test(name));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileTrouble(cause, place);
  }
}

/** Of what the mail says: not of what was added on its way. */
export function fingerprint(mail: ReviewMail): string {
  const words = mail.lines.map((line) => line.trimEnd()).join('\n');
  return createHash('sha256')
    .update(`${mail.messageId}\0${mail.subject.subject}\0${words}`)
    .digest('hex')
    .slice(0, 12);
}

function fingerprintOfName(name: string): string {
  return /-([0-9a-f]{12})\.\w+$/.exec(name)?.[1] ?? name;
}

function fileName(mail: ReviewMail, print: string): string {
  const day = mail.date === '' ? 'undated' : mail.date.slice(0, 10).replaceAll('-', '');
  const { subject } = mail;
  const number = subject.index === null ? '' : `-${String(subject.index).padStart(4, '0')}`;
  const version = subject.isPatch ? `-${subject.version}${number}` : '';
  const words = slug(`${mail.role === 'reply' ? 're-' : ''}${subject.subject}`, 48, 'mail');
  const isPage = !beginsWithHeader(mail.bytes);
  return `${day}${version}-${words}-${print}.${isPage ? 'txt' : 'eml'}`;
}
