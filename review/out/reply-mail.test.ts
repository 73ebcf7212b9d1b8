// SPDX-License-Identifier: MIT
/** Answers are written, read again, and must stand under the comment they answer. */
import { expect, it } from 'vitest';
import { generateThreads } from '../../test/reviews/generate.ts';
import { STYLES } from '../../test/reviews/mangle.ts';
import { readComments, type SeriesComments } from '../anchors/read-comments.ts';
import { groupSeries, type SeriesMails } from '../mails/group-series.ts';
import { readReviewMail } from '../mails/mail.ts';
import { findWords } from './find-words.ts';
import { formatMail } from './mail-file.ts';
import { answerTo, replyMail, replySubject } from './reply-mail.ts';

const SELF = { name: 'Zoë Östlund', email: 'zoe@example.org' };
const ANSWER = 'That is a point I had not thought of at all.';

async function seriesOf(
  mails: readonly { bytes: Uint8Array; messageId: string }[],
): Promise<{ series: SeriesMails; comments: SeriesComments }> {
  const read = await Promise.all(mails.map(({ bytes, messageId }) => readReviewMail(bytes, messageId)));
  const [series] = groupSeries(read, { together: true }).series;
  if (series === undefined) throw new Error('no series');
  return { series, comments: readComments(series) };
}

it('an answer read again stands under the comment it answers', async () => {
  const wrong: string[] = [];
  let written = 0;
  for (const thread of generateThreads(7, { count: STYLES.length })) {
    const { series, comments } = await seriesOf(thread.mails);
    for (const [at, found] of comments.comments.entries()) {
      const comment = { ...found, state: 'open' as const, decision: null, fate: [] };
      const reply = found.replies.at(-1);
      const to = at % 2 === 1 && reply !== undefined ? reply.messageId : null;
      const words = findWords(comments, comment, to);
      if (words === null) {
        wrong.push(`${found.messageId}: words not found`);
        continue;
      }
      const { mail } = await replyMail(words, SELF);
      mail.body.splice(-1, 1, ANSWER);
      const id = `answer-${at}@example.org`;
      const text = formatMail(mail).replace('\nMIME-Version', `\nMessage-ID: <${id}>\nMIME-Version`);
      const again = await readReviewMail(Buffer.from(text), id);
      expect([again.messageId, again.answers[0], again.from]).toEqual([id, words.read.mail.messageId, SELF]);
      const all = readComments({ ...series, replies: [...series.replies, again] });
      const owner = all.comments.find((one) => one.replies.some(({ messageId }) => messageId === id));
      written++;
      if (
        owner?.id !== found.id ||
        owner.replies.find(({ messageId }) => messageId === id)?.text !== ANSWER
      ) {
        wrong.push(`${found.messageId} ${found.id} → ${owner?.id}\n${text}`);
      }
    }
  }
  expect(written).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
}, 60_000);

it('goes to the Reply-To of the mail, and to its Mail-Followup-To alone', async () => {
  const bytes = (headers: string): Buffer =>
    Buffer.from(
      `From: Bo <bo@example.org>\nTo: list@example.org\nMessage-ID: <a@example.org>\nSubject: Re: [PATCH] x\n${headers}\n\nhm\n`,
    );
  const answer = async (headers: string): Promise<[string[], string[]]> => {
    const { mail } = await answerTo(await readReviewMail(bytes(headers), 'a'), SELF);
    return [mail.to, mail.cc];
  };
  expect(await answer('Reply-To: =?UTF-8?q?B=C3=B6?= <bo@work.example.org>')).toEqual([
    ['=?UTF-8?q?B=C3=B6?= <bo@work.example.org>'],
    ['list@example.org'],
  ]);
  expect(await answer('Mail-Followup-To: list@example.org,\n cy@example.org')).toEqual([
    ['list@example.org', 'cy@example.org'],
    [],
  ]);
});

it('says Re: once', () => {
  expect(replySubject('[PATCH v2] vsock: fix it')).toBe('Re: [PATCH v2] vsock: fix it');
  expect(replySubject('RE: re: Aw: [PATCH] x')).toBe('Re: [PATCH] x');
  expect(replySubject('Re[2]: [PATCH] re: x')).toBe('Re: [PATCH] re: x');
  expect(replySubject('Fwd: x\r\n\tBcc: all@example.org')).toBe('Re: Fwd: x Bcc: all@example.org');
});
