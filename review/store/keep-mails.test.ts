// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailBytes, mailOf } from '../mails/fixture.ts';
import { type ReviewMail, readReviewMail } from '../mails/mail.ts';
import { keepMails } from './keep-mails.ts';
import { fingerprintOfName, keptFiles } from './kept-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'respin-keep-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const names = (): string[] => readdirSync(path.join(folder, 'mail')).sort();
const PATCH = { id: 'p@x', subject: '[PATCH net-next v3 2/5] vsock: it is über-fast, ok?', day: 22 };

describe('keepMails', () => {
  it('names a file by day, version, number and subject, and writes the bytes as they came', async () => {
    const bytes = mailBytes(PATCH);
    const [file] = await keepMails(folder, [await readReviewMail(bytes, 'here')]);
    expect(path.basename(file ?? '')).toMatch(
      /^20261122-v3-0002-vsock-it-is-uber-fast-ok-[0-9a-f]{12}\.eml$/,
    );
    expect(readFileSync(file ?? '').equals(bytes)).toBe(true);
    expect(await keptFiles(folder)).toEqual([file]);
  });

  it('adds nothing the second time, nor for what a server has put into the header', async () => {
    await keepMails(folder, [await mailOf(PATCH)]);
    const other = Buffer.concat([Buffer.from('Received: by another list\n'), mailBytes(PATCH)]);
    expect(await keepMails(folder, [await mailOf(PATCH), await readReviewMail(other, 'list')])).toEqual([]);
    expect(names()).toHaveLength(1);
  });

  it('keeps both of two mails with one Message-ID', async () => {
    const mails = [await mailOf(PATCH), await mailOf({ ...PATCH, body: 'Other words.\n' })];
    expect(await keepMails(folder, mails)).toHaveLength(2);
  });

  it('removes what a killed import has left half-made, and never reads it', async () => {
    await keepMails(folder, [await mailOf(PATCH)]);
    writeFileSync(path.join(folder, 'mail', 'x-0123456789ab.eml.half-77'), 'From: half');
    expect(await keptFiles(folder)).toHaveLength(1);
    await keepMails(folder, [await mailOf({ ...PATCH, id: 'other@x' })]);
    expect(names().filter((name) => name.includes('.half-'))).toEqual([]);
  });

  it('stops where it is interrupted, with whole mails only', async () => {
    const mails = await Promise.all(
      Array.from({ length: 200 }, (_, at) => mailOf({ id: `${at}`, subject: 'x' })),
    );
    const stop = new AbortController();
    const keeping = keepMails(folder, mails, stop.signal);
    setImmediate(() => stop.abort());
    await expect(keeping).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(names().every((name) => name.endsWith('.eml'))).toBe(true);
    expect(names().length).toBeLessThan(200);
    await keepMails(folder, mails);
    expect(names()).toHaveLength(200);
  });
});

describe('whatever mails say', () => {
  const evil = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '../../../x',
      '/etc/passwd',
      '.',
      '..',
      '\0',
      'x'.repeat(5000),
      '-rf',
      '*.eml',
      'a/b\\c',
      '',
    ),
  );

  it('their files are in the folder, under plain names, and tell the mail', async () => {
    await fc.assert(
      fc.asyncProperty(evil, evil, evil, async (subject, id, date) => {
        const base = await mailOf({ id: 'x', subject: 'y' });
        const mail: ReviewMail = {
          ...base,
          messageId: id,
          subject: { ...base.subject, subject, isPatch: true },
          date: /^\d{4}-/.test(date) ? date : '',
          lines: [subject, id, date],
        };
        const [file = ''] = await keepMails(folder, [mail]);
        expect(path.dirname(file)).toBe(path.join(folder, 'mail'));
        expect(path.basename(file)).toMatch(/^undated-v\d+-[a-z0-9-]{1,49}-[0-9a-f]{12}\.eml$/);
        expect(fingerprintOfName(file)).toMatch(/^[0-9a-f]{12}$/);
        expect(await keepMails(folder, [mail])).toEqual([]);
        rmSync(file);
      }),
    );
    expect(readdirSync(folder)).toEqual(['mail']);
  });
});
