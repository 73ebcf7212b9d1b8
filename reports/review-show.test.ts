// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { coverageRecord, lineOf } from './coverage-fixture.ts';
import {
  anchorAt,
  commentOf,
  FILE,
  fileOf,
  HUNK,
  patchOf,
  REX,
  reviewOf,
  trailerOf,
  versionOf,
} from './review-fixture.ts';
import { withComments, withVersion } from './review-narrow.ts';
import { formatReview } from './review-show.ts';

it('shows comments under file and hunk, and what of the diff is not known', () => {
  const files = [
    fileOf(),
    fileOf({ path: 'net/a.c', known: 'partial', added: 2, removed: 0, changes: 9, hunks: [] }),
    fileOf({ path: 'net/b.c', known: 'none', added: null, removed: null, changes: 1, hunks: [] }),
  ];
  const patch = patchOf({ files, diffstatErrors: ['the diffstat promises 2 files changed, the diff has 3'] });
  const comments = [
    commentOf('c0000001', {
      anchor: anchorAt({ on: 'series', patch: null, file: null, hunk: null, line: null }),
    }),
    commentOf('c0000002', { anchor: anchorAt({ on: 'message', file: null, hunk: null, line: 3 }) }),
    commentOf('c0000003', { anchor: anchorAt({ side: 'old', confidence: 0.6 }), state: 'addressed' }),
    commentOf('c0000004', { anchor: anchorAt({ file: 'net/gone.c' }) }),
    commentOf('c0000005', { version: 'v1' }),
    commentOf('c0000006', { anchor: anchorAt({ patch: 2 }) }),
  ];
  const review = reviewOf(
    [
      versionOf('v1'),
      versionOf('v2', {
        patches: [patch],
        missing: ['patch 1/1 itself: only what a reply quotes of it is there'],
      }),
    ],
    comments,
  );
  expect(formatReview(review, undefined, { width: 80 })).toBe(`vsock: one helper
series   vsock-one-helper
version  v2 (newest of v1 v2), net-next, 2026-01-10
author   Ada Author <ada@example.org>
base     no base-commit given
missing  patch 1/1 itself: only what a reply quotes of it is there

the series
  c0000001  Rex Reviewer, the series as a whole, open
    Why not a helper?

patch 2/1, which is not here
  c0000006  Rex Reviewer, drivers/vhost/vsock.c line 12, open
    Why not a helper?

patch 1/1: vhost/vsock: use the helper
  c0000002  Rex Reviewer, commit message, line 3, open
    Why not a helper?
  c0000004  Rex Reviewer, net/gone.c line 12, open
    Why not a helper?
  diffstat: the diffstat promises 2 files changed, the diff has 3
  drivers/vhost/vsock.c  +3 -1  1 hunk  1 comment
    @@ -10,7 +10,9 @@ static int vhost_vsock_send(struct vhost_vsock *vsock)
      c0000003  Rex Reviewer, old line 12, placed by likeness, addressed
        Why not a helper?
  net/a.c                +2 -0
    only a part of its diff is known: 2 changed lines, the diffstat counts 9
    changed lines
  net/b.c                ?
    none of its diff is known; the diffstat counts 1 changed line

1 comment on earlier versions is open as well: respin review status
`);
});

it('has a line for each hunk of what a coverage record says of it', () => {
  const other = '@@ -40,2 +42,3 @@ other';
  const file = fileOf({
    hunks: [
      { header: HUNK, comments: [] },
      { header: other, comments: [] },
      { header: '@@ -60 +63 @@', comments: [] },
    ],
  });
  const ran = (line: number, hunk: string) => lineOf(line, { hunk, at: line, counts: [[3, 2]] });
  const lines = [
    ran(11, HUNK),
    lineOf(12, { hunk: HUNK, at: 12 }),
    lineOf(43, { hunk: other, state: 'not-built' }),
  ];
  const coverage = coverageRecord({ files: [{ path: FILE, why: null, around: [], lines }] });
  const review = reviewOf(
    [versionOf('v2', { patches: [patchOf({ files: [file] })] })],
    [commentOf('c0000001')],
  );
  const text = formatReview(review, undefined, { coverage });
  expect(text).toContain(
    `coverage 1 of 2 added lines of code ran; 1 never did: ${FILE}:12 (${coverage.id}: `,
  );
  expect(text).toContain(`  ${FILE}  +3 -1  3 hunks  1 comment
    ${HUNK}
      ran 1 of 2 added lines: never 12
      c0000001  Rex Reviewer, line 12, open
        Why not a helper?
    ${other}
      1 not built
`);
  expect(text).not.toContain('@@ -60 +63 @@');
  expect(formatReview(review)).not.toContain('ran 1');
});

it('keeps apart what cover letter and patches say changed', () => {
  const log = (patch: number, text: string) => ({
    ...{ version: 'v2', since: null, patch, entries: [{ text, note: false, credit: null }] },
  });
  const both = versionOf('v2', { total: 2, changelog: [log(1, 'No changes.'), log(0, 'a helper')] });
  expect(formatReview(reviewOf([both]))).toContain(`changes in v2
  cover letter
    - a helper
  patch 1: vhost/vsock: use the helper
    - No changes.
`);
  expect(formatReview(reviewOf([{ ...both, changelog: [log(0, 'a helper')] }]))).toContain(
    'changes in v2\n  - a helper\n',
  );
});

it('names a percentage that is wrong, and stays silent on one that is right or not there', () => {
  const row = {
    test: '64KB',
    direction: 'g2h',
    before: 20,
    after: 22,
    unit: 'Gb/s',
    computedChange: 10,
    setup: null,
    base: null,
    patch: 1,
  };
  const review = reviewOf([
    versionOf('v1', {
      performance: [
        { ...row, change: 15, right: false },
        { ...row, change: 10, right: true },
        { ...row, change: null, right: null },
      ],
    }),
  ]);
  const text = formatReview(review);
  expect(text.match(/WRONG/g)).toHaveLength(1);
  expect(text).toContain('wrong: 64KB, g2h: +15% is printed, 20 to 22 Gb/s is +10%');
  expect(text).toMatch(/^ {2}64KB {2}g2h {8}20 Gb\/s {2}22 Gb\/s +none +\+10%$/m);
});

it('shows a review without anything in it', () => {
  expect(formatReview(reviewOf([]))).toBe('no version of this series is there\n');
  const bare = formatReview(reviewOf([versionOf('v1', { patches: [], date: '', prefixes: [] })]));
  expect(bare).toBe(
    'vsock: one helper\nseries   vsock-one-helper\nversion  v1, without a date\nauthor   Ada Author <ada@example.org>\nbase     no base-commit given\n',
  );
});

it('shows 500 comments within a moment, each once', () => {
  const comments = Array.from({ length: 500 }, (_, at) =>
    commentOf(`c${String(at).padStart(7, '0')}`, { text: `${'word '.repeat(200)}${at}` }),
  );
  const started = performance.now();
  const text = formatReview(reviewOf([versionOf('v2')], comments), 'v2', { width: 80 });
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(text).toContain('500 comments');
  for (const { id } of comments) expect(text.split(id)).toHaveLength(2);
});

it('keeps long paths apart and cuts them in their middle only where there is no room', () => {
  const path = `drivers/${'deep/'.repeat(12)}vsock.c`;
  const review = reviewOf([versionOf('v1', { patches: [patchOf({ files: [fileOf({ path })] })] })]);
  expect(formatReview(review, 'v1', { width: 200 })).toContain(path);
  const narrow = formatReview(review, 'v1', { width: 80 });
  expect(narrow).toMatch(/drivers\/.*…\/.*vsock\.c {2}\+3 -1/);
  expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('narrows a review to one that names no comment it does not have', () => {
  const [one, two] = [commentOf('c1'), commentOf('c2', { version: 'v1' })];
  const review = reviewOf([versionOf('v1'), versionOf('v2', { trailers: [trailerOf()] })], [one, two]);
  const narrowed = withComments(review, [one]);
  expect(JSON.stringify(narrowed)).not.toContain('c2');
  expect(JSON.stringify(narrowed)).toContain(JSON.stringify({ header: one.anchor.hunk, comments: ['c1'] }));
  const first = withVersion(review, 'v1');
  expect([first.versions.map(({ version }) => version), first.comments]).toEqual([['v1'], [two]]);
  expect([REX.name, FILE]).toEqual([one.author.name, one.anchor.file]);
});
