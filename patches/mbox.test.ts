// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asMboxEntry, joinMbox, splitMbox } from './mbox.ts';

const texts = (mails: Uint8Array[]): string[] => mails.map((mail) => Buffer.from(mail).toString('utf8'));
const FROM = `From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001`;

describe('splitMbox', () => {
  it.each([
    ['git', FROM],
    ['public-inbox', 'From mboxrd@z Thu Jan  1 00:00:00 1970'],
    ['Thunderbird', 'From - Tue Jan 02 10:11:12 2024'],
    ['a mail server', 'From zoe@example.org  Tue Jan  2 10:11:12 2024 +0100'],
  ])('knows the From line of %s', (_, line) => {
    expect(texts(splitMbox(Buffer.from(`${line}\nSubject: 1\n\na\n\n${line}\nSubject: 2\n\nb\n`)))).toEqual([
      'Subject: 1\n\na\n\n',
      'Subject: 2\n\nb\n',
    ]);
  });

  it('needs no empty line before a From line, and knows CRLF', () => {
    const text = `${FROM}\nSubject: 1\n\na\n${FROM}\nSubject: 2\n\nb\n`;
    expect(splitMbox(Buffer.from(text))).toHaveLength(2);
    expect(splitMbox(Buffer.from(text.replaceAll('\n', '\r\n')))).toHaveLength(2);
  });

  it('leaves sentences that begin with From in their mail', () => {
    const text = `${FROM}\nSubject: 1\n\nFrom here on, 10:00 in 2024, it works.\n\nFrom: x\n${FROM}\nno header\n`;
    expect(splitMbox(Buffer.from(text))).toHaveLength(1);
  });

  it('begins a mail without a header at a From line that is just as programs write it', () => {
    const text = `${FROM}\nSubject: 1\n\na\n\n${FROM}\n\nno header\n`;
    expect(texts(splitMbox(Buffer.from(text)))).toEqual(['Subject: 1\n\na\n\n', '\nno header\n']);
    const nearly = `${FROM}\nSubject: 1\n\nFrom then on, at 10:00:00 2024\n\nit works\n`;
    expect(splitMbox(Buffer.from(nearly))).toHaveLength(1);
  });

  it('takes bytes without a From line for one mail, and nothing for none', () => {
    expect(texts(splitMbox(Buffer.from('\nSubject: 1\n\na\n')))).toEqual(['Subject: 1\n\na\n']);
    expect(splitMbox(Buffer.from(''))).toEqual([]);
    expect(splitMbox(Buffer.from('\n\r\n'))).toEqual([]);
  });

  it('takes one > off quoted From lines, unless told not to', () => {
    const text = Buffer.from(`${FROM}\nSubject: 1\n\n>From a\n>>From b\n> From c\n`);
    expect(texts(splitMbox(text))).toEqual(['Subject: 1\n\nFrom a\n>From b\n> From c\n']);
    expect(texts(splitMbox(text, 'none'))).toEqual(['Subject: 1\n\n>From a\n>>From b\n> From c\n']);
  });

  it('reads 64 MiB without a copy of it', () => {
    const mail = Buffer.from(
      `${FROM}\nSubject: 1\n\n${`From here on it is one line of text among more.\n${'+\tcode();\n'.repeat(50)}`.repeat(1900)}\n`,
    );
    const big = Buffer.concat(Array.from({ length: 64 }, () => mail));
    const mails = splitMbox(big);
    expect(mails).toHaveLength(64);
    expect(mails[63]?.buffer).toBe(big.buffer);
  });

  it('gives back the bytes of what joinMbox was given', () => {
    const line = fc.oneof(
      fc.constantFrom(FROM, '>From x', '>>From ', 'From ', 'Subject: x', '', '>', '\r'),
      fc.string(),
    );
    const mail = fc
      .tuple(fc.array(line, { maxLength: 8 }), fc.uint8Array({ maxLength: 8 }))
      .map(([lines, bytes]) =>
        Buffer.concat([Buffer.from(`Subject: x\n\n${lines.join('\n')}`), bytes, Buffer.from('\n')]),
      );
    fc.assert(
      fc.property(fc.array(mail, { maxLength: 5 }), (mails) => {
        // The empty line behind a mail belongs to the mbox.
        const back = splitMbox(joinMbox(mails)).map((one) =>
          Buffer.from(one).subarray(0, -1).toString('latin1'),
        );
        expect(back).toEqual(mails.map((one) => one.toString('latin1')));
      }),
    );
  });

  it('ends a mail that has no line end', () => {
    expect(Buffer.from(asMboxEntry(Buffer.from('Subject: x\n\na'))).toString()).toMatch(/\na\n\n$/);
  });
});
