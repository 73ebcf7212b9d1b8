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
import { hasPublicInbox, type PublicInbox, startPublicInbox } from './public-inbox.ts';
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
