// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, FROM_LINE, mail, mbox, testReading } from './fixtures.ts';
import { mailsOfFolder } from './maildir.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-maildir-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
}

describe('a maildir', () => {
  it('is read: new, then cur, whatever the flags, and not tmp', async () => {
    await put({
      'cur/1700000002.M2.host:2,S': mail(2),
      'cur/1700000001.M1.host:2,RS': mail(1),
      'new/1700000003.M3.host': mail(3),
      'tmp/1700000004.M4.host': mail(4),
      'cur/.hidden': mail(5),
      'dovecot-uidlist': '3 V1\n',
      '.Sent/cur/1700000005.M5.host:2,S': mail(6),
    });
    expect(await all(mailsOfFolder(folder, 'box', testReading()))).toEqual([
      ['box/new/1700000003.M3.host', mail(3)],
      ['box/cur/1700000001.M1.host:2,RS', mail(1)],
      ['box/cur/1700000002.M2.host:2,S', mail(2)],
    ]);
  });

  it('has one mail in a file: packed, with a From line in front, with patches attached', async () => {
    const attached = mail(3, `see below\n\n${FROM_LINE}Subject: [PATCH] y\n\n`);
    await put({ 'cur/1': gzipSync(mail(1)), 'cur/2': `${FROM_LINE}${mail(2)}`, 'cur/3': attached });
    const texts = (await all(mailsOfFolder(folder, 'box', testReading()))).map(([, text]) => text);
    expect(texts).toEqual([mail(1), mail(2), attached]);
  });

  it('loses only the files that cannot be read, and names them', async () => {
    const reading = testReading({ mailLimit: 1000 });
    await put({
      'cur/1': mail(1, 'x'.repeat(1000)),
      'cur/2': mail(2),
      'cur/4': gzipSync(Buffer.alloc(100_000)),
      'cur/5': Buffer.concat([gzipSync(mail(5)).subarray(0, 20), Buffer.alloc(30, 0xff)]),
    });
    await symlink('nowhere', path.join(folder, 'cur/3'));
    execFileSync('mkfifo', [path.join(folder, 'cur/6')]);
    expect(await all(mailsOfFolder(folder, 'box', reading))).toEqual([['box/cur/2', mail(2)]]);
    expect(reading.skipped.map(({ origin }) => origin)).toEqual(
      ['1', '3', '4', '5', '6'].map((name) => `box/cur/${name}`),
    );
    expect(reading.skipped.map(({ why }) => why)).toEqual([
      'it is larger than 1000 bytes',
      'it went away before it could be read',
      'it unpacks to more than a mail may have',
      expect.stringMatching(/^it cannot be read: Z_/),
      'it is not a file',
    ]);
  });
});

it('an MH folder is read in the order of its numbers', async () => {
  await put({ '10': mail(10), '9': mail(9), '.mh_sequences': 'cur: 9\n', ',8': mail(8) });
  expect((await all(mailsOfFolder(folder, 'box', testReading()))).map(([origin]) => origin)).toEqual([
    'box/9',
    'box/10',
  ]);
});

it('a folder of mail files is read in the order of their names, and nothing else in it', async () => {
  await put({
    '0001-a.patch': `${FROM_LINE}Subject: [PATCH] a\n\n>From x\n`,
    'b.eml': mail(2),
    'c.mbox': mbox(mail(3), mail(4)),
    'd.mbox.gz': gzipSync(mbox(mail(5))),
    'README.txt': 'nothing\n',
    'sub/e.eml': mail(6),
    'f.eml/x': 'a folder',
  });
  expect(await all(mailsOfFolder(folder, 'box', testReading()))).toEqual([
    ['box/0001-a.patch', 'Subject: [PATCH] a\n\n>From x\n'],
    ['box/b.eml', mail(2)],
    ['box/c.mbox#1', mail(3)],
    ['box/c.mbox#2', mail(4)],
    ['box/d.mbox.gz', mail(5)],
  ]);
});
