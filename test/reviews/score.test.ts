// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Anchor } from '../../core/review.ts';
import type { Truth } from './reply.ts';
import { type FoundComment, scoreThread } from './score.ts';

const where = { patch: 1, on: 'line', file: 'a.c', hunk: '@@ -1,3 +1,4 @@ f', side: 'new', line: 3 } as const;
const truth = (more: Partial<Truth> = {}): Truth => ({
  messageId: 'm',
  text: 'Is this right?\nI wonder.',
  style: 'gt',
  answers: null,
  ...where,
  ...more,
});
const found = (anchor: Partial<Anchor> = {}, more: Partial<FoundComment> = {}): FoundComment => ({
  messageId: 'm',
  text: 'Is this right? I wonder.',
  anchor: { ...where, span: null, quoted: [], confidence: 1, named: null, ...anchor },
  replyTo: null,
  ...more,
});

describe('scoreThread', () => {
  it('takes the right line for exact, and white space for nothing', () => {
    const { scored, extra } = scoreThread([truth()], [found()]);
    expect(scored).toMatchObject([
      { sameText: true, exact: true, hunk: true, sureAndWrong: false, thread: true },
    ]);
    expect(extra).toEqual([]);
  });

  it.each([
    ['another line', { line: 4 }, { exact: false, hunk: true, sureAndWrong: false }],
    ['the other side', { side: 'old' }, { exact: false, hunk: true, sureAndWrong: false }],
    ['another hunk', { hunk: '@@ -9,3 +9,4 @@' }, { exact: false, hunk: false, sureAndWrong: true }],
    ['another hunk, unsure', { hunk: '@@ -9 +9 @@', confidence: 0.9 }, { hunk: false, sureAndWrong: false }],
    ['another patch', { patch: 2 }, { hunk: false, sureAndWrong: true }],
    ['the message', { on: 'message' }, { hunk: false, sureAndWrong: true }],
  ] as const)('tells %s', (_, anchor, result) => {
    expect(scoreThread([truth()], [found(anchor)]).scored).toMatchObject([result]);
  });

  it('finds a comment among other words, or a good part of it, once', () => {
    const more = found({}, { text: 'Hi,\n\nIs this right? I wonder.\n\nThanks' });
    expect(scoreThread([truth()], [more]).scored).toMatchObject([{ sameText: false, exact: true }]);
    expect(scoreThread([truth()], [found({}, { text: 'I wonder.' })]).scored[0]?.found).toBeNull();
    expect(scoreThread([truth()], [found({}, { text: 'Is this right?' })]).scored[0]?.found).not.toBeNull();
    const both = scoreThread([truth(), truth({ text: 'Thanks' })], [more]);
    expect(both.scored.map((one) => one.found === null)).toEqual([false, true]);
  });

  it('passes over trailers on either side', () => {
    const text = 'Is this right?\nI wonder.\n\nReviewed-by: A <a@example.org>';
    expect(scoreThread([truth()], [found({}, { text })]).scored[0]?.sameText).toBe(true);
  });

  it('lets words on a cover letter be words on the series, and lists what is no comment', () => {
    const cover = truth({ patch: 0, on: 'cover', file: null, hunk: null, side: null, line: null });
    const series = { on: 'series', patch: null, file: null, hunk: null, side: null, line: null } as const;
    const hello = found({}, { text: 'Hello' });
    const { scored, extra } = scoreThread([cover], [hello, found(series, { replyTo: 'x' })]);
    expect(scored).toMatchObject([{ exact: true, thread: false }]);
    expect(extra).toEqual([hello]);
  });
});
