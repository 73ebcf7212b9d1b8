// SPDX-License-Identifier: MIT
/** respin review, as its user runs it, on a series of three versions with reviews in the habits of many mailers. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Review } from '../../core/review.ts';
import { projectRoot } from '../../system/paths.ts';
import { perfRecord } from '../fixtures/perf-record.ts';
import { echoMails, makeEchoRepository } from '../fixtures/review/make-echo-limit.ts';
import { expectGold, type GoldPlace, gold } from './expect-gold.ts';
import {
  ECHO_NAME,
  fixtureMails,
  importInto,
  keptMails,
  makeReviewWorld,
  mboxrd,
  type ReviewWorld,
  report,
  respinWith,
  SEED,
  showReview,
  shuffled,
  writeMails,
} from './review-world.ts';
import { expectError } from './world.ts';

const mails = fixtureMails();
const COUNT = mails.size;
let world: ReviewWorld;

beforeEach(async () => {
  world = await makeReviewWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Imports the whole fixture as one mbox. */
async function importEcho(): Promise<Review> {
  const mbox = path.join(world.folder, 'thread.mbox');
  writeFileSync(mbox, mboxrd(mails.values()));
  await importInto(world, mbox);
  return await showReview(world);
}

it('lives beside the code that reads series, as in respin’s own patches/', async () => {
  writeFileSync(path.join(world.patches, 'read-series.ts'), '// no series\n');
  await importEcho();
  const { status, stdout } = await world.respin('review', 'show', 'v3');
  expect(status).toBe(0);
  expect(stdout).toContain('v3');
});

describe('the fixture', () => {
  it('is what its script makes', () => {
    const made = echoMails();
    expect([...made.keys()].sort()).toEqual([...mails.keys()]);
    for (const [name, bytes] of mails)
      expect(made.get(name)?.toString('latin1'), name).toBe(bytes.toString('latin1'));
  });

  it('has a gold file that speaks of lines that are there', () => {
    const repository = path.join(world.folder, 'repository');
    makeEchoRepository(repository);
    const totals = new Map(gold.versions.map(({ version, patches }) => [version, patches.length]));
    const lineOf = (version: string, side: 'old' | 'new', { patch, file, line }: GoldPlace): string => {
      const commit = `${version}~${(totals.get(version) ?? 0) - (patch ?? 0)}${side === 'old' ? '~1' : ''}`;
      const text = execFileSync('git', ['show', `${commit}:${file}`], { cwd: repository, encoding: 'utf8' });
      return text.split('\n')[(line ?? 0) - 1] ?? '';
    };
    let checked = 0;
    for (const comment of gold.comments) {
      if (comment.file !== null) {
        expect(lineOf(comment.version, comment.side ?? 'new', comment), comment.begins).toBe(comment.code);
        checked += 1;
      }
      for (const fate of comment.fate) {
        if (fate.file === null) continue;
        expect(lineOf(fate.version, 'new', fate), `${comment.begins} in ${fate.version}`).toBe(fate.code);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(25);
  });
});

describe('respin review import', () => {
  it('reads an mbox: every comment on its line, every trailer in its state', async () => {
    expectGold(await importEcho());
  });

  it('gives the same review from a maildir, from files, from stdin, in any order, and keeps the same bytes', async () => {
    const first = await importEcho();
    const kept = keptMails(world);
    expect([...kept.values()].sort()).toEqual(
      [...mails.values()].map((mail) => mail.toString('latin1')).sort(),
    );
    const names = shuffled([...mails.keys()]);
    const mixed = new Map(names.map((name) => [name, mails.get(name) as Buffer]));

    const maildir = path.join(world.folder, 'Maildir');
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(path.join(maildir, part), { recursive: true });
    for (const [at, [, bytes]] of [...mixed].entries()) {
      const [part, flags] = at % 3 === 0 ? ['new', ''] : ['cur', ':2,S'];
      writeFileSync(path.join(maildir, part, `${1_770_000_000 + at}.M${at}P1.host${flags}`), bytes);
    }
    writeFileSync(path.join(maildir, 'tmp/1770000000.M0P2.host'), 'half of a ma');
    const files = writeMails(path.join(world.folder, 'files'), mixed);

    const ways: Record<string, (into: ReviewWorld) => Promise<unknown>> = {
      'a maildir': (into) => importInto(into, maildir),
      'mail files': (into) => importInto(into, ...files),
      'stdin, shuffled': async (into) =>
        report(await respinWith(into, mboxrd(mixed.values()), 'review', 'import', '-', '--json')),
      'nothing named, something piped in': async (into) =>
        report(await respinWith(into, mboxrd(mixed.values()), 'review', 'import', '--json')),
    };
    for (const [way, run] of Object.entries(ways)) {
      await using other = await makeReviewWorld();
      await run(other);
      expect(readdirSync(other.patches), way).toEqual([ECHO_NAME]);
      expect(await showReview(other), way).toEqual(first);
      expect(keptMails(other), way).toEqual(kept);
    }
  });

  it('gives the same review from one mail at a time, in any order', async () => {
    await importEcho();
    const show = ['review', 'show', '--json'];
    const first = (await world.respin(...show)).stdout;
    await using other = await makeReviewWorld();
    for (const bytes of shuffled([...mails.values()])) {
      report(await respinWith(other, bytes, 'review', 'import', '-', '--json'));
    }
    expect(readdirSync(other.patches)).toEqual([ECHO_NAME]);
    expect((await other.respin(...show)).stdout).toBe(first);
    expect(keptMails(other)).toEqual(keptMails(world));
  });

  it('says of a reply whose patch is not here that it waits', async () => {
    const [patch, reply] = ['20260302-v1-2.eml', 'bjorn-v1-2.eml'].map((name) => mails.get(name) as Buffer);
    const words = Buffer.from((reply as Buffer).toString('latin1').replace(/^>.*\n/gm, ''), 'latin1');
    const { status, stdout } = await respinWith(world, words, 'review', 'import', '-');
    expect([status, stdout]).toEqual([
      0,
      '1 mail answers a patch that is not here: it waits, and is kept with the patch once that is imported\n',
    ]);
    const { series } = report(await respinWith(world, patch as Buffer, 'review', 'import', '-', '--json'));
    expect(series).toMatchObject([{ added: 2, mails: 2 }]);
  });

  it('adds nothing the second time, and says so', async () => {
    const first = await importEcho();
    const kept = keptMails(world);
    const again = await importInto(world, path.join(world.folder, 'thread.mbox'));
    expect(again.series).toMatchObject([{ name: ECHO_NAME, added: 0, mails: COUNT, isNew: false }]);
    expect(keptMails(world)).toEqual(kept);
    expect(await showReview(world)).toEqual(first);
    const { status, stdout } = await world.respin('review', 'import', 'thread.mbox');
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toMatch(
      new RegExp(`^${ECHO_NAME}  v1 v2 v3  +0  +${COUNT}  vsock/echo: limit`),
    );
  });

  it('takes the same mail from two lists for one, and a second that differs is named', async () => {
    const first = await importEcho();
    const rita = mails.get('rita-v1-1.eml')?.toString('latin1') ?? '';
    const other = path.join(world.folder, 'other-list.eml');
    writeFileSync(other, `List-Id: <kvm.example.org>\nReceived: from nowhere\n${rita}`, 'latin1');
    expect((await importInto(world, other)).series[0]).toMatchObject({ added: 0, mails: COUNT });
    expect(await showReview(world)).toEqual(first);
    writeFileSync(other, rita.replace('Why an atomic_t?', 'Buy an atomic_t!'), 'latin1');
    const { status, stderr, stdout } = await world.respin('review', 'import', other);
    expect(status, stderr).toBe(0);
    expect(stdout + stderr).toContain('two different mails have the Message-ID rita-v1-1@example.org');
  });

  it('takes commits for a version that was never mailed', async () => {
    const repository = path.join(world.folder, 'linux');
    makeEchoRepository(repository);
    const mailed = new Map([...mails].filter(([name]) => !/v3/.test(name)));
    await importInto(world, ...writeMails(path.join(world.folder, 'files'), mailed));
    const source = `git:${repository}#base..v3`;
    const added = await importInto(world, '--version', 'v3', source);
    expect(added.series).toMatchObject([{ name: ECHO_NAME, versions: ['v1', 'v2', 'v3'], added: 4 }]);
    const review = await showReview(world);
    expect(review.title).toBe(gold.title);
    const v3 = review.versions.find(({ version }) => version === 'v3');
    expect(v3?.patches.map(({ subject }) => subject)).toEqual(gold.versions[2]?.patches);
    expect(v3?.missing).toEqual([]);
    const base = execFileSync('git', ['rev-parse', 'base'], { cwd: repository, encoding: 'utf8' }).trim();
    expect([v3?.baseCommit, v3?.prefixes]).toEqual([base, []]);
    const fates = (one: Review): unknown[] =>
      one.comments
        .filter(({ version }) => version !== 'v3')
        .map(({ id, fate }) => [id, ...fate.map(({ version, what, anchor }) => [version, what, anchor])]);
    await using other = await makeReviewWorld();
    await importInto(other, ...writeMails(path.join(other.folder, 'files'), mails));
    expect(fates(review)).toEqual(fates(await showReview(other)));
    expect((await importInto(world, '--version', 'v3', source)).series).toMatchObject([{ added: 0 }]);
    // It is yet to be sent: what it still lacks is its changelog.
    const draft = await world.respin('review', 'changelog', '--draft');
    expect(draft.stdout).toMatch(/^Changes in v3:\n(?:.*\n)*- Link to v2: /);
    // Of a series that is named, series.toml says the list's prefix.
    await importInto(world, '--version', 'v4', '--series', ECHO_NAME, source);
    expect((await showReview(world)).versions.at(-1)).toMatchObject({
      ...{ version: 'v4', baseCommit: base, prefixes: ['vsock-next'] },
    });
  });

  it('makes the review and keeps it, so that the first look at it finds it', async () => {
    const kept = (): string[] => {
      const folder = path.join(world.folder, 'cache/respin/reviews');
      return existsSync(folder)
        ? readdirSync(folder).map((name) => `${name} ${statSync(path.join(folder, name)).ino}`)
        : [];
    };
    writeFileSync(path.join(world.folder, 'thread.mbox'), mboxrd(mails.values()));
    const { series } = await importInto(world, 'thread.mbox');
    expect(series).toHaveLength(1);
    const made = kept();
    expect(made).toHaveLength(1);
    expect((await world.respin('review', 'status')).status).toBe(0);
    expect(kept()).toEqual(made);
    await importInto(world, 'thread.mbox');
    expect(kept()).toEqual(made);
    // Nobody opens each of many series.
    const many = [1, 2, 3, 4, 5, 6].map((one) => {
      const text = (mails.get('20260302-v1-1.eml') as Buffer).toString('latin1');
      return Buffer.from(
        text
          .replace(/^Subject: .*$/m, `Subject: [PATCH] net: fault ${one}`)
          .replace(/^(From: .*<)/m, `$1n${one}`)
          .replace(/^(Message-ID: <)/im, `$1n${one}`)
          .replace(/^(?:In-Reply-To|References): .*\n(?: .*\n)*/gim, ''),
        'latin1',
      );
    });
    const others = report(await respinWith(world, mboxrd(many), 'review', 'import', '-', '--json'));
    expect(others.series).toHaveLength(6);
    expect(kept()).toEqual(made);
  });

  it('that is interrupted as it makes the review has kept the mails', async () => {
    writeFileSync(path.join(world.folder, 'thread.mbox'), mboxrd(mails.values()));
    const { child, ended } = world.start(['review', 'import', 'thread.mbox']);
    // What was imported is said before.
    child.stdout?.once('data', () => child.kill('SIGINT'));
    expect([0, 130]).toContain((await ended).status);
    expect(keptMails(world).size).toBe(COUNT);
    expectGold(await showReview(world));
  });

  it('does not take mails for another version than they say', async () => {
    const files = writeMails(path.join(world.folder, 'files'), mails);
    await expectError(world, ['review', 'import', '--version', 'v4', ...files], {
      code: 'SERIES_VERSION',
      exit: 2,
      message: /is v1 by its subject, not v4/,
      hint: /review link/,
    });
    await expectError(world, ['review', 'import', '--version', '4', ...files], {
      code: 'SERIES_VERSION',
      exit: 2,
    });
    expect(readdirSync(world.patches)).toEqual([]);
  });

  it('that is interrupted has written nothing, and the next one all of it', async () => {
    const mbox = mboxrd(mails.values());
    const child = spawn(path.join(projectRoot, 'bin/respin'), ['review', 'import', '-'], {
      cwd: world.folder,
      env: world.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.write(mbox.subarray(0, mbox.length / 2));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
    expect(readdirSync(world.patches)).toEqual([]);
    expectGold(await importEcho());
  });

  it('goes on where a killed one was: half of the mails, no series.toml', async () => {
    const first = await importEcho();
    const folder = path.join(world.patches, ECHO_NAME);
    const all = keptMails(world);
    for (const [at, name] of [...all.keys()].entries())
      if (at % 2 === 0) rmSync(path.join(folder, 'mail', name));
    rmSync(path.join(folder, 'series.toml'));
    await importInto(world, path.join(world.folder, 'thread.mbox'));
    expect(readdirSync(world.patches)).toEqual([ECHO_NAME]);
    expect(keptMails(world)).toEqual(all);
    expect(existsSync(path.join(folder, 'series.toml'))).toBe(true);
    expect(await showReview(world)).toEqual(first);
  });

  it('goes on where one was killed before its first mail', async () => {
    const half = path.join(world.patches, ECHO_NAME, 'mail');
    mkdirSync(half, { recursive: true });
    writeFileSync(path.join(half, '20260302-mail-0123456789ab.eml.half-4711'), 'From: Ann');
    expectGold(await importEcho());
    expect(readdirSync(world.patches)).toEqual([ECHO_NAME]);
  });

  it('done twice at the same time makes one series', async () => {
    const mbox = path.join(world.folder, 'thread.mbox');
    writeFileSync(mbox, mboxrd(mails.values()));
    const ended = await Promise.all([1, 2, 3].map(() => world.respin('review', 'import', mbox)));
    expect(ended.map(({ status, stderr }) => [status, stderr])).toEqual([1, 2, 3].map(() => [0, '']));
    expect(readdirSync(world.patches).filter((name) => !name.startsWith('.'))).toEqual([ECHO_NAME]);
    expectGold(await showReview(world));
  });
});

describe('what a person decides on a comment', () => {
  let review: Review;
  const idOf = (begins: string): string =>
    review.comments.find(({ text }) => text.startsWith(begins))?.id ?? '';
  const stateFile = (): string => path.join(world.patches, ECHO_NAME, 'review.toml');

  beforeEach(async () => {
    review = await importEcho();
  });

  it('is kept beside the series, shown, and taken back', async () => {
    const id = idOf('This needs a helper');
    const why = 'echo_queue_has_room() in v3';
    const done = await world.respin('review', 'resolve', id, '--as', 'addressed', '--why', why);
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toMatch(
      new RegExp(`^${id}  open → addressed  Mei Tanaka on net/vsock_echo/echo_queue.c:56`),
    );
    const text = readFileSync(stateFile(), 'utf8');
    expect(text).toContain(`[comments.${id}]\n`);
    expect(text).toContain(`why = "${why}"\n`);
    const [now] = (await showReview(world)).comments.filter((one) => one.id === id);
    expect(now).toMatchObject({
      state: 'addressed',
      decision: { why, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    });

    // By the beginning of its id; a state of another word goes over the first.
    const again = await world.respin('review', 'resolve', id.slice(0, 6), '--as', 'moot', '--why', 'gone');
    expect(again.stdout).toMatch(/addressed → moot/);
    expect((await world.respin('review', 'reopen', id)).stdout).toMatch(/moot → open/);
    expect(await showReview(world)).toEqual(review);
  });

  it('survives another import', async () => {
    const id = idOf('SZ_1M is easier');
    await world.respin('review', 'resolve', id, '--as', 'declined', '--why', 'as the line above it');
    const text = readFileSync(stateFile(), 'utf8');
    await importInto(world, path.join(world.folder, 'thread.mbox'));
    expect(readFileSync(stateFile(), 'utf8')).toBe(text);
    expect((await showReview(world)).comments.find((one) => one.id === id)?.state).toBe('declined');
  });

  it('follows the comment into a copy of its mail that has a footer', async () => {
    const [begins, mail] = ['Why an atomic_t?', 'rita-v1-1.eml'];
    const id = idOf(begins);
    await world.respin('review', 'resolve', id, '--as', 'declined', '--why', 'it is not hot');
    const text = mails.get(mail)?.toString('latin1') ?? '';
    const ofComment = (one: Review): Review['comments'][number] | undefined =>
      one.comments.find((comment) => comment.text.startsWith(begins));
    let now = ofComment(review);
    // Which copy is used is told by its hash.
    for (let copy = 0; now?.id === id && copy < 20; copy++) {
      const other = path.join(world.folder, `copy-${copy}.eml`);
      writeFileSync(other, text.replace(begins, `${begins} (over list ${copy})`), 'latin1');
      await world.respin('review', 'import', other);
      now = ofComment(await showReview(world));
    }
    expect(now?.id).not.toBe(id);
    expect(now).toMatchObject({ state: 'declined', decision: { why: 'it is not hot' } });
    expect((await world.respin('review', 'reopen', now?.id ?? '')).status).toBe(0);
    // It says nothing any more, and is not left in anybody's git status.
    expect(existsSync(stateFile())).toBe(false);
  });

  it('is refused with the reason', async () => {
    const id = idOf('SZ_1M is easier');
    const resolve = ['review', 'resolve'];
    await expectError(world, [...resolve, id], {
      code: 'MISSING_OPTION',
      exit: 2,
      message: /how is it resolved/,
      hint: /--as addressed/,
    });
    await expectError(world, [...resolve, 'cffffff9', '--as', 'moot', '--why', 'x'], {
      code: 'COMMENT_UNKNOWN',
      exit: 2,
      message: /there is no comment cffffff9/,
    });
    await expectError(world, [...resolve, 'c', '--as', 'moot', '--why', 'x'], {
      code: 'COMMENT_UNKNOWN',
      exit: 2,
      message: new RegExp(`c is the beginning of ${review.comments.length} ids: c`),
    });
    await expectError(world, [...resolve, id, '--as', 'declined'], {
      code: 'MISSING_OPTION',
      exit: 2,
      message: /not declined without a reason/,
    });
    await expectError(world, [...resolve, id, '--as', 'fixed', '--why', 'x'], {
      code: 'BAD_OPTION',
      exit: 2,
      message: /--as fixed: not known/,
      hint: /addressed, answered, declined, moot/,
    });
    await expectError(world, [...resolve, id, '--as', 'open', '--why', 'x'], { code: 'BAD_OPTION', exit: 2 });
    await expectError(world, ['review', 'reopen', id], {
      code: 'NOTHING_TO_CHANGE',
      exit: 2,
      message: /is open already/,
    });
    await expectError(world, ['review', 'reopen', 'no-such'], { code: 'COMMENT_UNKNOWN', exit: 2 });
    expect(existsSync(stateFile())).toBe(false);
  });

  it('is not read from a damaged file, of which the line is named, and which stays as it is', async () => {
    const id = idOf('SZ_1M is easier');
    await world.respin('review', 'resolve', id, '--as', 'moot', '--why', 'x');
    const good = readFileSync(stateFile(), 'utf8');
    const damages: [string, RegExp][] = [
      [
        good.replace('state = "moot"', 'state = "mute"'),
        /review\.toml:6: comments\.c[0-9a-f]{7}: state is "mute", not one of/,
      ],
      [good.replace('why = "x"', 'why = "x'), /review\.toml:9: /],
      [good.replace(/^state = .*\n/m, ''), /review\.toml:3: comments\.c[0-9a-f]{7}: state is missing/],
    ];
    for (const [text, message] of damages) {
      expect(text).not.toBe(good);
      writeFileSync(stateFile(), text);
      const args = ['review', 'resolve', id, '--as', 'answered', '--why', 'y'];
      await expectError(world, args, { code: 'REVIEW_STATE', exit: 2, message, hint: /mend the file/ });
      expect(readFileSync(stateFile(), 'utf8')).toBe(text);
    }
  });

  it('is for all the comments that are named, or for none', async () => {
    const ids = review.comments.slice(0, 3).map(({ id }) => id);
    const [first = '', second = ''] = ids;
    const states = async () =>
      (await showReview(world)).comments.filter(({ id }) => ids.includes(id)).map(({ state }) => state);
    const resolve = (...named: string[]) => ['review', 'resolve', ...named, '--as', 'moot', '--why', 'gone'];
    await expectError(world, resolve(first, second, 'cffffff9'), {
      ...{ code: 'COMMENT_UNKNOWN', exit: 2, message: /there is no comment cffffff9/ },
    });
    expect(existsSync(stateFile())).toBe(false);

    const done = await world.respin(...resolve(...ids, first), '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({
      state: 'moot',
      why: 'gone',
      comments: ids.map((id) => ({ id, before: 'open' })),
    });
    expect(await states()).toEqual(['moot', 'moot', 'moot']);

    await world.respin('review', 'reopen', second);
    const text = readFileSync(stateFile(), 'utf8');
    await expectError(world, ['review', 'reopen', first, second], { code: 'NOTHING_TO_CHANGE', exit: 2 });
    expect(readFileSync(stateFile(), 'utf8')).toBe(text);
    const opened = await world.respin('review', 'reopen', first, ids[2] ?? '');
    expect(opened.stdout.match(/moot → open/g)).toHaveLength(2);
    expect(await showReview(world)).toEqual(review);
  });

  it('by several at the same time loses nothing', async () => {
    const ids = review.comments.slice(0, 6).map(({ id }) => id);
    const ended = await Promise.all(
      ids.map((id) => world.respin('review', 'resolve', id, '--as', 'answered', '--why', `for ${id}`)),
    );
    expect(ended.map(({ status, stderr }) => [status, stderr])).toEqual(ids.map(() => [0, '']));
    const decided = (await showReview(world)).comments.filter(({ state }) => state === 'answered');
    expect(decided.map(({ id, decision }) => [id, decision?.why])).toEqual(
      ids.map((id) => [id, `for ${id}`]),
    );
  });

  it('of which version a posting is', async () => {
    const id = '20260302-echo-limit-v1-0@example.org';
    const linked = await world.respin('review', 'link', `<${id}>`, 'rfc-v1');
    expect(linked.status, linked.stderr).toBe(0);
    expect(linked.stdout).toBe(
      'vsock/echo: bound the memory of queued packets is rfc-v1; the series has rfc-v1 v2 v3\n',
    );
    const now = await showReview(world);
    expect(now.versions.map(({ version }) => version)).toEqual(['rfc-v1', 'v2', 'v3']);
    expect(now.comments.map(({ id: one }) => one)).toEqual(review.comments.map(({ id: one }) => one));
    const link = ['review', 'link'];
    await expectError(world, [...link, id, 'v3'], {
      ...{ code: 'VERSION_TAKEN', exit: 2, message: /^v3 is another posting already/ },
      hint: /respin review link 20260330-\S+ vN/,
    });
    const back = await world.respin('review', 'link', id, 'none');
    expect(back.stdout).toMatch(/ is v1; the series has v1 v2 v3\n$/);
    await expectError(world, [...link, id, 'none'], { code: 'LINK_UNKNOWN', exit: 2 });
    await expectError(world, [...link, 'nobody@example.org', 'v3'], { code: 'MAIL_UNKNOWN', exit: 2 });
    await expectError(world, [...link, 'rita-v1-1@example.org', 'v3'], { code: 'MAIL_UNKNOWN', exit: 2 });
    await expectError(world, [...link, id, '3'], { code: 'SERIES_VERSION', exit: 2 });
  });
});

it("what was applied, as patchwork's bot says, and what is a nit, stand in status and in JSON", async () => {
  await importEcho();
  const mail = (id: string, from: string, body: string) =>
    Buffer.from(
      `From: ${from}\nTo: vsock@lists.example.org\nSubject: Re: [PATCH vsock-next v3 0/4] vsock/echo: limit\n` +
        `Date: Thu, 02 Apr 2026 10:00:00 +0000\nMessage-ID: <${id}@example.org>\n` +
        `In-Reply-To: <20260330-echo-limit-v3-0@example.org>\n\n${body}`,
    );
  const commits = [1, 2, 3, 4].map(
    (at) =>
      `  - [vsock-next,v3,${at}/4] title ${at}\n    https://git.example.org/vsock/linux/c/0123456789a${at}\n`,
  );
  const notice = mail(
    'bot-v3-0',
    'patchwork-bot+vsock@example.org',
    `Hello:\n\nThis series was applied to vsock/linux.git (next)\nby Mona Maintainer <mona@example.org>:\n\n` +
      `On Mon, 30 Mar 2026 09:00:00 +0200 you wrote:\n> A peer that sends\n\nHere is the summary with links:\n` +
      `${commits.join('')}\nYou are awesome, thank you!\n`,
  );
  const nit = mail('rita-v3-0', 'Rita Reviewer <rita@example.org>', 'nit: the title could be shorter\n');
  const mbox = path.join(world.folder, 'more.mbox');
  writeFileSync(mbox, mboxrd([nit]));
  await importInto(world, mbox);
  const before = await world.respin('review', 'status');
  expect(before.stdout).toMatch(/^nits, cover letter\n/m);
  expect(before.stdout).toMatch(/\d+ open comments: \d+ owed, 1 nit; /);
  writeFileSync(mbox, mboxrd([notice]));
  await importInto(world, mbox);
  const after = await world.respin('review', 'status');
  expect(after.stdout).toMatch(
    /^v3 applied to vsock\/linux\.git \(next\) by Mona Maintainer, 2026-04-02; 1\/4 is/,
  );
  expect(after.stdout).toMatch(/\d+ open comments: nothing is owed; /);
  const review = await showReview(world);
  expect(review.versions.map(({ applied }) => applied?.commits.length ?? null)).toEqual([null, null, 4]);
  expect(review.comments.filter(({ weight }) => weight === 'nit')).toHaveLength(1);
  expect(review.comments.filter(({ messageId }) => messageId.startsWith('bot-'))).toEqual([]);
});

describe("the seed page, a web archive's text of a reply", () => {
  let seed: ReviewWorld;
  let review: Review;
  beforeAll(async () => {
    seed = await makeReviewWorld();
    const { series, problems } = await importInto(seed, SEED);
    expect(problems).toEqual([]);
    review = await showReview(seed, series[0]?.name);
  });
  afterAll(async () => {
    await seed[Symbol.asyncDispose]();
  });
  const v8 = () => review.versions[0];
  const entries = (version: string) => v8()?.changelog.find((log) => log.version === version)?.entries ?? [];

  it('is v8 of its series', () => {
    expect(review.versions.map(({ version }) => version)).toEqual(['v8']);
    expect(v8()).toMatchObject({
      title: 'virtio/vsock: replace virtio_vsock_pkt with sk_buff',
      prefixes: ['net-next'],
      date: '2022-12-15',
      author: { name: 'Bobby Eshleman' },
    });
  });

  it('has the changes of v2 to v8', () => {
    expect(
      v8()?.changelog.map(({ version, entries: all }) => [
        version,
        all.filter(({ note }) => !note).length,
        all.filter(({ note }) => note).length,
      ]),
    ).toEqual([
      ['v8', 3, 0],
      ['v7', 1, 0],
      ['v6', 2, 0],
      ['v5', 1, 0],
      ['v4', 7, 1],
      ['v3', 13, 1],
      ['v2', 5, 0],
    ]);
  });

  it('has its wrapped bullets joined', () => {
    const texts = ['v2', 'v3', 'v4'].flatMap((version) => entries(version).map(({ text }) => text));
    expect(texts).toContain(
      'Use alloc_skb() directly instead of sock_alloc_send_pskb() to minimize uAPI changes.',
    );
    expect(texts).toContain(
      'use spin_lock() directly on queue lock instead of sk_buff_head helpers which use spin_lock_irqsave() (e.g., skb_dequeue)',
    );
    expect(texts).toContain(
      'note: I only ran a few g2h tests to check that this change had no perf impact. The above data is still from patch v3.',
    );
  });

  it('has four rows of measurements, whose percentages are held against the values', () => {
    expect(
      v8()?.performance.map((row) => [
        row.test,
        row.direction,
        row.before,
        row.after,
        row.unit,
        row.change,
        row.computedChange,
        row.right,
      ]),
    ).toEqual([
      ['64KB', 'g2h', 21.63, 25.59, 'Gb/s', 18, 18.3, true],
      ['16B', 'g2h', 11.86, 17.41, 'Mb/s', 46, 46.8, true],
      ['64KB', 'h2g', 2.15, 3.6, 'Gb/s', 67, 67.4, true],
      ['16B', 'h2g', 14.38, 18.43, 'Mb/s', 28, 28.2, true],
    ]);
  });

  it('has its figures held against a record of respin perf, whatever comes of it', async () => {
    const file = path.join(seed.folder, 'perf.json');
    writeFileSync(file, JSON.stringify(perfRecord()));
    const plain = await seed.respin('review', 'claims');
    expect([plain.status, plain.stderr]).toEqual([0, '']);
    expect(plain.stdout.split('\n')[1]?.trim()).toMatch(/^test +direction +before/);
    const { status, stdout, stderr } = await seed.respin('review', 'claims', '--perf', 'perf.json');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.startsWith(plain.stdout)).toBe(true);
    expect(stdout.slice(plain.stdout.length)).toBe(`
performance, as measured
  claim      claimed  measured (95 % interval)  verdict
  64KB, g2h     +18%  +15.2% (+14.7 to +15.7)   holds
  16B, g2h      +46%  ~ (-0.3 to +0.5)          not seen
  64KB, h2g     +67%  +3.0% (+2.5 to +3.5)      smaller
  16B, h2g      +28%  -2.1% (-2.6 to -1.6)      other way
  claimed:  uperf w/ 64 threads, SOCK_STREAM; before is commit 95ec6bce2a0b
  measured: instruction clock (not seconds), tcg+svm; git:linux#95ec6bce2a0b (6.1.0) at 95ec6bce2a0b; 5 runs; vsock-load, 64 threads, stream; virtio-vsock-replace-virtio-vsock-pkt-with-sk v8
`);
    const json = await seed.respin('review', 'claims', '--version', 'v8', '--perf', seed.folder, '--json');
    expect(json.status, json.stderr).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ schema: 'respin.review-claims/1', version: 'v8' },
      record: { id: perfRecord().id, clock: 'instructions', mode: 'tcg+svm', runs: 5 },
      claims: [
        { verdict: 'holds', measured: { test: { id: '64KB-g2h-stream' }, change: 15.2, real: true } },
        { verdict: 'not seen' },
        { verdict: 'smaller' },
        { verdict: 'other way' },
      ],
    });
  });

  it('says of a record of another version that it is one', async () => {
    const { series } = perfRecord();
    const other = perfRecord({ series: series === null ? null : { ...series, version: 'v7' } });
    writeFileSync(path.join(seed.folder, 'v7.json'), JSON.stringify(other));
    const { status, stderr } = await seed.respin('review', 'claims', '--perf', 'v7.json');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: the record is of \S+ v7, the claims are of \S+ v8\n$/);
  });

  it('takes nothing but such a record', async () => {
    const code = 'PERF_RECORD';
    writeFileSync(path.join(seed.folder, 'run.json'), '{"schema":"respin.run/1"}');
    writeFileSync(path.join(seed.folder, 'half.json'), '{"schema":"respin.perf/1"');
    const claims = ['review', 'claims', '--perf'];
    await expectError(seed, [...claims, 'nothing.json'], { code, exit: 2, message: /no such file/ });
    await expectError(seed, [...claims, 'run.json'], {
      code,
      exit: 2,
      message: /has the schema respin\.run/,
    });
    await expectError(seed, [...claims, 'half.json'], { code, exit: 2, message: /not JSON/ });
    await expectError(seed, ['review', 'claims', '--version', 'v7'], { code: 'SERIES_VERSION', exit: 2 });
  });

  it('says it was tested in both directions', () => {
    expect(v8()?.tested).toMatchObject([{ programs: ['vsock_test'], directions: ['h2g', 'g2h'] }]);
  });

  it('has five files, of which it quotes one whole and one in part, and says so', () => {
    expect(v8()?.patches[0]?.files.map(({ path: file, known, changes }) => [file, known, changes])).toEqual([
      ['drivers/vhost/vsock.c', 'whole', 213],
      ['include/linux/virtio_vsock.h', 'partial', 126],
      ['net/vmw_vsock/virtio_transport.c', 'none', 149],
      ['net/vmw_vsock/virtio_transport_common.c', 'none', 422],
      ['net/vmw_vsock/vsock_loopback.c', 'none', 51],
    ]);
    expect(v8()?.missing).toEqual(['patch 1/1 itself: only what a reply quotes of it is there']);
  });

  it('has the comment on virtio_vsock_skb_dequeue() at its lines', () => {
    const { anchor, author, text } = review.comments[0] ?? {};
    expect(author?.name).toBe('Stefano Garzarella');
    expect(text).toMatch(/we can directly use the new virtio_vsock_skb_dequeue\(\)\./);
    expect(anchor).toMatchObject({ on: 'line', patch: 1, file: 'drivers/vhost/vsock.c', side: 'new' });
    expect(anchor?.hunk).toMatch(/^@@ -108,40 \+107,33 @@ /);
    // 107 and the 14 lines of the new side above it: spin_unlock_bh(&vsock->send_pkt_queue.lock).
    expect(anchor?.line).toBe(121);
    expect(anchor?.quoted.at(-1)).toBe('+\t\tspin_unlock_bh(&vsock->send_pkt_queue.lock);');
    expect(anchor?.span?.[1]).toBe(121);
  });

  it('has the comment on one helper with a bool behind the last helper', () => {
    const { anchor, text } = review.comments[1] ?? {};
    expect(text).toMatch(/^Maybe, we can have a single\n\nvirtio_vsock_skb_set_tap_delivered\(/);
    expect(text).toMatch(/I don't have a strong opinion on that\.$/);
    expect(anchor).toMatchObject({ on: 'line', file: 'include/linux/virtio_vsock.h', side: 'new', line: 47 });
    expect(anchor?.quoted.at(-1)).toBe('+}');
    expect(anchor?.quoted.join('\n')).toContain('virtio_vsock_skb_clear_tap_delivered');
  });

  it('has a Reviewed-by under the condition of the first comment', () => {
    expect(v8()?.trailers).toMatchObject([
      {
        ...{ kind: 'Reviewed-by', name: 'Stefano Garzarella', state: 'conditional', counts: false },
        condition: 'With that fixed, you can put my R-b',
      },
    ]);
  });

  it('whose condition a person notes as met, with a reason, and takes that back', async () => {
    const met = ['review', 'met'];
    const state = async () =>
      (await showReview(seed, review.series)).versions[0]?.trailers.map((one) => one.state);
    await expectError(seed, [...met, 'stefano'], { code: 'MISSING_OPTION', exit: 2, hint: /--why/ });
    await expectError(seed, [...met, 'nobody', '--why', 'so'], {
      ...{ code: 'TRAILER_UNKNOWN', exit: 2, message: 'there is no conditional trailer of nobody' },
      hint: /^there is Reviewed-by \S+ v8$/,
    });
    await expectError(seed, [...met, 'stefano', 'v7', '--why', 'so'], { code: 'SERIES_VERSION', exit: 2 });
    expect(await state()).toEqual(['conditional']);
    const noted = await seed.respin(...met, 'Stefano', 'v8', '--why', 'it uses the helper');
    expect(noted.status, noted.stderr).toBe(0);
    expect(noted.stdout).toBe('Reviewed-by of Stefano Garzarella, on v8: conditional → met\n');
    expect(await state()).toEqual(['met']);
    const { stdout } = await seed.respin('review', 'trailers');
    expect(stdout).toMatch(/met .*it uses the helper/s);
    await expectError(seed, [...met, 'stefano', '--why', 'so'], { code: 'TRAILER_UNKNOWN', exit: 2 });
    const back = await seed.respin(...met, 'stefano', '--undo');
    expect(back.stdout).toBe('Reviewed-by of Stefano Garzarella, on v8: met → conditional\n');
    expect(await showReview(seed, review.series)).toEqual(review);
    await expectError(seed, [...met, 'stefano', '--undo'], { code: 'TRAILER_UNKNOWN', exit: 2 });
  });

  it('takes no greeting, footer or navigation for a comment', () => {
    expect(review.comments).toHaveLength(2);
    const words = review.comments.map(({ text }) => text).join('\n');
    expect(words).not.toMatch(
      /Thanks|Virtualization|Index of Archives|Date Prev|Powered by|_{10}|^Stefano$/m,
    );
  });

  it('is imported once', async () => {
    const again = await importInto(seed, SEED);
    expect(again.series).toMatchObject([{ added: 0, mails: 1, isNew: false }]);
    expect(await showReview(seed, again.series[0]?.name)).toEqual(review);
  });
});
