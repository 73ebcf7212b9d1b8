// SPDX-License-Identifier: MIT
/**
 * A folder → its mails: a maildir (https://cr.yp.to/proto/maildir.html), an MH folder, or one of
 * mail files. Folders below it are not read, and of a maildir not `tmp`, where mails are half-made.
 */
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { interrupted } from '../../core/errors.ts';
import { isFromLine, lineEnd } from '../../patches/mbox.ts';
import { unreadable } from './chunks.ts';
import { mailsOfFile } from './mbox-file.ts';
import { type RawMail, type Reading, tooLarge } from './reading.ts';

const MAIL_FILE = /\.(patch|eml|mbox|mbx)(\.gz)?$/;
const MH_MAIL = /^[1-9]\d*$/;

/**
 * Reads a folder, its mails in the order of their names. One that cannot be read is skipped.
 * @throws RespinError FILE_UNREADABLE, INTERRUPTED, and for a mail file what `mailsOfFile` throws
 */
export async function* mailsOfFolder(
  folder: string,
  shown: string,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  const entries = await entriesOf(folder);
  const has = (name: string): boolean => entries.some((entry) => entry.name === name && !entry.isFile());
  if (has('cur') || has('new')) {
    // `new` first: what is moved from there to `cur` meanwhile is met again.
    for (const part of ['new', 'cur']) {
      if (has(part)) yield* mailsOfMaildir(path.join(folder, part), path.join(shown, part), reading);
    }
    return;
  }
  const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  const numbered = names.filter((name) => MH_MAIL.test(name)).sort((a, b) => Number(a) - Number(b));
  for (const name of numbered) {
    yield* mailOfFile(path.join(folder, name), path.join(shown, name), reading);
  }
  for (const name of names.filter((one) => MAIL_FILE.test(one)).sort()) {
    const file = path.join(folder, name);
    if (await isFile(file)) yield* mailsOfFile(file, path.join(shown, name), reading);
    else reading.skip(path.join(shown, name), 'it is not a file');
  }
}

async function* mailsOfMaildir(
  folder: string,
  shown: string,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  const entries = await entriesOf(folder);
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'));
  for (const name of names.map((entry) => entry.name).sort()) {
    yield* mailOfFile(path.join(folder, name), path.join(shown, name), reading);
  }
}

/** A file that holds one mail, whatever it looks like. */
async function* mailOfFile(
  file: string,
  shown: string,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  const { signal, mailLimit } = reading;
  let bytes: Uint8Array;
  try {
    const found = await stat(file);
    if (!found.isFile()) return reading.skip(shown, 'it is not a file');
    if (found.size > mailLimit) return reading.skip(shown, tooLarge(mailLimit));
    bytes = await plain(await readFile(file, { signal }), mailLimit);
    reading.progress.bytes += found.size;
    reading.tell();
  } catch (cause) {
    if (signal.aborted) throw interrupted();
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    return reading.skip(shown, WHY[code] ?? `it cannot be read: ${code}`);
  }
  if (bytes.length > 0) yield { bytes, origin: shown };
}

const WHY: Record<string, string> = {
  ENOENT: 'it went away before it could be read',
  EACCES: 'you may not read it',
  ERR_BUFFER_TOO_LARGE: 'it unpacks to more than a mail may have',
};

/** Without the From line that some programs leave in front; unpacked: Dovecot can keep its mails so. */
async function plain(bytes: Buffer, limit: number): Promise<Buffer> {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const mail = packed ? await promisify(gunzip)(bytes, { maxOutputLength: limit }) : bytes;
  return isFromLine(mail, 0) ? mail.subarray(lineEnd(mail, 0)) : mail;
}

/** A pipe among the files would be waited for without end. */
async function isFile(file: string): Promise<boolean> {
  return await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw unreadable(cause, folder);
  }
}
