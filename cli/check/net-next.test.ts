// SPDX-License-Identifier: MIT
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { netNextState } from './net-next.ts';

const NOW = new Date('2026-12-20T23:00:00Z');
const state = async (said: string | null) => await netNextState(said, 'flag', NOW);

it('takes a word', async () => {
  expect(await state(null)).toBeNull();
  expect(await state('open')).toEqual({ open: true, source: '--net-next' });
  expect(await netNextState('closed', 'respin.toml', NOW)).toEqual({ open: false, source: 'respin.toml' });
});

it('takes the days it is closed, the last one included', async () => {
  const source = (days: string): string => `--net-next: ${days}`;
  for (const [days, open] of [
    ['2026-12-07..2026-12-20', false],
    ['2026-12-07..2026-12-19', true],
    ['2026-12-21..2027-01-03', true],
  ] as const) {
    expect(await state(days)).toEqual({ open, source: source(days) });
  }
  for (const days of ['2026-12-20..2026-12-07', '2026-02-30..2026-03-07', '1..2']) {
    await expect(state(days)).rejects.toMatchObject({ code: 'BAD_SETTING', blame: 'usage' });
  }
});

it('takes a saved page, by its words or by its picture', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-net-next-'));
  try {
    const page = async (text: string) => {
      const file = path.join(folder, 'page.html');
      await writeFile(file, text);
      await utimes(file, NOW, NOW);
      return await state(file);
    };
    const source = `${path.join(folder, 'page.html')} of 2026-12-20`;
    expect(await page('<h1>net-next is CLOSED</h1>')).toEqual({ open: false, source });
    expect(await page('<body onload="window.open()"><img src="closed.png"></body>')).toEqual({
      open: false,
      source,
    });
    expect(await page("<p>Come in, we're open!</p><!-- <img src=closed.png> -->")).toEqual({
      open: true,
      source,
    });
    await expect(page('<p>502 Bad Gateway</p>')).rejects.toMatchObject({ code: 'BAD_SETTING' });
    await expect(page('<p>open and closed</p>')).rejects.toMatchObject({ code: 'BAD_SETTING' });
    await expect(state(path.join(folder, 'nothing'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
