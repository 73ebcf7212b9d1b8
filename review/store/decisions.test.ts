// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Comment, Review } from '../../core/review.ts';
import { buildReview } from '../build/build-review.ts';
import { type MailWords, mailBytes } from '../mails/fixture.ts';
import { readReviewMail } from '../mails/mail.ts';
import { aboutOf, decided } from './decisions.ts';
import { asOneSeries } from './series-mails.ts';
import type { Decision, ReviewState } from './state.ts';

const PATCH: MailWords = { id: 'p@x', subject: '[PATCH] net: do it' };
const QUOTE = ['> -int b;', '> +int c;'].join('\n');

async function reviewOf(...bodies: string[]): Promise<Review> {
  const replies = bodies.map(
    (body, at): MailWords => ({
      ...{
        id: `r${at}@x`,
        subject: 'Re: [PATCH] net: do it',
        answers: ['p@x'],
        from: 'Rita <rita@example.org>',
        day: 2,
      },
      body,
    }),
  );
  const mails = await Promise.all(
    [PATCH, ...replies].map((words) => readReviewMail(mailBytes(words), words.id)),
  );
  const series = asOneSeries(mails, new Map());
  if (series === null) throw new Error('no series');
  return buildReview(series, { name: 's', links: new Map(), problems: [], met: () => null }).review;
}

function declined(comment: Comment | undefined): [string, Decision] {
  if (comment === undefined) throw new Error('no comment');
  const about = { mail: comment.messageId, about: aboutOf(comment) };
  return [comment.id, { state: 'declined', by: 'Ann', date: '2026-11-25', why: 'no', ...about }];
}

const state = (...decisions: [string, Decision][]): ReviewState => ({
  decisions: new Map(decisions),
  ...{ links: new Map(), met: new Map() },
});

const states = ({ comments }: Review): [string, string][] => comments.map(({ text, state }) => [text, state]);

describe('a decision', () => {
  it('follows a comment that has other words in another copy of its mail', async () => {
    const before = await reviewOf(`${QUOTE}\n\nWhy is this not d?\n`);
    const after = await reviewOf(`${QUOTE}\n\nWhy is this not d?\nSent over another list, see its page.\n`);
    expect(after.comments[0]?.id).not.toBe(before.comments[0]?.id);
    const review = decided(after, state(declined(before.comments[0])));
    expect(review.comments).toMatchObject([{ state: 'declined', decision: { by: 'Ann', why: 'no' } }]);
    expect(review.orphans).toEqual([]);
  });

  it('goes to the comment that says it, of several in one mail', async () => {
    const body = (more: string): string =>
      `> -int b;\n\nWhy was it b at all?${more}\n\n> +int c;\n\nThis should have been d, I think.${more}\n`;
    const before = await reviewOf(body(''));
    const after = await reviewOf(body(' (on a list)'));
    const of = (begins: string): Comment | undefined =>
      before.comments.find(({ text }) => text.startsWith(begins));
    const [first, second] = [of('Why'), of('This')];
    const stateOf = (review: Review, begins: string): string | undefined =>
      review.comments.find(({ text }) => text.startsWith(begins))?.state;
    const one = decided(after, state(declined(second)));
    expect([stateOf(one, 'Why'), stateOf(one, 'This')]).toEqual(['open', 'declined']);
    const both = decided(after, state(declined(second), ['c9', { ...declined(first)[1], state: 'moot' }]));
    expect([stateOf(both, 'Why'), stateOf(both, 'This')]).toEqual(['moot', 'declined']);
    expect(both.orphans).toEqual([]);
  });

  it('of the comment itself comes before one that only looks like it', async () => {
    const { comments } = await reviewOf(`${QUOTE}\n\nWhy is this not d?\n`);
    const [id, decision] = declined(comments[0]);
    const review = await reviewOf(`${QUOTE}\n\nWhy is this not d?\n`);
    const both = decided(review, state(['c0', { ...decision, state: 'moot' }], [id, decision]));
    expect(states(both)).toEqual([['Why is this not d?', 'declined']]);
    expect(both.orphans).toMatchObject([{ id: 'c0', state: 'moot' }]);
  });

  it('is an orphan when nothing in its mail is like it, and is not given to another mail', async () => {
    const before = await reviewOf(`${QUOTE}\n\nWhy is this not d?\n`);
    const after = await reviewOf(
      'Unrelated praise for everything else.\n',
      `${QUOTE}\n\nWhy is this not d, please?\n`,
    );
    const review = decided(after, state(declined(before.comments[0])));
    expect(review.comments.map((one) => one.state)).toEqual(['open', 'open']);
    expect(review.orphans).toMatchObject([
      { state: 'declined', by: 'Ann', why: 'no', about: expect.stringContaining('not d?') },
    ]);
  });

  it('that does not name its mail is told by what it is about', async () => {
    const { comments } = await reviewOf(`${QUOTE}\n\nWhy is this not d?\n`);
    const [, decision] = declined(comments[0]);
    const review = decided(
      await reviewOf(`${QUOTE}\n\nWhy is this not d?\n`),
      state(['c0', { ...decision, mail: '' }]),
    );
    expect(review.comments).toMatchObject([{ state: 'declined' }]);
  });
});
