// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { MailSet } from './read-mails.ts';

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
