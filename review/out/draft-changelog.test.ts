// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { Comment } from '../../core/review.ts';
import { type BuiltReview, buildReview } from '../build/build-review.ts';
import { changelogsOf } from '../claims/changelog.ts';
import { groupSeries } from '../mails/group-series.ts';
import { readReviewMail } from '../mails/mail.ts';
import { type Draft, draftChangelog, formatDraft } from './draft-changelog.ts';

const patch = (version: number, at: string, subject: string, file: string, line: string, tags = ''): string =>
  `From: Ada <ada@example.org>\nDate: Tue, ${9 + version} Nov 2026 10:00:00 +0000\nMessage-ID: <v${version}-${at[0]}@x>\nSubject: [PATCH v${version} ${at}] ${subject}\nIn-Reply-To: <v${version}-0@x>\n\nText of ${file}.\n\nSigned-off-by: Ada <ada@example.org>\n${tags}---\ndiff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1,3 +1,3 @@\n int ${file[0]}_first;\n-int ${file[0]}_old;\n+${line}\n int ${file[0]}_last;\n`;
const reply = (name: string, to: string, words: string): string =>
  `From: ${name} <${name.split(' ')[0]}@example.org>\nDate: Wed, 11 Nov 2026 10:00:00 +0000\nMessage-ID: <${name.split(' ')[0]}@x>\nSubject: Re: [PATCH v1 ${to[3]}/2] x\nIn-Reply-To: <${to}>\n\n> +int ${to[3] === '1' ? 'a' : 'b'}_new;\n\n${words}\n`;

const V1 = [
  patch(1, '1/2', 'vsock: one', 'a.c', 'int a_new;'),
  patch(1, '2/2', 'vsock: two', 'b.c', 'int b_new;'),
  reply('Stefano Garzarella', 'v1-1@x', 'Please use a long, it overflows here.'),
  reply('"Berg, Tomas"', 'v1-2@x', 'Why is this\n\x1b[2J "int" (really) at all?'),
];

async function built(mails: readonly string[]): Promise<BuiltReview> {
  const read = await Promise.all(mails.map((one, at) => readReviewMail(Buffer.from(one), `mail/${at}`)));
  const [series] = groupSeries(read, { together: true }).series;
  if (series === undefined) throw new Error('no series');
  return buildReview(series, { name: 's', links: new Map(), problems: [], met: () => null });
}

function drafted(review: BuiltReview, whys: Record<string, string>): Draft {
  const comments = review.review.comments.map((one): Comment => {
    const why = whys[one.author.name];
    if (why === undefined) return one;
    return { ...one, state: 'addressed', decision: { by: 'Ada', date: '2026-11-12', why } };
  });
  const [before, after] = review.versions;
  if (before === undefined) throw new Error('no version');
  const { correspondence } = review;
  return draftChangelog({ before, after: after ?? null, version: 'v2', correspondence, comments });
}

it('an entry for each addressed comment, and for each patch that is not what it was', async () => {
  const review = await built([
    ...V1,
    patch(2, '1/2', 'vsock: one', 'a.c', 'long a_new;'),
    patch(2, '2/2', 'vsock: three', 'c.c', 'int c_new;'),
  ]);
  const draft = drafted(review, { 'Stefano Garzarella': 'a_new is a long now.', 'Berg, Tomas': '' });
  const text = formatDraft(draft, 2);
  expect(text).toBe(
    [
      'Changes in v2:',
      '- patch 1: a_new is a long now (Stefano)',
      `- TODO: what was done about "Why is this \\x1b[2J 'int' (really) at`,
      '  all?"? (Tomas)',
      '- dropped patch 2 of v1, "vsock: two"',
      '- patch 2: new patch, "vsock: three"',
      '- Link to v1: https://lore.kernel.org/r/v1-1@x',
      '',
    ].join('\n'),
  );
  const [log] = changelogsOf(`Text.\n\n${text}`, { version: 'v2', patch: 0 });
  expect(log?.version).toBe('v2');
  expect(log?.entries.map(({ credit }) => credit)).toEqual(['Stefano', 'Tomas', null, null]);
});

it('asks for what it cannot tell', async () => {
  const review = await built([
    ...V1,
    patch(2, '1/2', 'vsock: first', 'a.c', 'int a_new;', 'Reviewed-by: Bo <bo@example.org>\n'),
    patch(2, '2/2', 'vsock: two', 'b.c', 'u8 b_new;', 'Reviewed-by: Bo <bo@example.org>\n'),
  ]);
  const draft = drafted(review, {});
  expect(formatDraft(draft, 2).split('\n').slice(1, -2)).toEqual([
    '- patch 1: retitled, was "vsock: one"',
    '- TODO: patch 2: what changed in b.c?',
    '- trailers collected',
  ]);
  expect(draft.warnings).toEqual(['2 comments are still open: respin review status lists them']);
  const alone = drafted(await built(V1), { 'Stefano Garzarella': 'use a long' });
  expect(formatDraft(alone, 2)).toContain(
    '- patch 1: use a long (Stefano)\n- TODO: what else changed since v1?\n',
  );
});

it('says when a line that was addressed is what it was', async () => {
  const same = V1.slice(0, 2).map((one) => one.replaceAll('v1', 'v2').replace('10 Nov', '11 Nov'));
  const draft = drafted(await built([...V1, ...same]), {
    'Stefano Garzarella': 'done',
    'Berg, Tomas': 'done',
  });
  expect(draft.warnings).toHaveLength(2);
  expect(draft.warnings[0]).toMatch(/^c[0-9a-f]{7} is addressed, and its line is what it was$/);
});
