// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPageMail } from '../mails/page-mail.ts';
import { readLorePage } from './lore-page.ts';

const PAGE = `Vsock List
 help / color / mirror / Atom feed
From: Rita Reviewer <rita@example.org>
To: Ola Nordmann <ola@example.org>,
\tvsock@example.org
Subject: Re: [PATCH net-next v2 1/2] vsock: count packets
Date: Fri, 8 May 2026 11:41:21 +0200\t[thread overview]
Message-ID: <r1@example.org> (raw)
In-Reply-To: <p1@example.org>

On Thu, May 07, 2026 at 06:48:47PM +0200, Ola Nordmann wrote:
>+\tcount++;

This needs a lock.

  parent reply\tother threads:[~2026-05-08  9:41 UTC|newest]

Thread overview: 9+ messages in thread
2026-05-07 16:48 [PATCH net-next v2 1/2] vsock: count packets Ola Nordmann
`;

it('is the mail it shows', async () => {
  const mail = await readPageMail(Buffer.from(PAGE), 'page.txt');
  expect(mail).toMatchObject({
    messageId: 'r1@example.org',
    answers: ['p1@example.org'],
    from: { name: 'Rita Reviewer', email: 'rita@example.org' },
    date: '2026-05-08T09:41:21Z',
    role: 'reply',
  });
  expect(mail?.to).toContain('vsock@example.org');
  expect(mail?.lines.at(-1)).toBe('This needs a lock.');
});

it('a mail itself is none, nor is another text', () => {
  expect(readLorePage(PAGE.replace('\t[thread overview]', '').replace(' (raw)', ''))).toBeNull();
  expect(readLorePage('hello\n')).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => void readLorePage(text)));
});
