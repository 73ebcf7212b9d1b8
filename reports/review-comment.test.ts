// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { formatComment } from './review-comment.ts';
import { ADA, anchorAt, commentOf, HUNK, REX, reviewOf, versionOf } from './review-fixture.ts';

const comment = commentOf('c0000001', {
  version: 'v1',
  text: 'Why not a helper?\n\n\tif (a)\n\t\treturn b;',
  anchor: anchorAt({ confidence: 0.62, quoted: ['-\tint a;', '+\tint b;'] }),
  replies: [
    {
      author: ADA,
      date: '2026-01-12T08:30:00+01:00',
      messageId: 'a',
      answers: 'c',
      depth: 1,
      text: 'Will do.\nIn v2.',
    },
    { author: REX, date: '', messageId: 'b', answers: 'a', depth: 2, text: 'Thanks' },
  ],
  state: 'addressed',
  decision: { by: 'Ada Author', date: '2026-02-01', why: 'a helper' },
  fate: [
    {
      ...{ version: 'v2', what: 'moved', anchor: anchorAt({ patch: 2, file: 'net/a.c', line: 7 }) },
      evidence: [{ kind: 'reply', text: 'Will do.', source: 'a' }],
    },
    { version: 'v3', what: 'unknown', anchor: null, evidence: [] },
  ],
});
const review = reviewOf([versionOf('v1'), versionOf('v2'), versionOf('v3')], [comment]);

it('shows the comment, where it stands, its thread and what became of it', () => {
  expect(formatComment(review, comment, { width: 80 })).toBe(`c0000001
state    addressed by Ada Author on 2026-02-01: a helper
from     Rex Reviewer <rex@example.org>
date     2026-01-11 10:00 UTC
mail     <c0000001@example.org>
on       v1 (2 versions ago), patch 1/1: vhost/vsock: use the helper
file     drivers/vhost/vsock.c
at       line 12 of the new file, below the quoted lines 10-12; placed by
         likeness (confidence 0.62)

${HUNK}
…
-       int a;
+       int b;

Why not a helper?

        if (a)
                return b;

  Ada Author, 2026-01-12 08:30 +0100:
    Will do.
    In v2.

    Rex Reviewer, without a date:
      Thanks

since then
  moved in v2, now patch 2 net/a.c line 7
    the author answered: Will do.
  could not tell what became of it in v3
`);
});

it('colours the diff only when allowed, and the signs stay', () => {
  const text = formatComment(review, comment, { width: 80, color: true });
  expect(text).toContain('\x1b[31m-       int a;\x1b[m\n\x1b[32m+       int b;\x1b[m\n');
  expect(text.replace(/\x1b\[\d*m/g, '')).toBe(formatComment(review, comment, { width: 80 }));
});

it('a thread deeper than the screen is wide stays readable', () => {
  const replies = Array.from({ length: 200 }, (_, at) => ({
    ...{
      author: ADA,
      date: '',
      messageId: `${at}`,
      answers: '',
      depth: at + 1,
      text: 'some words '.repeat(20),
    },
  }));
  const text = formatComment(review, { ...comment, replies }, { width: 80 });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain(', 200 deep:');
});

it('a comment on the newest version of a page has no fate and no Message-ID', () => {
  const page = commentOf('c0000002', {
    ...{ version: 'v3', messageId: 'page-0123', date: '' },
    anchor: anchorAt({
      on: 'cover',
      patch: 0,
      file: null,
      hunk: null,
      side: null,
      line: null,
      quoted: ['An idea.'],
    }),
  });
  const text = formatComment(review, page);
  expect(text).toContain('no Message-ID: the page of a web archive');
  expect(text).toContain('\n> An idea.\n\nWhy not a helper?\n');
  expect(text).toContain('no version has come after v3');
});

it('says where a line moved, also when its numbers are the same', () => {
  const moved = (anchor: typeof comment.anchor | null) => ({
    ...{ version: 'v2', what: 'moved' as const, anchor, evidence: [] },
  });
  const textOf = (anchor: typeof comment.anchor | null): string =>
    formatComment(review, commentOf('c0000003', { version: 'v1', fate: [moved(anchor)] }));
  expect(textOf(anchorAt())).toContain('  moved in v2, now patch 1 drivers/vhost/vsock.c line 12\n');
  expect(textOf(anchorAt({ side: 'old', line: 9, confidence: 0.6 }))).toContain(
    'now patch 1 drivers/vhost/vsock.c old line 9 (placed by likeness)\n',
  );
  expect(textOf(null)).toContain('  moved in v2, could not tell where\n');
});
