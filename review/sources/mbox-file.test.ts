// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, chunks, FROM_LINE, mail, mbox, testReading } from './fixtures.ts';
import { mailsOfFile, mailsOfPacked } from './mbox-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-mbox-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function file(name: string, bytes: string | Uint8Array): Promise<string> {
  await writeFile(path.join(folder, name), bytes);
  return path.join(folder, name);
}

const THREE = mbox(mail(1), mail(2), mail(3));
const ORIGINS: [string, string][] = [
  ['a#1', mail(1)],
  ['a#2', mail(2)],
  ['a#3', mail(3)],
];

describe('mailsOfFile', () => {
  it('reads an mbox, packed with gzip or not, whatever its name', async () => {
    expect(await all(mailsOfFile(await file('x', THREE), 'a', testReading()))).toEqual(ORIGINS);
    expect(await all(mailsOfFile(await file('x', gzipSync(THREE)), 'a', testReading()))).toEqual(ORIGINS);
  });

  it('reads gzip files that were joined', async () => {
    const joined = Buffer.concat([gzipSync(mbox(mail(1), mail(2))), gzipSync(mbox(mail(3)))]);
    expect(await all(mailsOfFile(await file('x.gz', joined), 'a', testReading()))).toEqual(ORIGINS);
  });

  it('leaves a patch of git format-patch as it is', async () => {
    const patch = `${FROM_LINE}Subject: [PATCH] x\n\n>From y\n-- \n2.39.5\n\n`;
    expect(await all(mailsOfFile(await file('0001-x.patch', patch), 'a', testReading()))).toEqual([
      ['a', patch.slice(FROM_LINE.length)],
    ]);
  });

  it('counts the bytes it reads', async () => {
    const packed = gzipSync(THREE);
    const reading = testReading();
    await all(mailsOfFile(await file('x.gz', packed), 'a', reading));
    expect(reading.progress.bytes).toBe(packed.length);
  });

  it.each([
    ['xz', '\xfd7zXZ\0'],
    ['bzip2', 'BZh91AY&SY'],
    ['zstd', '\x28\xb5\x2f\xfd'],
  ])('refuses %s, and says how to unpack it', async (name, magic) => {
    const packed = Buffer.from(`${magic}\x01\x02\x03`, 'latin1');
    await expect(all(mailsOfFile(await file('x', packed), 'a', testReading()))).rejects.toMatchObject({
      code: 'SOURCE_PACKED',
      blame: 'usage',
      hint: expect.stringContaining(`${name} -dc FILE | respin review import -`),
    });
  });

  it('takes text that begins like bzip2 for text', async () => {
    const found = await all(mailsOfFile(await file('x', 'BZh9 is a magic number\n'), 'a', testReading()));
    expect(found).toEqual([['a', 'BZh9 is a magic number\n']]);
  });

  it('says that a gzip file is cut or damaged', async () => {
    const packed = gzipSync(Buffer.from(THREE.toString().repeat(300)));
    const cut = packed.subarray(0, packed.length - 20);
    await expect(all(mailsOfFile(await file('x', cut), 'a', testReading()))).rejects.toMatchObject({
      code: 'SOURCE_DAMAGED',
      message: 'a cannot be unpacked: it ends too early',
    });
    const wrong = Buffer.concat([packed.subarray(0, 20), Buffer.alloc(200, 0xff)]);
    await expect(all(mailsOfFile(await file('x', wrong), 'a', testReading()))).rejects.toMatchObject({
      code: 'SOURCE_DAMAGED',
    });
  });

  it('skips a mail above the limit, and names it', async () => {
    const reading = testReading({ mailLimit: 2000 });
    const three = mbox(mail(1), mail(2, 'x'.repeat(3000)), mail(3));
    expect(await all(mailsOfFile(await file('x', three), 'a', reading))).toEqual([ORIGINS[0], ORIGINS[2]]);
    expect(reading.skipped).toEqual([{ origin: 'a#2', why: 'it is larger than 2000 bytes' }]);
  });

  it('says that there is no such file', async () => {
    await expect(all(mailsOfFile(path.join(folder, 'no'), 'a', testReading()))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      blame: 'usage',
    });
  });

  it('stops when interrupted, while a pipe gives nothing', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const stop = new AbortController();
    const reading = all(mailsOfFile(pipe, 'a', testReading({ signal: stop.signal })));
    setTimeout(() => stop.abort(), 50);
    await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' });
    // Lets the thread go that waits for a writer.
    await writeFile(pipe, '').catch(() => {});
  });
});

it('mailsOfPacked reads bytes that come one by one', async () => {
  const stream = { shown: 'a', quoting: 'mboxrd', blame: 'usage' } as const;
  expect(await all(mailsOfPacked(chunks(THREE, 1), stream, testReading()))).toEqual(ORIGINS);
  expect(await all(mailsOfPacked(chunks(gzipSync(THREE), 1), stream, testReading()))).toEqual(ORIGINS);
});
