// SPDX-License-Identifier: MIT
/** Threads fetched from the real server that lore.kernel.org runs, filled by its own delivery tool. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinMbox } from '../../patches/mbox.ts';
import { readSeries } from '../../patches/read-series.ts';
import type { RawMail } from '../../review/sources/read-sources.ts';
import { readSources } from '../../review/sources/read-sources.ts';
import { projectRoot } from '../../system/paths.ts';
import { makeEchoRepository } from '../fixtures/review/make-echo-limit.ts';
import { expectGold } from './expect-gold.ts';
import { hasPublicInbox, type PublicInbox, startPublicInbox } from './public-inbox.ts';
import {
  ECHO_NAME,
  fixtureMails,
  importInto,
  makeReviewWorld,
  mboxrd,
  type ReviewWorld,
  showReview,
} from './review-world.ts';
import { sh } from './world.ts';

const V1 = path.join(projectRoot, 'patches/vsock-rx-buffers/v1');
const FROM_LINE = /^From .*\n/;

const there = await hasPublicInbox();
if (!there) {
  process.stderr.write(
    '\nSKIPPED: nothing is tested against the real archive server, which is not installed.\n' +
      'As root: apt-get install -y --no-install-recommends public-inbox\n\n',
  );
}

/** The mails of the series, as git send-email sends them. */
const series = readdirSync(V1)
  .sort()
  .map((file) => readFileSync(path.join(V1, file), 'utf8').replace(FROM_LINE, ''));

const reply = `From: Rita Reviewer <rita@example.org>
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <a/slash+and%percent@example.org>
In-Reply-To: <20261122-vsock-rx-buffers-v1-2@example.org>
Subject: Re: [PATCH net-next 2/4] vsock/virtio: copy small packets out of large rx buffers
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

On Sun, Nov 22, 2026, somebody wrote:
> The rx buffers a guest posts hold 4 KiB

From what I see this is f\u00fcr die Katz.
>From here it was quoted before.

`;

const idOf = (mail: string): string => /^Message-ID: <(.*)>$/im.exec(mail)?.[1] ?? '';
const text = (mail: RawMail): string => Buffer.from(mail.bytes).toString('utf8');
/** What the list itself puts into the header. */
const withoutList = (mail: string): string =>
  mail.replace(/^(?:List-Id|Archived-At|List-Archive|List-Post): .*\n/gm, '');

async function fetched(...sources: string[]): Promise<RawMail[]> {
  const options = { cwd: tmpdir(), stdin: new PassThrough(), signal: new AbortController().signal };
  const mails: RawMail[] = [];
  for await (const mail of readSources(sources, options)) mails.push(mail);
  return mails;
}

describe.skipIf(!there)('a thread on a public-inbox server', () => {
  let inbox: PublicInbox;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'respin-thread-'));
    inbox = await startPublicInbox('vsock');
    for (const mail of series) await inbox.deliver(Buffer.from(mail));
    await inbox.deliver(Buffer.from(reply));
  });
  afterAll(async () => {
    await inbox?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('comes whole, each mail to the byte as it was sent, by the address of any of its mails', async () => {
    const sent = new Map([...series, reply].map((mail) => [idOf(mail), mail]));
    const ids = ['20261122-vsock-rx-buffers-v1-0@example.org', '20261122-vsock-rx-buffers-v1-4@example.org'];
    const escaped = encodeURIComponent(idOf(reply));
    const reached = [...ids.flatMap((id) => [id, `${id}/`, `${id}/T/#u`, `${id}/raw`]), escaped];
    for (const address of reached) {
      const mails = await fetched(`${inbox.list}${address}`);
      const found = new Map(mails.map((mail) => [idOf(text(mail)), withoutList(text(mail))]));
      expect(found, address).toEqual(sent);
      const id = address === escaped ? 'a%2Fslash+and%25percent@example.org' : address.replace(/\/.*/, '');
      const thread = `${inbox.list}${id}/`;
      expect(mails.map(({ origin }) => origin)).toEqual(mails.map((_, at) => `${thread}#${at + 1}`));
    }
  });

  it('has the series in it that was sent', async () => {
    const mails = await fetched(`${inbox.list}20261122-vsock-rx-buffers-v1-0@example.org/`);
    const file = path.join(folder, 'fetched.mbox');
    writeFileSync(file, joinMbox(mails.map(({ bytes }) => bytes)));
    const [back, sent] = [
      await readSeries(file, { cwd: folder }),
      await readSeries('vsock-rx-buffers', { cwd: folder, version: 'v1' }),
    ];
    expect(back.patches).toHaveLength(4);
    const essence = (one: typeof back) =>
      one.patches.map(({ origin: _, mail: __, ...rest }) => ({ ...rest, notes: rest.notes.trim() }));
    expect(essence(back)).toEqual(essence(sent));
  });

  it('is good for git am', async () => {
    const repository = path.join(folder, 'repository');
    sh(folder, 'git', 'init', '-q', '-b', 'main', repository);
    const commit = (subject: string, content: string): void => {
      writeFileSync(path.join(repository, 'file.c'), content);
      sh(repository, 'git', 'add', 'file.c');
      sh(repository, 'git', 'commit', '-q', '-m', subject);
    };
    commit('base', 'int a;\n');
    commit(
      'file: Zo\u00eb wants b\n\n>From one b on.\nFrom here, 10:00 in 2024: text.',
      'int a;\nint b; /* \u00e4 */\n',
    );
    commit('file: c\n\nText.', 'int a;\r\nint b;\n\f\nFrom c;\n\n\n');
    const written = path.join(folder, 'mails');
    sh(repository, 'git', 'format-patch', '-q', '--thread', '--cover-letter', '-v2', '-o', written, 'HEAD~2');
    const files = readdirSync(written).sort();
    for (const file of files) {
      const mail = readFileSync(path.join(written, file), 'latin1').replace(FROM_LINE, '');
      await inbox.deliver(Buffer.from(mail, 'latin1'));
    }
    const id = idOf(readFileSync(path.join(written, files[0] ?? ''), 'utf8'));
    const patches = (await fetched(`${inbox.list}${id}/`)).filter(
      (mail) => !/^Subject: .* 0\/2\]/m.test(text(mail)),
    );
    expect(patches).toHaveLength(2);
    const names = patches.map((mail, at) => {
      const name = path.join(folder, `${at + 1}.eml`);
      writeFileSync(name, mail.bytes);
      return name;
    });
    const tip = sh(repository, 'git', 'log', '-2', '--format=%T%n%B');
    sh(repository, 'git', 'reset', '-q', '--hard', 'HEAD~2');
    sh(repository, 'git', 'am', '-q', '--keep-cr', ...names);
    expect(sh(repository, 'git', 'log', '-2', '--format=%T%n%B')).toBe(tip);
  });

  it('that is not there, or whose Message-ID is cut short, is told', async () => {
    for (const id of ['nobody-sent-this@example.org', '20261122-vsock-rx-buffers@example.org']) {
      await expect(fetched(`${inbox.list}${id}/`)).rejects.toMatchObject({
        code: 'SOURCE_NOT_FOUND',
        blame: 'usage',
      });
    }
    await expect(fetched(inbox.list.replace('/vsock/', '/netdev/x@y/'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    });
  });
});

describe.skipIf(!there)('a series with its reviews on a public-inbox server', () => {
  const mails = fixtureMails();
  const coverOf = (version: string): string =>
    idOf([...mails].find(([name]) => name.endsWith(`-${version}-0.eml`))?.[1].toString('latin1') ?? '');
  let inbox: PublicInbox;
  let world: ReviewWorld;

  beforeAll(async () => {
    world = await makeReviewWorld();
    inbox = await startPublicInbox('vsock');
    for (const mail of mails.values()) await inbox.deliver(mail);
    for (const version of ['v2', 'v1', 'v3']) await importInto(world, `${inbox.list}${coverOf(version)}/`);
  });
  afterAll(async () => {
    await inbox?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  it('gives the review that its mbox gives', async () => {
    await using other = await makeReviewWorld();
    writeFileSync(path.join(other.folder, 'thread.mbox'), mboxrd(mails.values()));
    await importInto(other, 'thread.mbox');
    const review = await showReview(world);
    expectGold(review);
    expect(review).toEqual(await showReview(other));
  });

  it('is there already when it is fetched again, by the address of a reply', async () => {
    const { series } = await importInto(world, `${inbox.list}rita-v2-1@example.org/`);
    expect(series).toMatchObject([{ name: ECHO_NAME, added: 0, mails: mails.size }]);
  });

  it('is a series like any other: shown version by version, its patches good for git am', async () => {
    const repository = path.join(world.folder, 'linux');
    makeEchoRepository(repository);
    for (const version of ['v1', 'v2', 'v3']) {
      const shown = await world.respin('series', 'show', ECHO_NAME, '--version', version, '--json');
      expect(shown.status, shown.stderr).toBe(0);
      const { patches } = JSON.parse(shown.stdout) as { patches: { subject: string }[] };
      const log = sh(repository, 'git', 'log', '--reverse', '--format=%s', `base..${version}`);
      expect(patches.map(({ subject }) => subject)).toEqual(log.trim().split('\n'));

      const folder = path.join(world.patches, ECHO_NAME, 'mail');
      const kept = readdirSync(folder).filter((name) =>
        new RegExp(`-${version}-000[1-9]-(?!re-)`).test(name),
      );
      expect(kept).toHaveLength(4);
      sh(repository, 'git', 'checkout', '-q', '--detach', 'base');
      sh(repository, 'git', 'am', '-q', ...kept.sort().map((name) => path.join(folder, name)));
      const essence = (range: string): string =>
        sh(repository, 'git', 'log', '--format=%T %an %ad%n%B', range);
      expect(essence('base..HEAD').replace(/ \d\d:\d\d:0\d /g, ' ')).toBe(
        essence(`base..${version}`).replace(/ \d\d:\d\d:0\d /g, ' '),
      );
    }
  });
});
