// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Comment, CommentState, Review } from '../../core/review.ts';
import { type MailWords, mailBytes } from '../mails/fixture.ts';
import { type Decided, decide, undecide } from './decide.ts';
import { readReview } from './read-review.ts';

let folder: string;
const NOW = new Date('2026-11-26T12:00:00Z');

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'decide-'));
  mkdirSync(path.join(folder, 'mail'));
  const quote = '> -int b;\n> +int c;\n\n';
  const mails: MailWords[] = [
    { id: 'p@x', subject: '[PATCH] net: do it' },
    ...['Why not d?', 'This leaks.'].map((text, at) => ({
      ...{ id: `r${at}@x`, subject: 'Re: [PATCH] net: do it', answers: ['p@x'], day: 2 },
      ...{ from: 'Rita <rita@example.org>', body: `${quote}${text}\n` },
    })),
  ];
  for (const one of mails) writeFileSync(path.join(folder, 'mail', `${one.id}.eml`), mailBytes(one));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => path.join(folder, 'review.toml');
const toml = (): string => readFileSync(file(), 'utf8');

async function decided(state: CommentState, why: string, which: (one: Comment) => boolean = () => true) {
  const review: Review = await readReview(folder);
  const comments = review.comments.filter(which);
  return await decide(folder, review, { comments, state, why, by: 'Ann', now: NOW });
}

const states = async (): Promise<string[]> => (await readReview(folder)).comments.map(({ state }) => state);

it('closes comments, and undoing opens them again', async () => {
  const did = await decided('declined', 'no');
  expect(await states()).toEqual(['declined', 'declined']);
  expect(toml()).toContain('date = "2026-11-26"');
  await undecide(folder, did);
  expect(await states()).toEqual(['open', 'open']);
  expect(existsSync(file())).toBe(false);
});

it('undoing puts the earlier decision back, with its reason and its day', async () => {
  await decided('declined', 'no');
  const before = toml();
  const did = await decided('open', '');
  expect(await states()).toEqual(['open', 'open']);
  await undecide(folder, did);
  expect(toml()).toBe(before);
});

it('what somebody else has decided since then is not undone, and nothing is', async () => {
  const did: Decided[] = await decided('declined', 'no');
  const review = await readReview(folder);
  const [first] = review.comments;
  if (first === undefined) throw new Error('no comment');
  await decide(folder, review, { comments: [first], state: 'moot', why: 'gone', by: 'Bob', now: NOW });
  await expect(undecide(folder, did)).rejects.toMatchObject({ code: 'DECIDED_SINCE' });
  expect((await states()).sort()).toEqual(['declined', 'moot']);
});

it('what was decided in another terminal meanwhile is told', async () => {
  const stale = await readReview(folder);
  await decided('declined', 'no');
  const again = { comments: stale.comments, state: 'declined', why: '', by: 'Bob', now: NOW } as const;
  await expect(decide(folder, stale, again)).rejects.toMatchObject({
    code: 'NOTHING_TO_CHANGE',
    message: expect.stringContaining('declined already, by Ann, 2026-11-26: no'),
  });
});
