// SPDX-License-Identifier: MIT
/** The series that are there already: new mails may belong to them, and may tell that two are one. */
import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { interrupted, RespinError } from '../../core/errors.ts';
import { slug } from '../../core/slug.ts';
import { SERIES_NAME } from '../../patches/series-folder.ts';
import type { SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { fingerprintOfName, isMail, keptFiles } from './kept-files.ts';
import { MailSet } from './read-mails.ts';
import { readMailSet } from './series-mails.ts';
import { readTomlText, seriesTomlText } from './series-toml-text.ts';
import { formatState, type ReviewState, readState } from './state.ts';
import { groupWithOriginals } from './with-originals.ts';

const LONGEST_NAME = 48;
const NO_TITLE = 'series';

export interface KeptSeries {
  name: string;
  folder: string;
  /** Of those with one Message-ID, all. */
  mails: ReviewMail[];
  /** null when review.toml is damaged, which is no concern of an import. */
  state: ReviewState | null;
  /**
   * A person has named it, linked mails in it, or put more into it than mails: what is in it
   * stays in it, and is one series.
   */
  isOwn: boolean;
}

/** @throws RespinError INTERRUPTED */
export async function keptSeries(
  patches: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, KeptSeries>> {
  const kept = new Map<string, KeptSeries>();
  for (const name of [...names].sort()) {
    if (signal?.aborted) throw interrupted();
    const folder = path.join(patches, name);
    if (!SERIES_NAME.test(name) || !(await isFolder(folder))) continue;
    const isSeries = existsSync(path.join(folder, 'series.toml')) || (await keptFiles(folder)).length > 0;
    if (!isSeries) continue;
    const set = await readMailSet(folder, 'brief');
    const mails = [...set.mails, ...set.others];
    const state = await stateIn(folder);
    const isOwn =
      !isNamedByImport(name, mails) || state === null || state.links.size > 0 || !holdsOnlyMails(folder);
    kept.set(name, { name, folder, mails, state, isOwn });
  }
  return kept;
}

async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => null))?.isDirectory() === true;
}

/** Whether nobody has written in it but respin; of a series that `isOwn` it is not asked. */
export async function isUntouched({ folder, mails, state }: KeptSeries): Promise<boolean> {
  const file = path.join(folder, 'review.toml');
  if (existsSync(file) && (state === null || formatState(state) !== (await readFile(file, 'utf8')))) {
    return false;
  }
  const text = await readTomlText(path.join(folder, 'series.toml'));
  if (text === null) return true;
  const series = await asOne(mails);
  return series !== null && seriesTomlText(series) === text;
}

/** All of them as the mails of one folder. */
export async function asOne(mails: readonly ReviewMail[]): Promise<SeriesMails | null> {
  const set = new MailSet();
  for (const mail of mails) set.put(mail);
  const { series } = await groupWithOriginals(set.mails, { together: true });
  return series[0] ?? null;
}

/** `vsock-fix-it`, or `vsock-fix-it-2` where that is taken. */
export async function freeName(
  title: string,
  taken: (name: string) => boolean,
  patches: string,
): Promise<string> {
  const first = slug(title, LONGEST_NAME, NO_TITLE);
  for (let more = 1; ; more++) {
    const name = more === 1 ? first : `${first}-${more}`;
    if (!taken(name) && (await isFree(path.join(patches, name)))) return name;
  }
}

/** Whether an import may have named a folder so by this title. */
export function isNamedBy(name: string, title: string): boolean {
  const first = slug(title, LONGEST_NAME, NO_TITLE);
  return name.startsWith(first) && /^(?:-\d{1,6})?$/.test(name.slice(first.length));
}

function isNamedByImport(name: string, mails: readonly ReviewMail[]): boolean {
  return mails.some(({ subject }) => isNamedBy(name, subject.subject));
}

/** Nothing but what import, resolve and reopen write. */
function holdsOnlyMails(folder: string): boolean {
  const known = new Set(['mail', 'series.toml', 'review.toml', '.review.lock']);
  if (!readdirSync(folder).every((name) => known.has(name) || name.includes('.half-'))) return false;
  const place = path.join(folder, 'mail');
  if (!existsSync(place)) return true;
  return readdirSync(place).every(
    (name) => name.includes('.half-') || (isMail(name) && fingerprintOfName(name) !== undefined),
  );
}

async function stateIn(folder: string): Promise<ReviewState | null> {
  try {
    return await readState(folder);
  } catch (error) {
    if (error instanceof RespinError) return null;
    throw error;
  }
}

/** Nothing is there, or no more than a folder for mails. */
async function isFree(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return true;
  const names = await readdir(folder).catch(() => ['?']);
  return names.every((name) => name === 'mail') && (await keptFiles(folder).catch(() => ['?'])).length === 0;
}
