// SPDX-License-Identifier: MIT
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RespinError } from '../core/errors.ts';
import type { Series } from '../core/series.ts';
import { runOk } from '../system/exec.ts';
import { edited, FIXTURES, fixture } from './fixtures.ts';
import { listSeries } from './list-series.ts';
import { joinMbox } from './mbox.ts';
import { type ReadSeriesOptions, readSeries } from './read-series.ts';

const V2 = path.join(FIXTURES, 'mails', 'series-v2');
const V1 = path.join(FIXTURES, 'mails', 'series-v1');
const SUBJECTS = [
  'vsock: let the receive buffer be larger',
  'vsock: say ERANGE',
  'tools: rename the script, grüner',
];

let folder: string;
let options: ReadSeriesOptions;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-test-'));
  await mkdir(path.join(folder, 'patches'));
  options = { cwd: folder, patchesDir: path.join(folder, 'patches') };
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const subjects = (series: Series): string[] => series.patches.map((patch) => patch.subject);
const errorOf = async (what: string, more: Partial<ReadSeriesOptions> = {}): Promise<RespinError> =>
  await readSeries(what, { ...options, ...more }).then(
    () => {
      throw new Error('was read');
    },
    (error: RespinError) => error,
  );
const mailsOf = async (from: string): Promise<Buffer[]> =>
  await Promise.all((await readdir(from)).sort().map(async (name) => await readFile(path.join(from, name))));

async function makeSeries(name: string, versions: Record<string, string>): Promise<string> {
  const place = path.join(folder, 'patches', name);
  let toml = `title = "Title of ${name}"\ntree = "debian:linux-source-6.12"\n`;
  for (const [version, from] of Object.entries(versions)) {
    await cp(from, path.join(place, version), { recursive: true });
    toml += `[[versions]]\nversion = "${version}"\ndate = 2026-01-31\n`;
  }
  await mkdir(place, { recursive: true });
  await writeFile(path.join(place, 'series.toml'), toml);
  return place;
}

describe('stdin', () => {
  it('is read as a file is', async () => {
    const mbox = Buffer.concat(await mailsOf(V2));
    const series = await readSeries('-', { ...options, stdin: Readable.from([mbox]) });
    expect(series).toMatchObject({ source: 'stdin', version: 'v2', cover: { origin: 'stdin#1' } });
    expect(subjects(series)).toEqual(SUBJECTS);
    const one = await readSeries('-', {
      ...options,
      alone: true,
      stdin: Readable.from((await mailsOf(V2)).slice(2, 3)),
    });
    expect(one.patches).toMatchObject([{ index: 2, total: 3, origin: 'stdin' }]);
  });

  it('is not waited for at a terminal, and its trouble is told', async () => {
    const terminal = Object.assign(Readable.from([]), { isTTY: true });
    expect(await errorOf('-', { stdin: terminal })).toMatchObject({ code: 'SOURCE_TERMINAL', exitCode: 2 });
    const broken = new Readable({ read: () => void broken.destroy(new Error('EIO')) });
    expect(await errorOf('-', { stdin: broken })).toMatchObject({ code: 'STDIN_UNREADABLE', exitCode: 3 });
    const stop = new AbortController();
    const silent = new Readable({ read: () => {} });
    const waiting = errorOf('-', { stdin: silent, signal: stop.signal });
    setImmediate(() => stop.abort());
    expect(await waiting).toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    expect(await errorOf('-', { stdin: Readable.from([]) })).toMatchObject({ code: 'SERIES_EMPTY' });
  });
});

describe('one patch of a series alone', () => {
  it('will do where that is asked for, in a file of its own', async () => {
    const mails = await mailsOf(V2);
    await writeFile(path.join(folder, 'one'), mails[2] ?? '');
    await writeFile(path.join(folder, 'two'), Buffer.concat(mails.slice(2)));
    await writeFile(path.join(folder, 'covered'), Buffer.concat(mails.slice(0, 2)));
    const alone = { ...options, alone: true };
    const series = await readSeries('one', alone);
    expect(series).toMatchObject({ version: 'v2', cover: null, patches: [{ index: 2, total: 3 }] });
    expect(await errorOf('one')).toMatchObject({ code: 'SERIES_INCOMPLETE' });
    for (const some of ['two', 'covered']) {
      expect(await errorOf(some, { alone: true })).toMatchObject({ code: 'SERIES_INCOMPLETE' });
    }
  });
});

describe('a series in patches/', () => {
  it('is read by its name, the newest version first', async () => {
    await makeSeries('vsock-buffers', { v1: V1, v2: V2 });
    const newest = await readSeries('vsock-buffers', options);
    expect(newest).toMatchObject({
      name: 'vsock-buffers',
      title: 'Title of vsock-buffers',
      version: 'v2',
      source: 'vsock-buffers',
      tree: 'debian:linux-source-6.12',
      baseCommit: '4f0e488e25f9b5e23ba1b8e738a7e23fcf1f2f4c',
      cover: { subject: 'vsock: larger receive buffers' },
    });
    expect(subjects(newest)).toEqual(SUBJECTS);
    const first = await readSeries('vsock-buffers', { ...options, version: 'v1' });
    expect(first.version).toBe('v1');
    expect(subjects(first)).toEqual(SUBJECTS.slice(0, 2));
    expect(first.patches[1]?.origin).toBe('vsock-buffers/v1/0002-vsock-say-ERANGE.patch');
  });

  it('is read by its folder too', async () => {
    const place = await makeSeries('other', { v1: V1 });
    expect(await readSeries(place, { cwd: '/' })).toMatchObject({ name: 'other', title: 'Title of other' });
  });

  it('is listed with what it has', async () => {
    await makeSeries('b', { v1: V1, v2: V2 });
    await makeSeries('a', { v1: V1 });
    await mkdir(path.join(folder, 'patches', 'no-series'));
    expect(await listSeries({ patchesDir: path.join(folder, 'patches') })).toEqual([
      {
        name: 'a',
        title: 'Title of a',
        tree: 'debian:linux-source-6.12',
        versions: [{ version: 'v1', date: '2026-01-31', patches: 2 }],
      },
      {
        name: 'b',
        title: 'Title of b',
        tree: 'debian:linux-source-6.12',
        versions: [
          { version: 'v1', date: '2026-01-31', patches: 2 },
          { version: 'v2', date: '2026-01-31', patches: 3 },
        ],
      },
    ]);
    expect(await listSeries({ patchesDir: path.join(folder, 'nowhere') })).toEqual([]);
  });

  it('says what is wrong with a name, a version, the file, the folder', async () => {
    const place = await makeSeries('vsock-buffers', { v1: V1, v2: V2 });
    expect(await errorOf('vsock-bufers')).toMatchObject({
      code: 'SERIES_UNKNOWN',
      exitCode: 2,
      hint: 'did you mean vsock-buffers?',
    });
    expect(await errorOf('')).toMatchObject({ code: 'SERIES_UNKNOWN', exitCode: 2 });
    expect(await errorOf('vsock-buffers', { version: 'v3' })).toMatchObject({
      code: 'SERIES_VERSION',
      exitCode: 2,
    });
    expect(await errorOf('vsock-buffers', { version: '../v1' })).toMatchObject({
      code: 'SERIES_VERSION',
      exitCode: 2,
    });
    await rm(path.join(place, 'v2'), { recursive: true });
    expect(await errorOf('vsock-buffers')).toMatchObject({ code: 'SERIES_EMPTY', exitCode: 1 });
    await cp(V2, path.join(place, 'v1'), { recursive: true });
    expect(await errorOf('vsock-buffers', { version: 'v1' })).toMatchObject({
      code: 'SERIES_MIXED',
      exitCode: 1,
    });
    await writeFile(path.join(place, 'series.toml'), 'title = \n');
    expect(await errorOf('vsock-buffers')).toMatchObject({ code: 'SERIES_TOML', exitCode: 2 });
  });
});

describe('a folder, an mbox, a mail', () => {
  it('a damaged mail of one version does not keep another from being read', async () => {
    const [first, ...others] = await mailsOf(V1);
    const damaged = Buffer.from(
      (first ?? Buffer.alloc(0)).toString('latin1').replace(/(?:\n[ +-][^\n]*){3}\n-- \n[\s\S]*$/, '\n'),
      'latin1',
    );
    const all = [damaged, ...others, ...(await mailsOf(V2))];
    await writeFile(
      path.join(folder, 'both.mbox'),
      joinMbox(all.map((mail) => mail.subarray(mail.indexOf('\n') + 1))),
    );
    expect(await readSeries('both.mbox', options)).toMatchObject({ version: 'v2' });
    expect(await errorOf('both.mbox', { version: 'v1' })).toMatchObject({
      code: 'PATCH_TRUNCATED',
      exitCode: 1,
    });
    // And the newest is not passed over because it is damaged.
    const [cover, second, ...rest] = await mailsOf(V2);
    const cut = Buffer.from(
      (second ?? Buffer.alloc(0)).toString('latin1').replace(/(?:\n[ +-][^\n]*){3}\n-- \n[\s\S]*$/, '\n'),
      'latin1',
    );
    const newest = [...(await mailsOf(V1)), cover ?? Buffer.alloc(0), cut, ...rest];
    await writeFile(
      path.join(folder, 'both.mbox'),
      joinMbox(newest.map((mail) => mail.subarray(mail.indexOf('\n') + 1))),
    );
    expect(await errorOf('both.mbox')).toMatchObject({ code: 'PATCH_TRUNCATED', exitCode: 1 });
  });

  it('are the same series', async () => {
    const mbox = path.join(folder, 'thread.mbox');
    await writeFile(mbox, Buffer.concat(await mailsOf(V2)));
    const fromFolder = await readSeries(V2, options);
    const fromMbox = await readSeries('thread.mbox', options);
    expect(fromMbox).toMatchObject({
      name: 'vsock-larger-receive-buffers',
      version: 'v2',
      title: 'vsock: larger receive buffers',
      tree: null,
    });
    expect(fromMbox.patches[2]?.origin).toBe('thread.mbox#4');
    const bare = ({ patches }: Series): unknown[] => patches.map(({ origin: _, ...patch }) => patch);
    expect(bare(fromMbox)).toEqual(bare(fromFolder));
    const one = await readSeries(path.join(FIXTURES, 'mails', 'single-rfc.patch'), options);
    expect(one).toMatchObject({ version: 'v3', patches: [{ index: 1, total: 1, prefixes: ['RFC'] }] });
  });

  it('are put in order, whatever order the mails came in', async () => {
    await writeFile(path.join(folder, 'x'), Buffer.concat((await mailsOf(V2)).reverse()));
    expect(subjects(await readSeries('x', options))).toEqual(SUBJECTS);
  });

  it('may hold replies, other mails and a mail twice', async () => {
    const mails = await mailsOf(V2);
    const reply = edited('mails/series-v2/v2-0002-vsock-say-ERANGE.patch', (text) =>
      text.replace('Subject: ', 'Subject: Re: ').replace(/Message-Id: <.*>/, 'Message-Id: <r@example.org>'),
    );
    const talk = Buffer.from(
      'From x@y Thu Jan  1 00:00:00 1970\nFrom: a@example.org\nSubject: ping\n\nAny news?\n',
    );
    await writeFile(path.join(folder, 'x'), Buffer.concat([talk, ...mails, reply, mails[2] ?? talk]));
    expect(subjects(await readSeries('x', options))).toEqual(SUBJECTS);
  });

  it('may hold several versions: the newest counts, or the one asked for', async () => {
    await writeFile(path.join(folder, 'x'), Buffer.concat([...(await mailsOf(V2)), ...(await mailsOf(V1))]));
    expect((await readSeries('x', options)).version).toBe('v2');
    const first = await readSeries('x', { ...options, version: 'v1' });
    expect([first.version, first.patches.length, first.cover]).toEqual(['v1', 2, null]);
    expect(await errorOf('x', { version: 'v7' })).toMatchObject({
      code: 'SERIES_VERSION',
      hint: 'there is v1, v2',
    });
  });

  it('take unnumbered patches in the order of their names', async () => {
    await mkdir(path.join(folder, 'set'));
    for (const [at, mail] of (await mailsOf(V1)).entries()) {
      const text = mail.toString().replace(/\[PATCH \d\/\d\]/, '[PATCH]');
      await writeFile(path.join(folder, 'set', `${at}.patch`), text);
    }
    const series = await readSeries('set', options);
    expect(series.patches.map((patch) => [patch.index, patch.total])).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  const change =
    (at: number, from: RegExp, to: string) =>
    (mails: Buffer[]): Buffer[] =>
      mails.map((mail, index) => (index === at ? Buffer.from(mail.toString().replace(from, to)) : mail));
  it.each<[string, (mails: Buffer[]) => Buffer[], string, RegExp]>([
    ['nothing', () => [], 'SERIES_EMPTY', /holds no mail/],
    [
      'only the cover letter',
      (mails) => mails.slice(0, 1),
      'SERIES_INCOMPLETE',
      /3 patches its cover letter announces/,
    ],
    ['all but one', (mails) => mails.toSpliced(2, 1), 'SERIES_INCOMPLETE', /lacks patch 2\/3/],
    ['one number twice', change(3, /3\/3/, '2/3'), 'SERIES_DUPLICATE', /patch 2\/3 twice/],
    ['two totals', change(3, /3\/3/, '3/4'), 'SERIES_MIXED', /different series/],
    ['a number too high', change(3, /3\/3/, '4/3'), 'SERIES_MIXED', /no 4 of 3/],
    ['a patch without a number', change(3, / 3\/3/, ''), 'SERIES_MIXED', /with and without a number/],
    ['a cut mail', (mails) => change(3, /\+grün[\s\S]*/, '')(mails), 'PATCH_TRUNCATED', /x#4/],
    [
      'only talk',
      () => [Buffer.from('From: a@example.org\nSubject: ping\n\nAny news?\n')],
      'SERIES_EMPTY',
      /none of the 1 mails/,
    ],
  ])('with %s it is refused', async (_, edit, code, message) => {
    await writeFile(path.join(folder, 'x'), Buffer.concat(edit(await mailsOf(V2))));
    const error = await errorOf('x');
    expect(error).toMatchObject({ code, blame: 'series', exitCode: 1 });
    expect(error.message).toMatch(message);
  });

  it('refuses a later patch that writes through a symlink of an earlier one', async () => {
    const link = edited('mails/series-v1/0001-vsock-let-the-receive-buffer-be-larger.patch', (text) =>
      text.replace(
        /diff --git[\s\S]*(?=-- \n)/,
        'diff --git a/l b/l\nnew file mode 120000\nindex 0000000..1234567\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+include\n\\ No newline at end of file\n',
      ),
    );
    const through = edited('mails/series-v1/0002-vsock-say-ERANGE.patch', (text) =>
      text.replace(
        /diff --git[\s\S]*(?=-- \n)/,
        'diff --git a/l/x b/l/x\nnew file mode 100644\nindex 0000000..1234567\n--- /dev/null\n+++ b/l/x\n@@ -0,0 +1 @@\n+x\n',
      ),
    );
    await writeFile(
      path.join(folder, 'x'),
      joinMbox([link, through].map((mail) => mail.subarray(mail.indexOf('\n') + 1))),
    );
    expect(await errorOf('x')).toMatchObject({ code: 'PATCH_PATH_UNSAFE', exitCode: 1 });
  });
});

describe('a git range', () => {
  let repository: string;
  const git = async (...args: string[]): Promise<string> =>
    (
      await runOk('git', args, { cwd: repository, env: { HOME: folder, GIT_CONFIG_NOSYSTEM: '1' } })
    ).stdout.trim();
  const commit = async (name: string, text: Uint8Array | string, message: string): Promise<void> => {
    await writeFile(path.join(repository, name), text);
    await git('add', '-A');
    await git(
      '-c',
      'user.name=Zoë Müller',
      '-c',
      'user.email=zoe@example.org',
      'commit',
      '-q',
      '-m',
      message,
    );
  };
  beforeEach(async () => {
    repository = path.join(folder, 'repository');
    await mkdir(repository);
    await git('init', '-q', '-b', 'main');
    await commit('file', 'one\n', 'base');
    await commit(
      'file',
      'two\r\n',
      'file: two\n\nFrom here on, two.\n\nFrom 1234567890 Mon Sep 17 00:00:00 2001\nFrom: it is only text\n',
    );
    await commit('latin1', Buffer.from('gr\xfcn\n', 'latin1'), 'latin1: add');
    await commit('blob', Buffer.from([0, 1, 2, 255]), 'blob: add');
  });

  it('is read from anywhere or from within, and can be applied byte for byte', async () => {
    const series = await readSeries(`git:${repository}#main~3..main`, options);
    expect(subjects(series)).toEqual(['file: two', 'latin1: add', 'blob: add']);
    expect(series).toMatchObject({
      name: 'file-two',
      version: 'v1',
      baseCommit: await git('rev-parse', 'main~3'),
    });
    expect(subjects(await readSeries('HEAD~2..', { ...options, cwd: repository }))).toEqual([
      'latin1: add',
      'blob: add',
    ]);
    // It is tested on what it begins from.
    expect(series.tree).toBe(`git:${repository}#${series.baseCommit}`);
    const before = await git('rev-parse', 'main^{tree}');
    await git('checkout', '-q', '-b', 'again', 'main~3');
    await runOk(
      'git',
      [
        '-c',
        'user.name=x',
        '-c',
        'user.email=x@example.org',
        'am',
        '-q',
        '--keep-cr',
        '--scissors',
        '--patch-format=mboxrd',
      ],
      {
        cwd: repository,
        env: { HOME: folder },
        input: Buffer.concat(series.patches.map(({ mail }) => mail)),
      },
    );
    expect(await git('rev-parse', 'HEAD^{tree}')).toBe(before);
    expect(await git('log', '-1', '--format=%an %s%n%b', 'HEAD~2')).toBe(
      await git('log', '-1', '--format=%an %s%n%b', 'main~2'),
    );
  });

  it('does not depend on the settings of the repository, and writes nothing to it', async () => {
    const plain = await readSeries('main~3..main', { ...options, cwd: repository });
    for (const setting of [
      'format.attach=x',
      'format.signOff=true',
      'format.subjectPrefix=X',
      'format.coverLetter=true',
      'format.numbered=false',
      'diff.noprefix=true',
      'diff.mnemonicPrefix=true',
      'diff.context=0',
      'diff.external=false',
      'color.ui=always',
      'format.useAutoBase=true',
      'format.outputDirectory=out',
      'format.notes=true',
      'format.thread=true',
      'format.from=true',
      'format.headers=X-A: b',
    ]) {
      const at = setting.indexOf('=');
      await git('config', setting.slice(0, at), setting.slice(at + 1));
    }
    await writeFile(path.join(repository, 'file'), 'not committed');
    const index = await stat(path.join(repository, '.git', 'index'));
    const files = await readdir(repository, { recursive: true });
    const read = await readSeries('main~3..main', { ...options, cwd: repository });
    const bare = (series: Series): unknown[] =>
      series.patches.map(({ mail: _, notes: __, ...patch }) => patch);
    expect(bare(read)).toEqual(bare(plain));
    expect(await readdir(repository, { recursive: true })).toEqual(files);
    expect((await stat(path.join(repository, '.git', 'index'))).mtimeMs).toBe(index.mtimeMs);
  });

  it('without a start it is what HEAD has', async () => {
    await git('checkout', '-q', '-b', 'old', 'main~2');
    expect(subjects(await readSeries('..main', { ...options, cwd: repository }))).toEqual([
      'latin1: add',
      'blob: add',
    ]);
    expect(subjects(await readSeries(`git:${repository}#..main`, options))).toHaveLength(2);
  });

  it('is that of the repository that was named, whatever GIT_DIR says', async () => {
    const other = path.join(folder, 'other');
    await runOk('git', ['init', '-q', other]);
    process.env['GIT_DIR'] = path.join(other, '.git');
    try {
      expect(subjects(await readSeries(`git:${repository}#main~1..main`, options))).toEqual(['blob: add']);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it('is refused with a merge in it: what that changed itself would be in no patch', async () => {
    await git('checkout', '-q', '-b', 'side', 'main~1');
    await commit('side', 'side\n', 'side: add');
    await git('-c', 'user.name=x', '-c', 'user.email=x@example.org', 'merge', '-q', '--no-ff', 'main');
    expect(await errorOf(`git:${repository}#main~2..side`)).toMatchObject({
      code: 'SERIES_HAS_MERGES',
      exitCode: 2,
    });
  });

  it('of a partial clone is refused: reading it would write into it', async () => {
    await git('config', 'uploadpack.allowFilter', 'true');
    const partial = path.join(folder, 'partial');
    const words = ['clone', '-q', '--bare', '--filter=blob:none', `file://${repository}`, partial];
    await runOk('git', words, { env: { HOME: folder } });
    const before = await readdir(path.join(partial, 'objects'), { recursive: true });
    expect(await errorOf(`git:${partial}#main~1..main`)).toMatchObject({
      code: 'SERIES_PARTIAL_CLONE',
      exitCode: 2,
    });
    expect(await readdir(path.join(partial, 'objects'), { recursive: true })).toEqual(before);
  });

  it('says what is wrong with a range', async () => {
    expect(await errorOf(`git:${repository}#main..main`)).toMatchObject({
      code: 'SERIES_EMPTY',
      exitCode: 1,
    });
    expect(await errorOf(`git:${repository}#main..nowhere`)).toMatchObject({
      code: 'SERIES_UNKNOWN',
      exitCode: 2,
    });
    expect(await errorOf(`git:${repository}#--output=x..main`)).toMatchObject({
      code: 'SERIES_UNKNOWN',
      exitCode: 2,
    });
    expect(await errorOf(`git:${repository}#main`)).toMatchObject({ code: 'SERIES_UNKNOWN', exitCode: 2 });
    expect(await errorOf(`git:${folder}/none#a..b`)).toMatchObject({ code: 'SERIES_UNKNOWN', exitCode: 2 });
    expect(await errorOf('a..b')).toMatchObject({ code: 'SERIES_UNKNOWN', exitCode: 2 });
  });
});

describe('what cannot be read', () => {
  it('is told', async () => {
    await mkdir(path.join(folder, 'bare'));
    expect(await errorOf('bare')).toMatchObject({ code: 'SERIES_EMPTY', exitCode: 1 });
    await writeFile(path.join(folder, 'some.diff'), fixture('diffs/crlf.diff'));
    expect(await errorOf('some.diff')).toMatchObject({ code: 'MAIL_HEADERS', exitCode: 1 });
  });
});
