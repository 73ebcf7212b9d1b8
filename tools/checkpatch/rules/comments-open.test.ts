// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { Anchor, Comment } from '../../../core/review.ts';
import { checkInput, found } from '../fixture.ts';
import { comment, review } from '../review-fixture.ts';
import { commentsOpen } from './comments-open.ts';

const of = (comments: Comment[], version = 'v2') =>
  found(commentsOpen, { version, patches: [{}, {}], review: review({ v1: {}, [version]: {} }, comments) });

const FILE = 'net/vmw_vsock/af_vsock.c';
const TEXT = 'Rita Reviewer on v1, c0123456: This leaks the skb.';
const at = (more: Partial<Anchor>): Anchor => ({ ...comment().anchor, ...more });

it('finds a comment where its line is now', async () => {
  expect(await of([comment({}, [{ anchor: at({ patch: 2 }) }])])).toEqual([`2 ${FILE}:11 ${TEXT}`]);
  const input = await checkInput({
    patches: [{}],
    version: 'v2',
    review: review({ v1: {}, v2: {} }, [comment({}, [{ anchor: at({}) }])]),
  });
  expect(await commentsOpen.check(input)).toMatchObject([
    { quote: '\treturn 0;', place: { hunk: '@@ -10,2 +10,3 @@ static int old(void)', side: 'new' } },
  ]);
});

it('finds one whose line is gone, and one on this version', async () => {
  expect(await of([comment({}, [{ what: 'removed' }])])).toEqual([`- series ${TEXT}`]);
  expect(await of([comment()], 'v1')).toEqual([`1 ${FILE}:11 ${TEXT}`]);
});

it('finds one on the cover letter of an earlier version', async () => {
  const comments = [
    comment({ anchor: at({ on: 'cover', file: null, patch: 0, line: 2 }) }, [{ what: 'unknown' }]),
  ];
  expect(await of(comments)).toEqual([`- series ${TEXT}`]);
  const versions = review({ v1: {}, v2: {} }, comments);
  const with2 = { version: 'v2', patches: [{}], cover: 'All.', review: versions };
  expect(await found(commentsOpen, with2)).toEqual([`0 cover ${TEXT}`]);
});

it.each([
  [at({ on: 'file', line: null }), `1 ${FILE}`],
  [at({ on: 'message', file: null, line: 3 }), '1 message:3'],
  [at({ on: 'patch', file: null, line: null }), '1 mail'],
  [at({ on: 'cover', file: null, patch: 0, line: 2 }), '0 cover:2'],
  [at({ on: 'series', file: null, patch: null, line: null }), '- series'],
] as const)('places what is about another part of the series', async (anchor, place) => {
  expect(await of([comment({ anchor })], 'v1')).toEqual([`${place} ${TEXT}`]);
});

it('notes a nit', async () => {
  const comments = [comment(), comment({ weight: 'nit' })];
  const input = await checkInput({ patches: [{}], review: review({ v1: {} }, comments) });
  expect(await commentsOpen.check(input)).toMatchObject([{ text: TEXT }, { text: TEXT, severity: 'note' }]);
});

it('leaves alone what is closed or asks for nothing', async () => {
  const closed: Comment[] = [comment({ state: 'addressed' }), comment({ state: 'declined' })];
  expect(await of([...closed, comment({ asks: false })])).toEqual([]);
  expect(await of([])).toEqual(['not for this: no review comments are known']);
});

it('shows the beginning of a long one on one line', async () => {
  const [one = ''] = await of([comment({ text: `Why?\n\n${'x'.repeat(500)}` })]);
  expect(one).toMatch(/: Why\? x{114}…$/);
});
