// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MailWords, mailBytes } from '../mails/fixture.ts';
import { type Imported, importMails } from './import-mails.ts';
import { MailSet } from './read-mails.ts';

let patches: string;

beforeEach(() => {
  patches = path.join(mkdtempSync(path.join(tmpdir(), 'respin-import-')), 'patches');
});

afterEach(() => {
  rmSync(path.dirname(patches), { recursive: true, force: true });
});

const THREAD: MailWords[] = [
  { id: 'c@x', subject: '[PATCH 0/2] net: make it fast' },
  { id: 'p1@x', subject: '[PATCH 1/2] net: prepare', answers: ['c@x'] },
  { id: 'p2@x', subject: '[PATCH 2/2] net: do it', answers: ['c@x'] },
  { id: 'r@x', subject: 'Re: [PATCH 2/2] net: do it', answers: ['p2@x'], from: 'rita@example.org' },
  { id: 'n@x', subject: '[PATCH v2 0/2] net: make it fast', day: 9 },
  { id: 'n1@x', subject: '[PATCH v2 1/2] net: prepare', answers: ['n@x'], day: 9 },
  { id: 'n2@x', subject: '[PATCH v2 2/2] net: do it', answers: ['n@x'], day: 9 },
  { id: 'x@x', subject: '[PATCH] fs: something else' },
  { id: 't@x', subject: 'lunch?' },
];

async function importAll(mails: readonly MailWords[], signal?: AbortSignal): Promise<Imported> {
  const set = new MailSet();
  for (const [at, words] of mails.entries()) {
    const bytes = mailBytes(words);
    await set.add(bytes, `mbox#${at + 1}`, { bytes: () => bytes });
  }
  return await importMails(set, { ...places(), into: null, ...(signal === undefined ? {} : { signal }) });
}

function places(): { patches: string; waiting: string } {
  return { patches, waiting: path.join(patches, '../waiting') };
}

/** Every file and what is in it. */
function all(folder = patches): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files.map(({ parentPath, name }) => path.join(parentPath, name)).sort();
  return Object.fromEntries(paths.map((file) => [path.relative(folder, file), readFileSync(file, 'latin1')]));
}

describe('importMails', () => {
  it('passes files beside the series over: respin’s own patches/ has its code there', async () => {
    mkdirSync(patches);
    writeFileSync(path.join(patches, 'read-series.ts'), '// no series\n');
    for (let i = 0; i < 2; i++) expect((await importAll(THREAD)).series).toHaveLength(2);
    expect(readdirSync(patches).sort()).toEqual(['fs-something-else', 'net-make-it-fast', 'read-series.ts']);
  });

  it('keeps the mails of each series, and no talk', async () => {
    const { series, unused } = await importAll(THREAD);
    expect(series).toMatchObject([
      { name: 'net-make-it-fast', versions: ['v1', 'v2'], added: 7, mails: 7, isNew: true },
      { name: 'fs-something-else', versions: ['v1'], added: 1, mails: 1 },
    ]);
    expect(unused).toBe(1);
    expect(readdirSync(patches).sort()).toEqual(['fs-something-else', 'net-make-it-fast']);
  });

  it('adds nothing the second time', async () => {
    await importAll(THREAD);
    const before = all();
    const { series } = await importAll(THREAD);
    expect(series.map(({ added, isNew }) => [added, isNew])).toEqual([
      [0, false],
      [0, false],
    ]);
    expect(all()).toEqual(before);
  });

  it('ends the same when the mails come one at a time, the last first', async () => {
    await importAll(THREAD);
    const before = all();
    rmSync(patches, { recursive: true });
    for (const words of THREAD.toReversed()) await importAll([words]);
    expect(all()).toEqual(before);
  });

  it('keeps both of two mails with one Message-ID, in whichever order they come', async () => {
    const twice = [
      { ...(THREAD[3] as MailWords), body: 'One.\n' },
      { ...(THREAD[3] as MailWords), body: 'Other.\n' },
    ];
    await importAll([...THREAD.slice(0, 3), ...twice]);
    const together = all();
    rmSync(patches, { recursive: true });
    await importAll([...THREAD.slice(0, 3), ...twice.slice(1)]);
    const { problems } = await importAll(twice.slice(0, 1));
    expect(all()).toEqual(together);
    expect(problems).toHaveLength(1);
  });

  it('that was interrupted is ended by another', async () => {
    await importAll(THREAD);
    const before = all();
    rmSync(patches, { recursive: true });
    await expect(importAll(THREAD, AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' });
    // As one leaves it that was killed: a new series, and a mail of one that was there.
    await importAll(THREAD.slice(0, 3));
    mkdirSync(path.join(patches, '.half-fs-something-else/mail'), { recursive: true });
    writeFileSync(path.join(patches, '.half-fs-something-else/mail/x.eml'), 'Fro');
    writeFileSync(path.join(patches, 'net-make-it-fast/mail/20261101-x.eml.half-77'), 'Fro');
    await importAll(THREAD);
    expect(all()).toEqual(before);
  });

  it('puts all of it where it is told to', async () => {
    const set = new MailSet();
    for (const words of THREAD.slice(6)) await set.add(mailBytes(words), words.id);
    const { series } = await importMails(set, { ...places(), into: 'mine' });
    expect(series).toMatchObject([{ name: 'mine' }]);
    await expect(importMails(set, { ...places(), into: '../mine' })).rejects.toMatchObject({
      code: 'SERIES_NAME',
    });
    expect(readdirSync(path.dirname(patches))).toEqual(['patches']);
  });
});
