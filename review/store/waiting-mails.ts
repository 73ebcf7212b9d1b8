// SPDX-License-Identifier: MIT
/** Replies that came before the patch they answer: they wait, in a folder of their own, until it comes. */
import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { statePath } from '../../system/paths.ts';
import { fingerprint } from '../mails/brief.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { keepMails } from './keep-mails.ts';
import { readMailSet } from './series-mails.ts';

/** Not beside the series: what is in `patches` is a person's, and in their git. */
export function waitingFolder(patches: string): string {
  return statePath('waiting', hash('sha256', path.resolve(patches), 'hex').slice(0, 16));
}

export async function waitingMails(folder: string): Promise<ReviewMail[]> {
  const set = await readMailSet(folder, 'brief');
  return [...set.mails, ...set.others];
}

/**
 * Keeps those that may find their patch later, and lets go of those that have.
 * @param rest the mails that are of no series
 * @returns the Message-IDs of all that wait
 */
export async function stillWaiting(
  folder: string,
  rest: readonly ReviewMail[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const wanted = rest.filter(mayWait);
  const prints = new Set(wanted.map(fingerprint));
  for (const mail of await waitingMails(folder)) {
    if (!prints.has(fingerprint(mail))) await rm(path.join(folder, mail.origin), { force: true });
  }
  await keepMails(folder, wanted, signal);
  return new Set(wanted.map(({ messageId }) => messageId));
}

/** `Re: [PATCH v2 1/4] …`: of other talk nobody can tell whether it is about a patch. */
function mayWait({ role, subject }: ReviewMail): boolean {
  return role === 'reply' && subject.isPatch;
}
