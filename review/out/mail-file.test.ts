// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { readMail } from '../../patches/mail-text.ts';
import { addressOf, formatPerson, isAddress, splitAddresses } from './addresses.ts';
import { encodeText } from './encoded-words.ts';
import { formatMail } from './mail-file.ts';
import { archiveLink, realId, referencesTo } from './message-ids.ts';
import { recipientsOf } from './recipients.ts';

const SELF = { name: 'Ada', email: 'ada@example.org' };
const HOSTILE = 'a\r\nBcc: all@example.org\n\n\x1b[2J\u202e\ud800 =?UTF-8?q?x?=\u2028b';

async function subjectRead(subject: string): Promise<string> {
  const text = formatMail({
    ...{ from: 'A <a@example.org>', to: ['b@example.org'], cc: [], subject },
    ...{ inReplyTo: null, references: [], body: ['x'] },
  });
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(78);
  return (await readMail(Buffer.from(text), 'x')).subject;
}

it('a subject is read as it was written', async () => {
  for (const subject of [
    'Re: [PATCH net-next v2 1/2] vsock: a subject that is much longer than one line of a mail may be, by far',
    'Re: [PATCH] vsock: naïve 日本語 and more words behind these, so that it has to be folded again',
    `Re: ${'日本'.repeat(60)}`,
    'Re: 👩‍👩‍👧 vsock',
    'Re: =?UTF-8?q?not_encoded?= in fact',
  ]) {
    expect(await subjectRead(subject)).toBe(subject);
  }
  expect(encodeText('[PATCH v2] vsock: fix it')).toBe('[PATCH v2] vsock: fix it');
  expect(encodeText('[PATCH] vsock: naïve fix')).toBe('[PATCH] vsock: =?UTF-8?q?na=C3=AFve?= fix');
});

it('no header is made from what stands in another', async () => {
  const text = formatMail({
    from: formatPerson({ name: HOSTILE, email: `a@example.org>\r\nBcc: <x@example.org` }),
    ...recipientsOf(
      { from: { name: HOSTILE, email: 'b@example.org' }, to: HOSTILE, cc: 'ö@x, c@x (Ö\x1b)' },
      SELF,
    ),
    subject: HOSTILE,
    ...{ inReplyTo: null, references: [], body: ['x'] },
  });
  const head = text.split('\n\n', 1)[0] ?? '';
  expect(head).not.toMatch(/^Bcc:/im);
  expect(head).not.toMatch(/[^\n\x20-\x7e]/);
});

it('splits addresses where they end', () => {
  expect(
    splitAddresses('"Berg, T \\"x\\"" <t@example.org>, a@example.org (one, two),B <b@example.org>'),
  ).toEqual(['"Berg, T \\"x\\"" <t@example.org>', 'a@example.org (one, two)', 'B <b@example.org>']);
  expect(splitAddresses('undisclosed-recipients:;')).toEqual([]);
  expect(splitAddresses('list: a@example.org, b@example.org;, c@example.org')).toEqual([
    'a@example.org',
    'b@example.org',
    'c@example.org',
  ]);
  expect(splitAddresses('"open <a@example.org>, b@example.org')).toEqual([
    '"open <a@example.org>',
    'b@example.org',
  ]);
  const start = performance.now();
  splitAddresses('"('.repeat(500_000));
  splitAddresses('a@b,'.repeat(500_000));
  expect(performance.now() - start).toBeLessThan(30_000);
});

it('knows where mail cannot go', () => {
  for (const one of [
    'a@...',
    'a@xxxxxxxxxx',
    'a...@example.org',
    '***@***',
    'a',
    'a@b@',
    'a b@example.org',
    '@example.org',
  ])
    expect(isAddress(one), one).toBe(false);
  for (const one of ['a@example.org', 'a+b@x.example.org', '"a b"@example.org', 'a.b@example'])
    expect(isAddress(one), one).toBe(true);
  expect(addressOf('A B <A@Example.org>')).toBe('a@example.org');
  expect(addressOf('a@example.org (A B)')).toBe('a@example.org');
});

it('answers all but oneself', () => {
  const self = SELF;
  const mail = {
    from: { name: 'Bo, Jr.', email: 'bo@example.org' },
    to: 'Ada <ADA@example.org>, list@example.org',
    cc: 'list@example.org, "Åsa, x" <asa@example.org>, masked@xxxxxxxx',
  };
  expect(recipientsOf(mail, self)).toEqual({
    to: ['"Bo, Jr." <bo@example.org>'],
    cc: ['list@example.org', '=?UTF-8?q?=C3=85sa=2C_x?= <asa@example.org>'],
    unusable: ['masked@xxxxxxxx'],
  });
  expect(recipientsOf({ ...mail, from: self, to: 'bo@example.org', cc: '' }, self).to).toEqual([
    'bo@example.org',
  ]);
});

describe('an answer goes where the mail says', () => {
  const from = { name: 'Bo', email: 'bo@example.org' };
  const mail = { from, to: 'list@example.org', cc: 'Cy <cy@example.org>, ada@example.org' };
  const [list, cy, bo] = ['list@example.org', 'Cy <cy@example.org>', 'Bo <bo@example.org>'];
  const work = 'Bo at work <bo@work.example.org>';
  it.each<[string, { replyTo?: string; followupTo?: string }, string[], string[]]>([
    ['nowhere else', {}, [bo], [list, cy]],
    ['Reply-To: another address of the sender', { replyTo: work }, [work], [list, cy]],
    ['Reply-To: the sender', { replyTo: 'BO@example.org' }, [bo], [list, cy]],
    ['Reply-To: the sender and another', { replyTo: `${bo}, ${work}` }, [bo, work], [list, cy]],
    ['Reply-To: the list', { replyTo: 'LIST@example.org' }, ['LIST@example.org'], [bo, cy]],
    ['Reply-To: oneself', { replyTo: 'ada@example.org' }, [bo], [list, cy]],
    ['Reply-To: nobody', { replyTo: 'undisclosed:;' }, [bo], [list, cy]],
    [
      'Mail-Followup-To',
      { followupTo: `${list}, ${cy}, Ada <ada@example.org>`, replyTo: work },
      [list, cy],
      [],
    ],
    ['Mail-Followup-To: oneself', { followupTo: 'ada@example.org' }, [bo], [list, cy]],
  ])('%s', (_, headers, to, cc) => {
    expect(recipientsOf({ ...mail, ...headers }, SELF)).toEqual({ to, cc, unusable: [] });
  });

  it('a masked one is not where', () => {
    expect(recipientsOf({ ...mail, replyTo: 'bo@...' }, SELF)).toEqual({
      ...{ to: [bo], cc: [list, cy], unusable: ['bo@...'] },
    });
    const masked = { ...mail, from: { name: 'Bo', email: 'bo@...' } };
    expect(recipientsOf({ ...masked, replyTo: work }, SELF)).toEqual({
      ...{ to: [work], cc: [list, cy], unusable: [] },
    });
  });

  it('after a mail of one’s own to whom that was for', () => {
    expect(recipientsOf({ ...mail, from: SELF, replyTo: work }, SELF)).toEqual({
      ...{ to: [list], cc: [cy], unusable: [] },
    });
  });
});

it('references are the parent’s and the parent, the middle left out when long', () => {
  const ids = Array.from({ length: 100 }, (_, at) => `<${at}-${'x'.repeat(20)}@example.org>`);
  const none = { references: undefined, inReplyTo: undefined };
  expect(referencesTo('p@x', none)).toEqual(['p@x']);
  expect(referencesTo('p@x', { ...none, inReplyTo: '<a@x>' })).toEqual(['a@x', 'p@x']);
  expect(referencesTo('p@x', { ...none, inReplyTo: '<a@x> <b@x>' })).toEqual(['p@x']);
  expect(referencesTo('p@x', { ...none, references: '<a@x>\t<p@x> <b@x> <\x1b@x> <no>' })).toEqual([
    'a@x',
    'b@x',
    'p@x',
  ]);
  const long = referencesTo('p@x', { ...none, references: ids.join(' ') });
  expect(long[0]).toBe(ids[0]?.slice(1, -1));
  expect(long.slice(-2)).toEqual([ids[99]?.slice(1, -1), 'p@x']);
  expect(long.map((id) => `<${id}>`).join(' ').length).toBeLessThanOrEqual(998);
});

it('only real Message-IDs are named', () => {
  expect(realId({ messageId: 'a$b=c@example.org' })).toBe('a$b=c@example.org');
  for (const messageId of [
    'page-0123456789abcdef',
    'none-0123456789abcdef',
    'quoted-0123456789abcdef',
    'x',
    'a@b\x1b',
    'a\u00e4@b',
  ])
    expect(realId({ messageId })).toBeNull();
  expect(archiveLink('a/b?c%d#e@example.org')).toBe(
    'https://lore.kernel.org/r/a%2Fb%3Fc%25d%23e@example.org',
  );
});
