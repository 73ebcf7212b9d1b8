// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MboxQuoting, splitMbox } from '../../patches/mbox.ts';
import { makeCutter } from './cut-mails.ts';
import { FROM_LINE, mail, mbox } from './fixtures.ts';

function cut(bytes: Uint8Array, size: number, quoting: MboxQuoting = 'mboxrd', limit = 1 << 20) {
  const cutter = makeCutter({ quoting, limit });
  const cuts = [];
  for (let at = 0; at < bytes.length; at += size) cuts.push(...cutter.push(bytes.subarray(at, at + size)));
  return [...cuts, ...cutter.end()].map((one) => ({
    number: one.number,
    text: one.bytes === null ? null : Buffer.from(one.bytes).toString('latin1'),
  }));
}

const SIZES = [1, 7, 100, 1024, 1 << 20];

describe('makeCutter', () => {
  it.each(SIZES)('cuts an mbox in blocks of %d bytes', (size) => {
    expect(cut(mbox(mail(1), mail(2), mail(3)), size)).toEqual([
      { number: 1, text: mail(1) },
      { number: 2, text: mail(2) },
      { number: 3, text: mail(3) },
    ]);
  });

  it.each(SIZES)('does not number the only mail, blocks of %d bytes', (size) => {
    expect(cut(mbox(mail(1)), size)).toEqual([{ number: null, text: mail(1) }]);
  });

  it('takes off the one empty line that belongs to the mbox, also with CRLF', () => {
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    const text = `${FROM_LINE}${mail(1)}\n\n${FROM_LINE}${mail(2)}`;
    expect(cut(Buffer.from(text), 64).map((one) => one.text)).toEqual([`${mail(1)}\n`, mail(2)]);
    expect(cut(Buffer.from(crlf(text)), 64).map((one) => one.text)).toEqual([
      crlf(`${mail(1)}\n`),
      crlf(mail(2)),
    ]);
  });

  it('takes a > off quoted From lines, unless git format-patch made them', () => {
    const quoted = mail(1, '>From here on\n>>From there\n');
    expect(cut(mbox(quoted), 10)[0]?.text).toBe(mail(1, 'From here on\n>From there\n'));
    expect(cut(mbox(quoted), 10, 'none')[0]?.text).toBe(`${quoted}\n`);
  });

  it('leaves a single mail as it is, with the patches that are attached to it', () => {
    const attached = mail(1, `Try this.\n--0=_\n\n${FROM_LINE}Subject: [PATCH] y\n\n>From x\n\n`);
    for (const size of SIZES)
      expect(cut(Buffer.from(attached), size)).toEqual([{ number: null, text: attached }]);
  });

  it('gives any other text as one, and nothing of nothing', () => {
    const page = 'Date Prev, Date Next\n\nOn Thu, Rita wrote:\nFrom here on, 10:00 in 2024, it works.\n';
    for (const size of SIZES) expect(cut(Buffer.from(page), size)).toEqual([{ number: null, text: page }]);
    expect(cut(Buffer.from(''), 1)).toEqual([]);
    expect(cut(Buffer.from('\n\r\n\n'), 1)).toEqual([]);
  });

  it('names what stands before the first From line', () => {
    const text = Buffer.concat([Buffer.from('the end of some mail\n'), mbox(mail(1), mail(2))]);
    for (const size of SIZES) {
      expect(cut(text, size)).toEqual([
        { number: 0, text: null },
        { number: 1, text: mail(1) },
        { number: 2, text: mail(2) },
      ]);
    }
  });

  it('drops a mail above the limit and goes on behind it', () => {
    const long = mail(2, 'x'.repeat(5000));
    for (const size of SIZES) {
      expect(cut(mbox(mail(1), long, mail(3)), size, 'mboxrd', 4096)).toEqual([
        { number: 1, text: mail(1) },
        { number: 2, text: null },
        { number: 3, text: mail(3) },
      ]);
      expect(cut(Buffer.from(long), size, 'mboxrd', 4096)).toEqual([{ number: null, text: null }]);
    }
  });

  it('finds the mails that splitMbox finds, however the bytes come', () => {
    const line = fc.oneof(
      fc.constantFrom(
        FROM_LINE.trimEnd(),
        'From x',
        '>From x',
        '>>From ',
        'From ',
        'Subject: x',
        '',
        '>',
        '\r',
      ),
      fc.string(),
    );
    const bytes = fc
      .array(line, { maxLength: 30 })
      .map((lines) => Buffer.from(`${FROM_LINE}Subject: x\n${lines.join('\n')}`, 'latin1'));
    const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(500, 1000, 1100, 4000));
    fc.assert(
      fc.property(bytes, sizes, (text, size) => {
        const whole = splitMbox(text, 'none').map((one) => Buffer.from(one).toString('latin1'));
        expect(cut(text, size, 'none').map((one) => one.text)).toEqual(whole);
      }),
    );
  });

  it('is as fast on lines that are nearly From lines, and on one line of 100 MB', () => {
    const nearly = Buffer.from(`From ${'1:00 '.repeat(100)}\n`.repeat(10_000));
    const started = performance.now();
    expect(cut(Buffer.concat([mbox(mail(1)), nearly]), 1 << 20, 'mboxrd', 64 << 20)).toHaveLength(1);
    const line = Buffer.concat([
      mbox(mail(1)),
      Buffer.from(FROM_LINE),
      Buffer.from('X: '),
      Buffer.alloc(100 << 20, 'x'),
    ]);
    const cuts = cut(line, 1 << 20);
    expect(cuts.map((one) => one.text?.length ?? null)).toEqual([mail(1).length, null]);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
