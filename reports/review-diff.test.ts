// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { Comment } from '../core/review.ts';
import { type PatchDiff, REVIEW_DIFF_SCHEMA, type VersionsDiff } from '../core/review-diff.ts';
import { formatVersionsDiff } from './review-diff.ts';

const PLAIN = { color: false, context: 1, width: 80 };

function comment(parts: Partial<Comment> = {}): Comment {
  return {
    id: 'c1234567',
    author: { name: 'Rita Reviewer', email: 'rita@example.org' },
    date: '2026-11-23T12:00:00Z',
    version: 'v1',
    messageId: 'r1@example.org',
    anchor: {
      ...{ on: 'line', patch: 1, file: 'a.c', hunk: '@@ -1,5 +1,5 @@ int f(void)', side: 'new', line: 2 },
      ...{ span: [2, 2], quoted: [], confidence: 1, named: null },
    },
    text: 'this leaks',
    asks: true,
    weight: 'normal',
    replies: [],
    state: 'open',
    decision: null,
    fate: [],
    ...parts,
  };
}

function diff(patch: Partial<PatchDiff>, comments: Comment[] = [], missing: string[] = []): VersionsDiff {
  const whole: PatchDiff = {
    ...{ before: 1, after: 1, subject: { before: 'a: b', after: 'a: b' }, change: 'diff' },
    ...{ message: [], hunks: [], comments: [] },
    ...patch,
  };
  return {
    schema: REVIEW_DIFF_SCHEMA,
    series: 's',
    from: 'v1',
    to: 'v2',
    patches: [whole],
    elsewhere: [],
    comments,
    missing,
  };
}

const line = (mark: ' ' | '-' | '+', text: string, ids: string[] = []) => ({ mark, text, comments: ids });

it('shows the changed lines with some around them, and the comment under its line', () => {
  const hunk = {
    ...{
      file: 'a.c',
      header: '@@ -1,5 +1,5 @@ int f(void)',
      kind: 'changed' as const,
      comments: ['c1234567'],
    },
    lines: [
      line(' ', ' far away'),
      line(' ', ' near'),
      line('-', '+\told;', ['c1234567']),
      line('+', '+\tnew;'),
      line(' ', ' near'),
      line(' ', ' far away'),
    ],
  };
  expect(formatVersionsDiff(diff({ hunks: [hunk] }, [comment()]), PLAIN)).toBe(
    [
      'v1 1 → v2 1  a: b  [diff]',
      '    a.c  @@ -1,5 +1,5 @@ int f(void)  [changed]',
      '         near',
      '      - +\told;',
      '        └ c1234567 open, Rita Reviewer: this leaks',
      '      + +\tnew;',
      '         near',
      '',
      '1 comment on v1, 1 open',
      '',
    ].join('\n'),
  );
});

it('cuts what does not fit, and a report wherever it is shown', () => {
  const hunk = {
    ...{ file: 'drivers/net/a.c', header: `@@ -1 +1 @@ ${'x'.repeat(90)}`, kind: 'same' as const },
    ...{ comments: ['c1234567'], lines: [] },
  };
  const some = diff({ hunks: [hunk] }, [comment({ text: 'warning '.repeat(99) })]);
  const lines = formatVersionsDiff(some, PLAIN).split('\n');
  expect(lines[1]).toMatch(/^ {4}drivers\/net\/a\.c {2}@@ -1 \+1 @@ x+… {2}\[unchanged\]$/);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(80);
  const wide = formatVersionsDiff(some, { ...PLAIN, width: 1e9 }).split('\n');
  expect(wide[2]?.length).toBeLessThan(220);
});

it('shows every comment it counts, those on no patch first', () => {
  const on = (id: string, patch: number | null, some: Partial<Comment> = {}): Comment =>
    comment({ id, anchor: { ...comment().anchor, on: 'cover', patch, file: null, hunk: null }, ...some });
  const comments = [
    on('c0000001', null),
    on('c0000002', 0, { asks: false, text: 'nice' }),
    on('c0000003', 7),
    comment({ id: 'c0000004' }),
  ];
  const hunk = {
    ...{ file: 'a.c', header: '@@ -1 +1 @@', kind: 'same' as const, comments: ['c0000004'] },
    lines: [line(' ', ' x')],
  };
  const elsewhere = ['c0000001', 'c0000002', 'c0000003'];
  expect(formatVersionsDiff({ ...diff({ hunks: [hunk] }, comments), elsewhere }, PLAIN)).toBe(
    [
      'v1 as a whole',
      '        └ c0000001 open, Rita Reviewer: this leaks',
      '',
      'cover letter of v1',
      '        └ c0000002 nothing asked, Rita Reviewer: nice',
      '',
      'v1 7, which is not here',
      '        └ c0000003 open, Rita Reviewer: this leaks',
      '',
      'v1 1 → v2 1  a: b  [diff]',
      '    a.c  @@ -1 +1 @@  [unchanged]',
      '        └ c0000004 open, Rita Reviewer: this leaks',
      '',
      '4 comments on v1, 3 open',
      '',
    ].join('\n'),
  );
});

it('says what is not there, and that a partner may be missing', () => {
  const text = formatVersionsDiff(
    diff({ after: null, subject: { before: 'a: b', after: null }, change: 'unknown' }, [], ['v2: patch 1/1']),
    PLAIN,
  );
  expect(text).toContain('not there: v2: patch 1/1');
  expect(text).toContain('v1 1 → -  a: b  [its partner may be missing]');
});

it('prints nothing a terminal could act on', () => {
  const evil = comment({ text: 'a\x1b[2Jb', author: { name: '\x9b31m', email: 'x@example.org' } });
  const text = formatVersionsDiff(
    diff({ subject: { before: '\x1b]0;x\x07', after: 'a\u202eb' }, comments: ['c1234567'] }, [evil]),
    PLAIN,
  );
  expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
});
