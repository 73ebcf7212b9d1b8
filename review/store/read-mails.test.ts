// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { mailBytes } from '../mails/fixture.ts';
import { MailSet } from './read-mails.ts';

const ONE = mailBytes({ id: 'a@x', subject: 'Re: [PATCH] net: x', body: 'One.\n' });
const OTHER = mailBytes({ id: 'a@x', subject: 'Re: [PATCH] net: x', body: 'Other.\n' });

async function setOf(...mails: [string, Buffer][]): Promise<MailSet> {
  const set = new MailSet();
  for (const [origin, bytes] of mails) await set.add(bytes, origin);
  return set;
}

describe('MailSet', () => {
  it('has a mail once, however often it comes', async () => {
    const set = await setOf(['a', ONE], ['b', Buffer.concat([Buffer.from('Received: twice\n'), ONE])]);
    expect(set.mails).toHaveLength(1);
    expect(set.problems).toEqual([]);
  });

  it('uses the same of two with one Message-ID, whichever comes first, and names the other', async () => {
    const there = await setOf(['one', ONE], ['other', OTHER]);
    const back = await setOf(['other', OTHER], ['one', ONE]);
    expect(back.mails.map(({ lines }) => lines)).toEqual(there.mails.map(({ lines }) => lines));
    expect(back.others.map(({ lines }) => lines)).toEqual(there.others.map(({ lines }) => lines));
    expect(back.problems).toEqual(there.problems);
    expect(there.problems).toMatchObject([
      { what: expect.stringMatching(/two different mails have the Message-ID a@x/) },
    ]);
  });

  it.each(['full', 'brief'])(
    'has one that came over two lists once, and says nothing of their footers: %s',
    async (how) => {
      const rule = '_'.repeat(47);
      const body = `One.\n\n${rule}\nnet mailing list\nnet@lists.example.org\nhttps://lists.example.org/net\n`;
      const other = mailBytes({ id: 'a@x', subject: 'Re: [PATCH] net: x', body });
      const set = new MailSet();
      for (const [origin, bytes] of [
        ['a', ONE],
        ['b', other],
      ] as const) {
        await set.add(bytes, origin, how === 'brief' ? { bytes: () => bytes } : undefined);
      }
      expect(set.mails).toHaveLength(1);
      expect(set.problems).toEqual([]);
    },
  );

  it('says of what it cannot read where it is, and why', async () => {
    const set = await setOf(
      ['x', Buffer.from('no mail at all')],
      ['y#2', Buffer.from(`Subject: z\nX: ${'x'.repeat(3 << 20)}\n\n`)],
    );
    expect(set.mails).toEqual([]);
    expect(set.problems).toEqual([
      { origin: 'x', what: 'neither a mail nor the page of one' },
      { origin: 'y#2', what: 'is not a mail that can be read: its header has more than 2 MiB' },
    ]);
  });

  it('holds a mail in brief where its bytes are kept elsewhere', async () => {
    const set = new MailSet();
    const mail = await set.add(ONE, 'a', { bytes: () => ONE });
    expect(mail).toMatchObject({
      messageId: 'a@x',
      lines: [],
      bytes: new Uint8Array(),
      subject: { subject: 'net: x' },
    });
    expect(mail?.brief?.bytes()).toBe(ONE);
  });
});

const mail = (id: number): string =>
  `From: A <a@example.org>\nMessage-ID: <${id}@example.org>\nSubject: [PATCH] x\n\nWords.\n`;

it('takes mails that were written into one for one, and says so', async () => {
  const set = new MailSet();
  await set.add(Buffer.from(mail(1) + mail(2) + mail(3)), 'stdin');
  expect(set.mails).toHaveLength(1);
  expect(set.problems).toEqual([
    { origin: 'stdin', what: expect.stringMatching(/^3 mails seem to be in one: .*name the files$/) },
  ]);
});

it('counts what is a mail', async () => {
  const set = new MailSet();
  await set.add(Buffer.from([0, 1, 2, 255]), 'junk.bin');
  await set.add(Buffer.from(mail(1)), 'a.eml');
  await set.add(Buffer.from(mail(1)), 'b.eml');
  expect([set.read, set.mails.length]).toEqual([2, 1]);
});
