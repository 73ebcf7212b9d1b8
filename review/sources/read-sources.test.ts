// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../system/paths.ts';
import { groupSeries } from '../mails/group-series.ts';
import { readReviewMail } from '../mails/mail.ts';
import { all, mail, mbox } from './fixtures.ts';
import { type Progress, type ReadSourcesOptions, readSources, type Skipped } from './read-sources.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-sources-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

const terminal = (): NodeJS.ReadableStream => Object.assign(new PassThrough(), { isTTY: true });

async function read(sources: string[], more: Partial<ReadSourcesOptions> = {}): Promise<[string, string][]> {
  const signal = new AbortController().signal;
  return await all(readSources(sources, { cwd: folder, stdin: terminal(), signal, ...more }));
}

describe('readSources', () => {
  it('reads files, folders and stdin one after the other, each once', async () => {
    await writeFile(path.join(folder, 'a.mbox'), mbox(mail(1), mail(2)));
    await writeFile(path.join(folder, 'b.eml'), mail(3));
    await mkdir(path.join(folder, 'box/cur'), { recursive: true });
    await writeFile(path.join(folder, 'box/cur/1:2,S'), mail(4));
    const done: Progress[] = [];
    const found = await read(['b.eml', '-', 'a.mbox', 'b.eml', './box'], {
      stdin: Readable.from([gzipSync(mbox(mail(5)))]),
      onProgress: (one) => done.push(one),
    });
    expect(found).toEqual([
      ['b.eml', mail(3)],
      ['stdin', mail(5)],
      ['a.mbox#1', mail(1)],
      ['a.mbox#2', mail(2)],
      ['box/cur/1:2,S', mail(4)],
    ]);
    const size = mbox(mail(1), mail(2)).length;
    expect(done.filter(({ source }) => source === 'a.mbox').at(-1)).toEqual({
      source: 'a.mbox',
      bytes: size,
      total: size,
      mails: 2,
    });
  });

  it('reads stdin when nothing is named and something is piped in', async () => {
    expect(await read([], { stdin: Readable.from([mail(1)]) })).toEqual([['stdin', mail(1)]]);
    await expect(read([])).rejects.toMatchObject({ code: 'SOURCE_MISSING', blame: 'usage' });
    await expect(read(['-'])).rejects.toMatchObject({ code: 'SOURCE_TERMINAL', blame: 'usage' });
  });

  it('gives the page the review began with as one', async () => {
    const page = 'Re: [PATCH net-next v8] x\n\n[Date Prev][Date Next]\n\nOn Thu, Ann wrote:\nFrom 1 on\n';
    await writeFile(path.join(folder, 'page.txt'), page);
    expect(await read(['page.txt'])).toEqual([['page.txt', page]]);
  });

  it('reads commits, named with their repository or from inside of it', async () => {
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
        cwd: folder,
      });
    git('init', '-q', '-b', 'main');
    for (const text of ['one', 'two', 'three']) {
      await writeFile(path.join(folder, 'f'), `${text}\n`);
      git('add', 'f');
      git('commit', '-q', '-m', text);
    }
    for (const source of [`git:${folder}#main~2..main`, 'git:.#main~2..main', 'main~2..main']) {
      const found = await read([source]);
      expect(found.map(([origin]) => origin)).toEqual([`${source}, patch 1`, `${source}, patch 2`]);
      expect(found[1]?.[1]).toContain('Subject: [PATCH 2/2] three');
      const third = await read([source], { version: 'v3' });
      expect(third[1]?.[1]).toContain('Subject: [PATCH v3 2/2] three');
    }
    const base = execFileSync('git', ['rev-parse', 'main~2'], { cwd: folder, encoding: 'utf8' }).trim();
    const firstOf = async (more: Partial<ReadSourcesOptions> = {}): Promise<string> =>
      (await read(['main~2..main'], more))[0]?.[1] ?? '';
    expect(await firstOf()).toContain(`\nbase-commit: ${base}\n`);
    // The list's prefix: what is given, else what the repository is configured to, where that can be one.
    git('config', 'b4.send-prefixes', 'bpf');
    expect(await firstOf()).toContain('Subject: [PATCH bpf 1/2] two');
    git('config', 'format.subjectPrefix', 'RFC PATCH net-next');
    expect(await firstOf({ version: 'v3' })).toContain('Subject: [RFC PATCH net-next v3 1/2] two');
    expect(await firstOf({ prefix: 'vsock-next' })).toContain('Subject: [PATCH vsock-next 1/2] two');
    git('config', 'format.subjectPrefix', 'x] [y');
    expect(await firstOf()).toContain('Subject: [PATCH 1/2] two');
    await expect(read(['git:.#main'])).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN', blame: 'usage' });
    await expect(read(['git:no#a..b'])).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN', blame: 'usage' });
    await expect(read(['git:.#no..main'])).rejects.toMatchObject({ code: 'SERIES_UNKNOWN', blame: 'usage' });
  });

  it('reads commits of many days and authors as one series', async () => {
    const git = (day: number, name: string, ...args: string[]): void =>
      void execFileSync('git', args, {
        cwd: folder,
        env: {
          ...process.env,
          ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: `${name}@example.org` },
          ...{ GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.org' },
          ...{ GIT_AUTHOR_DATE: `2026-11-0${day}T12:00:00Z`, GIT_COMMITTER_DATE: '2026-11-09T12:00:00Z' },
        },
      });
    git(1, 'Ann', 'init', '-q', '-b', 'main');
    for (const [at, name] of ['Ann', 'Ann', 'Bo', 'Ann'].entries()) {
      await writeFile(path.join(folder, 'f'), `${at}\n`);
      git(at + 1, name, 'add', 'f');
      git(at + 1, name, 'commit', '-q', '-m', `net: thing ${'abcd'[at]}`);
    }
    const found = await read(['main~3..main']);
    const mails = await Promise.all(found.map(([origin, text]) => readReviewMail(Buffer.from(text), origin)));
    const { series } = groupSeries(mails);
    expect(series.map(({ versions }) => versions.map(({ posting }) => posting.subjects))).toEqual([
      [['net: thing b', 'net: thing c', 'net: thing d']],
    ]);
  });

  it('passes its own fetch on', async () => {
    const fetch = async (): Promise<Response> => new Response(mbox(mail(1)));
    expect(await read(['lore:a@b'], { fetch })).toEqual([['https://lore.kernel.org/all/a@b/', mail(1)]]);
  });

  it.each([
    ['no-such.mbox', /name an mbox/],
    ['', /name an mbox/],
    ['a\0b', /name an mbox/],
    ['x'.repeat(5000), /name an mbox/],
    ['<1@example.org>', /lore:1@example\.org/],
    ['lore.kernel.org/all/1@example.org/', /did you mean https:\/\/lore\.kernel\.org/],
    ['git:/x', /git:\/path\/to\/repository#BASE\.\.TIP/],
    ['ftp://example.org/x', /name an mbox/],
  ])('says of %j what could be meant', async (source, hint) => {
    await expect(read([source])).rejects.toMatchObject({
      code: 'SOURCE_UNKNOWN',
      blame: 'usage',
      hint: expect.stringMatching(hint),
    });
  });

  it('refuses a source without a mail, but not one whose only mail is too large', async () => {
    await writeFile(path.join(folder, 'empty'), '\n');
    await writeFile(path.join(folder, 'large'), mail(1, 'x'.repeat(3000)));
    await mkdir(path.join(folder, 'box'));
    for (const source of ['empty', 'box']) {
      await expect(read([source])).rejects.toMatchObject({ code: 'SOURCE_EMPTY', blame: 'usage' });
    }
    const skipped: Skipped[] = [];
    expect(await read(['large'], { mailLimit: 2000, onSkip: (one) => skipped.push(one) })).toEqual([]);
    expect(skipped).toEqual([{ origin: 'large', why: 'it is larger than 2000 bytes' }]);
  });

  it('ends at once when interrupted', async () => {
    const stop = new AbortController();
    await writeFile(path.join(folder, 'a.mbox'), mbox(mail(1), mail(2)));
    const mails = readSources(['a.mbox'], { cwd: folder, stdin: terminal(), signal: stop.signal });
    expect((await mails.next()).done).toBe(false);
    stop.abort();
    await expect(mails.next()).rejects.toMatchObject({ code: 'INTERRUPTED', blame: 'interrupted' });
    const silent = read(['-'], { stdin: new PassThrough(), signal: AbortSignal.timeout(30) });
    await expect(silent).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

it('200 MB are read in little memory', async () => {
  const file = path.join(folder, 'large.mbox');
  const part = mbox(
    ...Array.from({ length: 100 }, (_, at) =>
      mail(at, `From here on it is text.\n${'> +\tquoted(code);\n'.repeat(99)}`.repeat(6)),
    ),
  );
  const times = Math.ceil((200 << 20) / part.length);
  await writeFile(
    file,
    Array.from({ length: times }, () => part),
  );
  // In a process of its own: this one has the tests in its memory.
  const program = `
    const { readSources } = await import('./review/sources/read-sources.ts');
    const before = process.memoryUsage().rss;
    let [mails, bytes] = [0, 0];
    const started = performance.now();
    const signal = new AbortController().signal;
    for await (const mail of readSources([process.argv[1]], { cwd: '/', stdin: process.stdin, signal })) {
      mails += 1;
      bytes += mail.bytes.length;
    }
    const ms = performance.now() - started;
    console.log(JSON.stringify({ mails, bytes, ms, more: process.resourceUsage().maxRSS * 1024 - before }));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program, file], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  const { mails, more, ms } = JSON.parse(printed) as { mails: number; more: number; ms: number };
  expect(mails).toBe(times * 100);
  expect(more).toBeLessThan(150 << 20);
  expect(ms).toBeLessThan(20_000);
});
