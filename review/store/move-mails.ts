// SPDX-License-Identifier: MIT
/** Mails that are kept in one folder, and belong into another: moved with what was decided on them. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withPassingLock } from '../../system/lock.ts';
import { writeWhole } from '../../system/whole.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { keepMails } from './keep-mails.ts';
import { asOne, type KeptSeries } from './kept-series.ts';
import { seriesTomlText } from './series-toml-text.ts';
import { changeState, readState } from './state.ts';

/**
 * Nothing is taken away before it is there; killed in between, another import ends it.
 * @param into a folder that is there
 * @returns whether the folder it came from is gone, as nothing was left in it
 */
export async function moveMails(
  from: KeptSeries,
  mails: readonly ReviewMail[],
  into: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const left = from.mails.filter((mail) => !mails.includes(mail));
  if (existsSync(path.join(from.folder, 'review.toml'))) {
    // Who resolves a comment there just now is waited for.
    const moved = async (): Promise<void> => {
      await moveDecisions(from, mails, left.length === 0, into, signal);
      await take(from, mails, left, into, signal);
    };
    await withPassingLock(path.join(from.folder, '.review.lock'), moved, signal);
  } else {
    await take(from, mails, left, into, signal);
  }
  return left.length === 0;
}

async function take(
  { folder, name }: KeptSeries,
  mails: readonly ReviewMail[],
  left: readonly ReviewMail[],
  into: string,
  signal?: AbortSignal,
): Promise<void> {
  await keepMails(into, mails, signal);
  if (left.length === 0) {
    const half = path.join(path.dirname(folder), `.half-${name}`);
    await rename(folder, half);
    await rm(half, { recursive: true, force: true });
    return;
  }
  const series = await asOne(left);
  if (series !== null) await writeWhole(path.join(folder, 'series.toml'), seriesTomlText(series));
  for (const { origin } of mails) await rm(path.join(folder, origin), { force: true });
}

async function moveDecisions(
  { folder }: KeptSeries,
  mails: readonly ReviewMail[],
  all: boolean,
  into: string,
  signal?: AbortSignal,
): Promise<void> {
  const ids = new Set(mails.map(({ messageId }) => messageId));
  const { decisions, met } = await readState(folder);
  const going = [...decisions].filter(([, { mail }]) => all || ids.has(mail));
  await changeState(
    into,
    (state) => {
      for (const [id, one] of going) if (!state.decisions.has(id)) state.decisions.set(id, one);
      if (all) for (const [key, one] of met) if (!state.met.has(key)) state.met.set(key, one);
    },
    signal,
  );
}
