// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { madeUpId } from '../mails/mail.ts';
import { inThreads } from './never-mailed.ts';
import type { RawMail } from './reading.ts';

const FROM_LINE = 'From 1e8675533e26b593d05cfedced82187bde3af93b Mon Sep 17 00:00:00 2001\n';

const patch = (brackets: string, header = '', author = 'ann'): string =>
  `${FROM_LINE}From: ${author}@example.org\nSubject: [${brackets}] vsock: x\n${header}\nWhy.\n---\ndiff\n`;

/** Origin and what each answers, in the order they come. */
async function threads(...mails: [string, string][]): Promise<[string, string | null][]> {
  const given = async function* (): AsyncGenerator<RawMail> {
    for (const [origin, text] of mails) yield { origin, bytes: Buffer.from(text) };
  };
  const found: [string, string | null][] = [];
  for await (const { origin, bytes } of inThreads(given())) {
    const text = Buffer.from(bytes).toString();
    const before = mails.find((one) => one[0] === origin)?.[1];
    expect(text.replace(/^In-Reply-To: <none-.*\n/m, '')).toBe(before);
    found.push([origin, /^In-Reply-To: <(none-.*)>$/m.exec(text)?.[1] ?? null]);
  }
  return found;
}

it('makes a thread of what format-patch has written, whoever the authors are', async () => {
  const cover = patch('PATCH net-next v2 0/2');
  const root = madeUpId(Buffer.from(cover));
  expect(
    await threads(
      ['out/2.patch', patch('PATCH net-next v2 2/2', '', 'ben')],
      ['out/0.patch', cover],
      ['out/1.patch', patch('PATCH net-next v2 1/2')],
    ),
  ).toEqual([
    ['out/0.patch', null],
    ['out/1.patch', root],
    ['out/2.patch', root],
  ]);
  const [one, two] = [patch('PATCH 1/2'), patch('PATCH 2/2')];
  const first = madeUpId(Buffer.from(one));
  for (const origins of [
    ['x.mbox#1', 'x.mbox#2'],
    ['main..x, patch 1', 'main..x, patch 2'],
  ] as const) {
    expect(await threads([origins[0], one], [origins[1], two])).toEqual([
      [origins[0], null],
      [origins[1], first],
    ]);
  }
});

it('keeps versions and folders apart', async () => {
  const found = await threads(
    ['a/1', patch('PATCH 1/2')],
    ['a/v2-1', patch('PATCH v2 1/2')],
    ['b/2', patch('PATCH 2/2')],
    ['a/2', patch('PATCH 2/2')],
  );
  expect(found.filter(([, answers]) => answers !== null)).toEqual([['a/2', expect.any(String)]]);
});

it.each([
  ['with an id', patch('PATCH 2/2', 'Message-ID: <2@example.org>\n')],
  ['with a thread', patch('PATCH 2/2', 'In-Reply-To: <1@example.org>\n')],
  ['with references', patch('PATCH 2/2', 'References: <1@example.org>\n')],
  ['without a number', patch('PATCH')],
  ['that is a reply', `Subject: Re: [PATCH 2/2] vsock: x\n\n> x\n`],
  ['that is none', 'words'],
])('lets a mail %s through as it is, at once', async (_, mail) => {
  expect(await threads(['a/1', patch('PATCH 1/2')], ['a/2', mail])).toEqual([
    ['a/2', null],
    ['a/1', null],
  ]);
});

it('where a number is there twice it is nobody’s', async () => {
  const found = await threads(
    ['a/1', patch('PATCH 1/2')],
    ['a/2', patch('PATCH 2/2')],
    ['a/other-2', patch('PATCH 2/2', '', 'ben')],
  );
  expect(found.map(([, answers]) => answers)).toEqual([null, null, null]);
});
