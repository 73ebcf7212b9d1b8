// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RespinError } from '../../core/errors.ts';
import { DIFF, mailBytes, mailOf } from './fixture.ts';
import { readReviewMail } from './mail.ts';

describe('readReviewMail', () => {
  it('tells who wrote what, when, and in answer to what', async () => {
    const mail = await mailOf({
      id: 'r@x',
      subject: 'Re: [PATCH net-next v2 1/3] net: make it fast',
      from: 'Rita Reviewer <rita@example.org>',
      answers: ['p1@x', 'cover@x'],
    });
    expect(mail).toMatchObject({
      messageId: 'r@x',
      answers: ['p1@x', 'cover@x'],
      from: { name: 'Rita Reviewer', email: 'rita@example.org' },
      date: '2026-11-01T12:00:00Z',
      subject: { subject: 'net: make it fast', version: 'v2', index: 1, total: 3 },
      lines: ['Some words.'],
      role: 'reply',
    });
  });

  it.each([
    ['[PATCH 0/2] net: both', undefined, 'cover'],
    ['[PATCH 1/2] net: one', undefined, 'patch'],
    ['[PATCH 1/2] net: one', 'no diff in it', 'other'],
    ['Re: [PATCH 1/2] net: one', DIFF, 'reply'],
    ['net: one', DIFF, 'other'],
  ])('%s is a mail of its kind', async (subject, body, role) => {
    expect(await mailOf({ id: 'a', subject, ...(body === undefined ? {} : { body }) })).toMatchObject({
      role,
    });
  });

  it('gives a mail without Message-ID one that is always the same', async () => {
    const bytes = Buffer.from('Subject: a\n\nb\n');
    const { messageId } = await readReviewMail(bytes, 'one');
    expect(messageId).toMatch(/^none-[0-9a-f]{16}$/);
    expect((await readReviewMail(bytes, 'two')).messageId).toBe(messageId);
  });

  it.each(['nonsense', 'Mon, 99 Foo 2026', 'Sat, 13 Sep 275760 00:00:00 +0000', '1 Jan -000001', ''])(
    'has no date where the mail says %j',
    async (day) => {
      expect((await mailOf({ id: 'a', subject: 'b', day })).date).toBe('');
    },
  );

  it('takes the stuffing off format=flowed', async () => {
    const head = mailBytes({ id: 'a', subject: 'Re: b', body: '' }).toString().trimEnd();
    const mail = `${head}\nContent-Type: text/plain; format=flowed\n\n From here on\n> quoted\n`;
    expect((await readReviewMail(Buffer.from(mail), 'x')).lines).toEqual(['From here on', '> quoted']);
  });

  it('looks at the last 200 of the references only', async () => {
    const answers = Array.from({ length: 20_000 }, (_, at) => `id-${at}@example.org`);
    const mail = await mailOf({ id: 'a', subject: 'Re: b', answers });
    expect(mail.answers.length).toBeLessThanOrEqual(201);
    expect(mail.answers.slice(0, 2)).toEqual(['id-0@example.org', 'id-1@example.org']);
  });
});

const header = fc
  .tuple(
    fc.constantFrom(
      'Subject',
      'From',
      'Date',
      'Message-ID',
      'In-Reply-To',
      'References',
      'Content-Type',
      'X',
    ),
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '[PATCH v2 1/2] a: b',
        '<a@b> <c@d>',
        'multipart/mixed; boundary=x',
        'text/plain; charset=nonsense',
        'text/plain; format=flowed',
        '=?utf-8?b?/////w==?= =?nonsense?q?=ff?= <a@b>',
      ),
    ),
  )
  .map(([name, value]) => `${name}: ${value}`);

describe('whatever a mail holds', () => {
  it('it is read, or refused in words', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(header, { maxLength: 8 }),
        fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('--x\n\na\n--x\n\nb\n--x--\n')),
        async (headers, body) => {
          const bytes = Buffer.from([...headers, '', body].join('\n'));
          try {
            const mail = await readReviewMail(bytes, 'here');
            expect(mail.messageId).toMatch(/^[^<>\s]+$/);
            expect(mail.date).toMatch(/^(?:|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)$/);
            expect(mail.answers.length).toBeLessThanOrEqual(203);
            expect(mail.lines.some((line) => line.includes('\n'))).toBe(false);
          } catch (error) {
            if (!(error instanceof RespinError)) throw error;
            expect(error.blame).toBe('series');
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
