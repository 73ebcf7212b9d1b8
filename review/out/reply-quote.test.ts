// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { readOriginal, readReply } from '../anchors/read-reply.ts';
import { readReviewMail } from '../mails/mail.ts';
import { quotedLines } from './reply-quote.ts';

const PATCH = Array.from({ length: 40 }, (_, at) => `+\tline ${at};`);
const MAIL = (id: string, subject: string, body: string): Buffer =>
  Buffer.from(`From: A <a@example.org>\nSubject: ${subject}\nMessage-ID: <${id}@x>\n\n${body}\n`);

async function quotes(reply: string): Promise<string[]> {
  const text = `Text.\n---\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1,40 @@\n${PATCH.join('\n')}`;
  const original = readOriginal(await readReviewMail(MAIL('p', '[PATCH] x', text), 'p'));
  const read = readReply(await readReviewMail(MAIL('r', 'Re: [PATCH] x', reply), 'r'), {
    read: original,
    guessed: false,
  });
  const block = read.blocks.at(-1);
  return block === undefined ? [] : quotedLines(read, [block]);
}

const QUOTED = ['diff --git a/x b/x', '--- a/x', '+++ b/x', '@@ -0,0 +1,40 @@', ...PATCH].map(
  (line) => `> ${line}`,
);

it('keeps the hunk’s head and the lines next to the words', async () => {
  const lines = await quotes(`Hi,\n\nOn Mon, A wrote:\n${QUOTED.join('\n')}\n\nWhy not less?\n\nBye`);
  expect(lines).toEqual(
    [
      ...[
        '> On Mon, A wrote:',
        '>> diff --git a/x b/x',
        '',
        '[...]',
        '',
        '>> @@ -0,0 +1,40 @@',
        '',
        '[...]',
        '',
      ],
      ...PATCH.slice(-12).map((line) => `>> ${line}`),
      ...['>', '> Why not less?', '>', '> Bye'],
    ]
      .slice(0, -2)
      .concat(lines.at(-1) === '> Bye' ? ['>', '> Bye'] : []),
  );
});

it('leaves out the header that some mailers repeat above a quote', async () => {
  const header = ['> -----Original Message-----', '> From: A <a@example.org>', '> Sent: Monday', '>'];
  const lines = await quotes([...header, ...QUOTED.slice(3, 6), '', 'Why?'].join('\n'));
  expect(lines.filter((line) => /Original|From|Sent/.test(line))).toEqual([]);
  expect(lines.slice(-5)).toEqual([...QUOTED.slice(3, 6).map((line) => `>${line}`), '>', '> Why?']);
});

it('does not re-wrap, and lets nothing through that a terminal acts on', async () => {
  const long = `a ${'long '.repeat(40)}line`;
  const lines = await quotes(`> Text.\n\n${long}\n\x1b]0;x\x07 \u202egnp.exe\n${'ü'.repeat(3000)}`);
  expect(lines).toContain(`> ${long}`);
  expect(lines).toContain('> \\x1b]0;x\\x07 \\u202egnp.exe');
  for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThan(998);
});

it('a quote of what looks like a robot’s mark stays one', async () => {
  const lines = await quotes('> Text.\n> > x.c:12:3: warning: unused\n> x.c:12:3: error\n\nWhat about this?');
  expect(lines).toContain('> > x.c:12:3: error');
});
