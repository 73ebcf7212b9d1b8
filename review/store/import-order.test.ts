// SPDX-License-Identifier: MIT
/** However the mails of a series come, one at a time or all at once: what is kept is the same. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../system/paths.ts';
import { type MailWords, mailBytes } from '../mails/fixture.ts';
import { type Imported, importMails } from './import-mails.ts';
import { MailSet } from './read-mails.ts';
import { changeState, readState } from './state.ts';

const ECHO = path.join(projectRoot, 'test/fixtures/review/echo-limit/mails');

let world: string;
let patches: string;

beforeEach(() => {
  world = mkdtempSync(path.join(tmpdir(), 'respin-order-'));
  patches = path.join(world, 'patches');
});

afterEach(() => {
  rmSync(world, { recursive: true, force: true });
});

async function importBytes(mails: readonly Uint8Array[], into: string | null = null): Promise<Imported> {
  const set = new MailSet();
  for (const bytes of mails) await set.add(bytes, 'mail', { bytes: () => bytes });
  return await importMails(set, { patches, into, waiting: path.join(world, 'waiting') });
}

const importWords = (...mails: MailWords[]): Promise<Imported> => importBytes(mails.map(mailBytes));

/** Every file and what is in it. */
function all(): Record<string, string> {
  const files = readdirSync(patches, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files.map(({ parentPath, name }) => path.join(parentPath, name)).sort();
  return Object.fromEntries(
    paths.map((file) => [path.relative(patches, file), readFileSync(file, 'latin1')]),
  );
}

const waiting = (): string[] =>
  existsSync(path.join(world, 'waiting/mail')) ? readdirSync(path.join(world, 'waiting/mail')) : [];

/** A v2 under another title, and with another first patch, which a link in its cover letter leads back from. */
const COVER: MailWords = { id: 'c1@x', subject: '[PATCH 0/2] net: bound the memory of a queue' };
const V1: MailWords[] = [
  { id: 'p11@x', subject: '[PATCH 1/2] net: count what is queued', answers: ['c1@x'] },
  { id: 'p12@x', subject: '[PATCH 2/2] net: refuse what is too much', answers: ['c1@x'] },
];
const V2: MailWords[] = [
  {
    ...{ id: 'c2@x', subject: '[PATCH v2 0/1] net: limit a peer', day: 9 },
    body: 'Words.\n\nChanges in v2:\n- all of it\n- Link to v1: https://lore.kernel.org/r/c1@x\n',
  },
  { id: 'p21@x', subject: '[PATCH v2 1/1] net: say no', answers: ['c2@x'], day: 9 },
];
const REPLIES: MailWords[] = [
  {
    id: 'r1@x',
    subject: 'Re: [PATCH 2/2] net: refuse what is too much',
    answers: ['p12@x'],
    from: 'rita@example.org',
    body: 'Looks good.\n',
    day: 2,
  },
  {
    id: 'r2@x',
    subject: 'Re: [PATCH 2/2] net: refuse what is too much',
    answers: ['r1@x'],
    body: 'Thank you.\n',
    day: 3,
  },
];
const MAILS = [COVER, ...V1, ...V2, ...REPLIES];

describe('one mail at a time', () => {
  const orders: Record<string, (mails: readonly string[]) => string[]> = {
    'the newest first': (mails) => [...mails].reverse(),
    'replies before patches': (mails) =>
      [...mails].sort((a, b) => Number(/^\d/.test(a)) - Number(/^\d/.test(b))),
    'v2 before v1, cover letters last': (mails) =>
      [...mails].sort((a, b) => rank(a) - rank(b) || (a < b ? 1 : -1)),
    shuffled: (mails) => [...mails].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1)),
  };
  const rank = (name: string): number => (/-0\.eml$/.test(name) ? 2 : /v1/.test(name) ? 1 : 0);
  const hashOf = (name: string): string =>
    [...name]
      .reverse()
      .join('')
      .replace(/\d/g, (one) => `${9 - Number(one)}`);

  for (const [order, sorted] of Object.entries(orders)) {
    it(`a series of three versions and its replies, ${order}`, async () => {
      const names = readdirSync(ECHO);
      const bytes = (name: string): Buffer => readFileSync(path.join(ECHO, name));
      await importBytes(names.map(bytes));
      const once = all();
      expect(readdirSync(patches)).toEqual(['vsock-echo-bound-the-memory-of-queued-packets']);
      rmSync(patches, { recursive: true });
      for (const name of sorted(names)) await importBytes([bytes(name)]);
      expect(all()).toEqual(once);
      expect(waiting()).toEqual([]);
    });
  }

  it('a link to an earlier version that comes when both are there', async () => {
    await importWords(...MAILS);
    const once = all();
    expect(readdirSync(patches)).toEqual(['net-bound-the-memory-of-a-queue']);
    const [cover, patch] = V2 as [MailWords, MailWords];
    for (const mails of [
      [COVER, ...V1, ...REPLIES, patch, cover],
      [patch, ...V1, ...REPLIES, COVER, cover],
      [cover, patch, ...REPLIES, ...V1, COVER],
      MAILS.toReversed(),
    ]) {
      rmSync(patches, { recursive: true });
      for (const words of mails) await importWords(words);
      expect(all(), mails.map(({ id }) => id).join(' ')).toEqual(once);
    }
  });

  it('says which folders became one', async () => {
    await importWords(COVER, ...V1);
    await importWords(V2[1] as MailWords);
    expect(readdirSync(patches)).toHaveLength(2);
    const { series } = await importWords(V2[0] as MailWords);
    expect(series).toMatchObject([
      {
        name: 'net-bound-the-memory-of-a-queue',
        versions: ['v1', 'v2'],
        joined: ['net-say-no'],
        added: 1,
        mails: 5,
      },
    ]);
  });

  it('ended by another import when one was killed as it joined two folders', async () => {
    await importWords(COVER, ...V1, ...REPLIES);
    await importWords(V2[1] as MailWords);
    cpSync(path.join(patches, 'net-say-no'), path.join(world, 'kept'), { recursive: true });
    await importWords(V2[0] as MailWords);
    const once = all();
    cpSync(path.join(world, 'kept'), path.join(patches, 'net-say-no'), { recursive: true });
    mkdirSync(path.join(patches, '.half-net-say-no/mail'), { recursive: true });
    await importWords(V2[0] as MailWords);
    expect(all()).toEqual(once);
  });

  it('a reply that was put to the wrong patch of two with one subject', async () => {
    const subject = 'net: fix a typo';
    const one: MailWords = { id: 'a@x', subject: `[PATCH] ${subject}`, from: 'Ann Author <ann@example.org>' };
    const other: MailWords = {
      id: 'b@x',
      subject: `[PATCH] ${subject}`,
      from: 'Bob <bob@example.org>',
      day: 2,
    };
    const reply: MailWords = {
      id: 'r@x',
      subject: `Re: [PATCH] ${subject}`,
      answers: ['b@x'],
      from: 'rita@example.org',
      day: 3,
    };
    await importWords(one, other, reply);
    const once = all();
    rmSync(patches, { recursive: true });
    for (const words of [one, reply, other]) await importWords(words);
    expect(all()).toEqual(once);
  });
});

describe('a reply that comes before its patch', () => {
  const [reply] = REPLIES as [MailWords];

  it('waits for it, and is kept with it', async () => {
    expect(await importWords(reply, { id: 't@x', subject: 'lunch?' })).toMatchObject({
      series: [],
      waiting: 1,
      unused: 1,
    });
    expect(waiting()).toHaveLength(1);
    expect(readdirSync(patches)).toEqual([]);
    // Again it is the same mail, and waits on.
    expect(await importWords(reply)).toMatchObject({ series: [], waiting: 1, unused: 0 });
    expect(await importWords(COVER, ...V1)).toMatchObject({
      series: [{ added: 4, mails: 4 }],
      waiting: 0,
      unused: 0,
    });
    expect(waiting()).toEqual([]);
  });
});

describe('what somebody has written', () => {
  const decision = {
    state: 'declined',
    by: 'Ann',
    date: '2026-11-25',
    why: 'no',
    mail: 'r1@x',
    about: 'x',
  } as const;
  const later = 'net-say-no';
  const first = 'net-bound-the-memory-of-a-queue';

  /** Two folders, and then the mail which tells that they are one series. */
  async function joinedAfter(write: (folder: string) => unknown): Promise<Imported> {
    await importWords(COVER, ...V1, ...REPLIES);
    await importWords(V2[1] as MailWords);
    await write(path.join(patches, later));
    return await importWords(V2[0] as MailWords);
  }

  it('decisions go along', async () => {
    await joinedAfter(async (folder) => {
      await changeState(folder, (state) => state.decisions.set('c0000001', decision));
    });
    expect(readdirSync(patches)).toEqual([first]);
    expect((await readState(path.join(patches, first))).decisions.get('c0000001')).toEqual(decision);
  });

  const written: Record<string, (folder: string) => void> = {
    'patches of a version': (folder) => {
      mkdirSync(path.join(folder, 'v3'));
      writeFileSync(
        path.join(folder, 'v3/0001-x.patch'),
        mailBytes({ id: 'x@x', subject: '[PATCH v3] net: say no' }),
      );
    },
    'a note': (folder) => writeFileSync(path.join(folder, 'notes.txt'), 'ask Rita\n'),
    'a title': (folder) => {
      const file = path.join(folder, 'series.toml');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/title = .*/, 'title = "mine"'));
    },
    'a remark on a decision': (folder) =>
      writeFileSync(path.join(folder, 'review.toml'), '# ask Rita\n[comments.c1]\nstate = "moot"\n'),
    'a review.toml that cannot be read': (folder) =>
      writeFileSync(path.join(folder, 'review.toml'), 'state ='),
  };
  /** But for the mails and the versions that are added. */
  const own = (): [string, string][] =>
    Object.entries(all()).filter(([name]) => !name.includes('mail/') && !name.endsWith('series.toml'));
  for (const [what, write] of Object.entries(written)) {
    it(`stays, and the other folder is joined to it: ${what}`, async () => {
      let before: [string, string][] = [];
      const { problems, series } = await joinedAfter((folder) => {
        write(folder);
        before = own();
      });
      expect(readdirSync(patches)).toEqual([later]);
      expect(own()).toEqual(before);
      expect(readdirSync(path.join(patches, later, 'mail'))).toHaveLength(7);
      expect(readFileSync(path.join(patches, later, 'series.toml'), 'utf8')).toContain(
        what === 'a title' ? 'title = "mine"' : 'version = "v1"',
      );
      expect(series).toMatchObject([{ name: later, joined: [first] }]);
      expect(problems).toEqual([]);
    });

    it(`stays in both folders, with the command that joins them: ${what}`, async () => {
      let before: [string, string][] = [];
      const { problems, series } = await joinedAfter((folder) => {
        write(folder);
        write(path.join(patches, first));
        before = own();
      });
      expect(readdirSync(patches).sort()).toEqual([first, later]);
      expect(own()).toEqual(before);
      expect(series).toMatchObject([{ name: first, joined: [], added: 1, mails: 6 }]);
      const command = `respin review import ${path.join(patches, later, 'mail')} --series ${first}`;
      expect(problems).toMatchObject([{ origin: later, what: expect.stringContaining(command) }]);
    });
  }

  it('of the same comment in two ways stays in both folders', async () => {
    const { problems } = await joinedAfter(async (folder) => {
      await changeState(folder, (state) => state.decisions.set('c0000001', decision));
      const other = { ...decision, why: 'it is not ours' };
      await changeState(path.join(patches, first), (state) => state.decisions.set('c0000001', other));
    });
    expect(readdirSync(patches).sort()).toEqual([first, later]);
    expect(problems).toHaveLength(1);
  });

  it('keeps its name, and its mails', async () => {
    await importBytes([V1[1] as MailWords].map(mailBytes), 'mine');
    const { series } = await importWords(COVER, ...V1.slice(0, 1), ...REPLIES, ...V2);
    expect(series).toMatchObject([{ name: 'mine', versions: ['v1', 'v2'], mails: 7, joined: [] }]);
    expect(readdirSync(patches)).toEqual(['mine']);
  });

  it('a name that decisions were made under stays', async () => {
    await importWords(V2[1] as MailWords);
    await changeState(path.join(patches, later), (state) => state.decisions.set('c0000001', decision));
    await importWords(V2[0] as MailWords);
    expect(readdirSync(patches)).toEqual([later]);
  });
});
