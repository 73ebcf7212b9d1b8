// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MailWords, mailOf, mailsOf } from './fixture.ts';
import { type Grouped, groupSeries } from './group-series.ts';
import type { ReviewMail } from './mail.ts';

/** Titles, versions with the numbers of their mails, and who answers: all that a grouping says. */
function told({ series, rest }: Grouped): unknown {
  return {
    series: series
      .map((one) => ({
        title: one.title,
        versions: one.versions.map(
          ({ version, positions }) =>
            `${version}: ${[...positions]
              .map(([id, at]) => `${at}=${id}`)
              .sort()
              .join(' ')}`,
        ),
        replies: one.replies.map(({ messageId }) => messageId).sort(),
      }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    rest: rest.map(({ messageId }) => messageId).sort(),
  };
}

const group = async (...words: MailWords[]): Promise<unknown> => told(groupSeries(await mailsOf(...words)));

describe('groupSeries', () => {
  it('puts cover, patches and what answers them together', async () => {
    expect(
      await group(
        { id: 'c', subject: '[PATCH 0/2] net: make it fast' },
        { id: 'p1', subject: '[PATCH 1/2] net: prepare', answers: ['c'] },
        { id: 'p2', subject: '[PATCH 2/2] net: do it', answers: ['c'] },
        { id: 'r', subject: 'Re: [PATCH 2/2] net: do it', answers: ['p2'], from: 'rita@example.org' },
        { id: 'rr', subject: 'Re: [PATCH 2/2] net: do it', answers: ['r'] },
        { id: 'x', subject: 'lunch?', from: 'rita@example.org' },
      ),
    ).toEqual({
      series: [{ title: 'net: make it fast', versions: ['v1: 0=c 1=p1 2=p2'], replies: ['r', 'rr'] }],
      rest: ['x'],
    });
  });

  it('knows the next version by its title, its patches, a change-id, or a link', async () => {
    const next = async (words: Partial<MailWords>): Promise<number> => {
      const grouped = groupSeries(
        await mailsOf(
          {
            id: 'a@b',
            subject: '[PATCH] net: make it fast',
            body: 'Do it.\nchange-id: 20261101-fast\n---\ndiff --git a/a b/a\n',
          },
          { id: 'c@d', subject: '[PATCH v2] net: something else', day: 9, ...words },
        ),
      );
      return grouped.series.length;
    };
    expect(await next({})).toBe(2);
    expect(await next({ subject: '[PATCH v2] net: make it fast' })).toBe(1);
    expect(await next({ body: 'Do it.\nchange-id: 20261101-fast\n---\ndiff --git a/a b/a\n' })).toBe(1);
    expect(await next({ body: 'v1: https://lore.kernel.org/r/a@b\n---\ndiff --git a/a b/a\n' })).toBe(1);
  });

  it('takes no two titles without a letter for the same', async () => {
    const grouped = groupSeries(
      await mailsOf(
        { id: 'a', subject: '[PATCH] ...', from: 'ann@example.org' },
        { id: 'b', subject: '[PATCH v2] ???', from: 'ann@example.org', day: 9 },
      ),
    );
    expect(grouped.series).toHaveLength(2);
  });

  it('takes a mail without its thread by its subject', async () => {
    expect(
      await group(
        { id: 'p', subject: '[PATCH] net: make it fast' },
        { id: 'r', subject: 'Re: [PATCH] net: make it fast', answers: ['lost'] },
        { id: 'q', subject: 'was: fast', answers: ['r'] },
      ),
    ).toMatchObject({ series: [{ replies: ['q', 'r'] }], rest: [] });
  });

  it('ends on mails that answer each other, and on one that answers itself', async () => {
    expect(
      await group(
        { id: 'p', subject: '[PATCH] net: make it fast' },
        { id: 'a', subject: 'talk', answers: ['b'] },
        { id: 'b', subject: 'talk', answers: ['c'] },
        { id: 'c', subject: 'Re: [PATCH] net: make it fast', answers: ['a'] },
        { id: 'd', subject: 'more', answers: ['d'] },
      ),
    ).toMatchObject({ series: [{ replies: ['a', 'b', 'c'] }], rest: ['d'] });
  });

  it('follows 5,000 answers in a chain, from either end', async () => {
    const chain: ReviewMail[] = [];
    for (let at = 0; at < 5000; at++) {
      const above = Array.from({ length: Math.min(at, 60) }, (_, more) => `${at - 1 - more}`);
      chain.push(await mailOf({ id: `${at}`, subject: `talk ${at}`, answers: [...above, 'p'].slice(0, 60) }));
    }
    const patch = await mailOf({ id: 'p', subject: '[PATCH] net: make it fast' });
    for (const mails of [chain, chain.toReversed()]) {
      expect(groupSeries([...mails, patch]).series[0]?.replies).toHaveLength(5000);
      expect(groupSeries(mails).rest).toHaveLength(5000);
    }
  });
});

const words = (ids: readonly string[]): fc.Arbitrary<Omit<MailWords, 'id'>> =>
  fc.record({
    subject: fc
      .tuple(
        fc.constantFrom('', 'Re: ', 'Fwd: '),
        fc.constantFrom(
          '',
          '[PATCH] ',
          '[RFC PATCH] ',
          '[PATCH v2] ',
          '[PATCH 0/2] ',
          '[PATCH 1/2] ',
          '[PATCH 2/2] ',
          '[PATCH RESEND 1/2] ',
          '[PATCH v2 1/2] ',
        ),
        fc.constantFrom('net: make it fast', 'net: make it fast for all of those who wait', 'fix typo'),
      )
      .map((parts) => parts.join('')),
    from: fc.constantFrom('ann@example.org', 'bob@example.org'),
    answers: fc.uniqueArray(fc.constantFrom(...ids, 'lost'), { maxLength: 3 }),
    day: fc.constantFrom(1, 2, 9, ''),
  });

describe('the order of the mails', () => {
  it('makes no difference', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(...ids.map(() => words(ids))),
        fc.shuffledSubarray(ids, { minLength: ids.length }),
        async (all, order) => {
          const mails = new Map<string, ReviewMail>();
          for (const [at, one] of all.entries()) {
            const id = ids[at] ?? '';
            mails.set(id, await mailOf({ id, ...one }));
          }
          const shuffled = order.flatMap((id) => mails.get(id) ?? []);
          expect(told(groupSeries(shuffled))).toEqual(told(groupSeries([...mails.values()])));
          const together = { together: true };
          expect(told(groupSeries(shuffled, together))).toEqual(
            told(groupSeries([...mails.values()], together)),
          );
        },
      ),
      { numRuns: 400 },
    );
  });
});
