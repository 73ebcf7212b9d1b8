// SPDX-License-Identifier: MIT
/** Mails that mean no good: nothing escapes, nothing hangs, the good ones among them are read, the bad ones named. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Review } from '../../core/review.ts';
import { GOOD, HOSTILE, longLine } from './hostile-mails.ts';
import { makeReviewWorld, mboxrd, type ReviewWorld } from './review-world.ts';
import type { Ended } from './world.ts';

const SERIES = 'net-sample-a-good-series-to-be-reviewed';
/** What a terminal could act on, and what reorders or hides text; but for line feeds and tabs. */
const RAW =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
/** On a busy machine; none needs more than a few seconds. */
const LONG_MS = 120_000;

let world: ReviewWorld;

beforeEach(async () => {
  world = await makeReviewWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function respin(...args: string[]): Promise<Ended> {
  const started = performance.now();
  const ended = await world.respin('review', ...args);
  expect(performance.now() - started, args.join(' ')).toBeLessThan(LONG_MS);
  const raw = RAW.exec(ended.stdout + ended.stderr);
  expect(raw && JSON.stringify(raw.input.slice(Math.max(0, raw.index - 40), raw.index + 40))).toBeNull();
  return ended;
}

async function importMbox(mails: readonly Buffer[]): Promise<Ended> {
  const mbox = path.join(world.folder, 'list.mbox');
  writeFileSync(mbox, mboxrd(mails));
  const ended = await respin('import', mbox);
  expect(ended.status, ended.stderr).toBe(0);
  return ended;
}

/** Whatever was imported can be looked at. */
async function lookAtAll(): Promise<void> {
  for (const series of readdirSync(world.patches)) {
    for (const args of [['show'], ['show', '--json'], ['status', '--all'], ['trailers'], ['changelog']]) {
      const { status, stderr } = await respin(...args, '--series', series);
      expect(status, stderr).toBe(0);
    }
  }
}

async function goodReview(): Promise<Review> {
  const { stdout } = await respin('show', '--json', '--series', SERIES);
  return JSON.parse(stdout) as Review;
}

function expectGood(review: Review): void {
  expect(review.versions[0]).toMatchObject({
    version: 'v1',
    missing: [],
    patches: [{ index: 1 }, { index: 2 }],
  });
  const comment = review.comments.find(({ text }) => text === 'Why not d?');
  expect(comment).toMatchObject({
    messageId: 'good-r@example.org',
    anchor: { on: 'line', patch: 1, file: 'net/sample.c', side: 'new', line: 2 },
  });
}

/** Everything below the world's folder but what respin may write. */
function outside(): string[] {
  return readdirSync(world.folder, { recursive: true, withFileTypes: true })
    .filter((one) => !one.isDirectory())
    .map(({ parentPath, name }) => path.relative(world.folder, path.join(parentPath, name)))
    .filter((name) => !/^(?:patches|cache|state|config)\//.test(name))
    .sort();
}

/** Name and bytes of every mail that was kept. */
function kept(): [string, string][] {
  return readdirSync(world.patches, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }): [string, string] => {
      const file = path.join(parentPath, name);
      return [path.relative(world.patches, file), readFileSync(file, 'latin1')];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function expectPlainNames(): void {
  for (const [name] of kept()) {
    expect(name).toMatch(
      /^[a-z0-9-]+\/(?:series\.toml|mail\/(?:\d{8}|undated)[a-z0-9-]+-[0-9a-f]{12}\.eml)$/,
    );
  }
}

describe.each(HOSTILE)('$what', ({ mails, warned }) => {
  it('neither escapes nor hangs, and the good mails around it are read', async () => {
    const before = [...outside(), 'list.mbox'].sort();
    const { stderr } = await importMbox([...GOOD.slice(0, 2), ...mails, ...GOOD.slice(2)]);
    if (warned === null) expect(stderr).toBe('');
    else expect(stderr).toMatch(warned);
    expectGood(await goodReview());
    await lookAtAll();
    expectPlainNames();
    expect(outside()).toEqual(before);
  });
});

it('a line of 100 MB is named, and the mails behind it are read', async () => {
  const { stderr } = await importMbox([...GOOD.slice(0, 2), longLine(), ...GOOD.slice(2)]);
  expect(stderr).toMatch(/list\.mbox#3: it is larger than 32 MiB/);
  expectGood(await goodReview());
});

it('a From line with nothing but words below it takes no mail with it', async () => {
  const headless = Buffer.from('From ann@example.org Thu Jan  1 00:00:00 1970\n\nSome words.\n\n');
  const mbox = path.join(world.folder, 'list.mbox');
  writeFileSync(
    mbox,
    Buffer.concat([headless, mboxrd(GOOD.slice(0, 2)), headless, mboxrd(GOOD.slice(2)), headless]),
  );
  const { status, stderr } = await respin('import', mbox);
  expect(status).toBe(0);
  for (const number of [1, 4, 7]) {
    expect(stderr).toContain(`list.mbox#${number}: neither a mail nor the page of one`);
  }
  expectGood(await goodReview());
});

it('all of it at once, in both orders, is the same', async () => {
  const mails = [...GOOD, ...HOSTILE.flatMap((one) => one.mails)];
  await importMbox(mails);
  const first = kept();
  const review = await goodReview();
  expectGood(review);
  await using other = await makeReviewWorld();
  const there = world;
  world = other;
  try {
    await importMbox(mails.toReversed());
    expect(kept().map(([name]) => name)).toEqual(first.map(([name]) => name));
    expect(kept()).toEqual(first);
    expect((await goodReview()).comments.map(({ id }) => id)).toEqual(review.comments.map(({ id }) => id));
  } finally {
    world = there;
  }
});
