// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { mailsIn } from './joined-mails.ts';

const mail = (id: number, mark = ''): string[] =>
  [
    'From: A <a@example.org>',
    'To: B <b@example.org>,',
    ' C <c@example.org>',
    `Message-ID: <${id}@example.org>`,
    'Subject: [PATCH] x',
    '',
    'Words.',
  ].map((line) => mark + line);

it('counts mails that stand one behind the other', () => {
  expect(mailsIn(['Words.', ...mail(1), ...mail(2)])).toBe(3);
  expect(mailsIn(['Words.', '', ...mail(1), '', ...mail(2), '', ...mail(3)])).toBe(4);
});

it('is not fooled by what is quoted, forwarded or talked of', () => {
  expect(mailsIn(['Words.', ...mail(1, '> '), '', ...mail(2, '> ')])).toBe(1);
  expect(mailsIn(['-- Forwarded --', ...mail(1)])).toBe(1);
  expect(mailsIn(['', 'Message-ID: <1@example.org>', '', 'Message-ID: <2@example.org>', ''])).toBe(1);
  expect(mailsIn(['', ...mail(1, ' '), '', ...mail(2, '+')])).toBe(1);
});
