// SPDX-License-Identifier: MIT
/** What --out names may be wrong, and is not respin's fault. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Context } from '../command.ts';
import { mailOut } from './mail-out.ts';

const MAIL = {
  ...{
    from: { name: 'A', email: 'a@example.org' },
    to: [],
    cc: [],
    subject: 's',
    messageId: 'm@example.org',
  },
  ...{ date: new Date(0), inReplyTo: null, references: [], body: ['x'] },
} as unknown as Parameters<typeof mailOut>[1];

it.each(['nonexist/dir/x', '/proc/x', '/dev/null/x', '.'])('a mail for %s is no bug', async (out) => {
  const cwd = await mkdtemp(path.join(tmpdir(), 'respin-out-'));
  try {
    const context = { cwd, json: false, text: () => out } as unknown as Context;
    const trouble = { blame: 'usage', hint: expect.stringMatching(/./) };
    await expect(mailOut(context, MAIL, [])).rejects.toMatchObject(trouble);
    expect(await readdir(cwd)).toEqual([]);
  } finally {
    await rm(cwd, { recursive: true });
  }
});
