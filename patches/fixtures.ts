// SPDX-License-Identifier: MIT
/** For the tests of this folder: where the fixtures lie, and mails changed the way mailers do. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../system/paths.ts';

export const FIXTURES: string = path.join(projectRoot, 'test', 'fixtures');

export function fixture(name: string): Buffer {
  return readFileSync(path.join(FIXTURES, name));
}

export function edited(name: string, edit: (text: string) => string): Buffer {
  return Buffer.from(edit(fixture(name).toString('utf8')));
}

/** A mail with its body in another transfer encoding, as git send-email --transfer-encoding does. */
export function encoded(mail: Buffer, encoding: 'base64' | 'quoted-printable', type?: string): Buffer {
  const text = mail.toString('utf8');
  const border = text.indexOf('\n\n');
  const header = text
    .slice(0, border)
    .replace(/\n(MIME-Version|Content-[\w-]+): .*(\n[ \t].*)*/g, '')
    .concat(`\nMIME-Version: 1.0\nContent-Type: ${type ?? 'text/plain; charset=UTF-8'}`)
    .concat(`\nContent-Transfer-Encoding: ${encoding}\n\n`);
  const body = Buffer.from(text.slice(border + 2));
  const coded =
    encoding === 'base64'
      ? body.toString('base64').replace(/.{76}/g, '$&\n')
      : quotedPrintable(body.toString('latin1'));
  return Buffer.from(`${header}${coded}\n`);
}

function quotedPrintable(latin1: string): string {
  const hex = (char: string): string => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return latin1
    .split('\n')
    .map((line) =>
      line
        .replace(/[^\t\x20-\x3c\x3e-\x7e]/g, hex)
        .replace(/[\t ]$/, hex)
        .replace(/(?:=[0-9A-F]{2}|[^=]){60}(?=.)/g, '$&=\n'),
    )
    .join('\n');
}
