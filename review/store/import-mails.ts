// SPDX-License-Identifier: MIT
/** Mails from anywhere → kept beside the series they belong to. */
import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { interrupted, RespinError } from '../../core/errors.ts';
import type { ReviewProblem } from '../../core/review.ts';
import { slug } from '../../core/slug.ts';
import { SERIES_NAME } from '../../patches/series-folder.ts';
import { fileTrouble, makeFolder } from '../../system/file-trouble.ts';
import { acquireLock } from '../../system/lock.ts';
import { writeWhole } from '../../system/whole.ts';
import { inBrief, inFull } from '../mails/brief.ts';
import { type Grouped, groupSeries, type SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { BestQuotes } from '../mails/quoted-original.ts';
import { keepMails } from './keep-mails.ts';
import { keptFiles } from './kept-files.ts';
import type { MailSet } from './read-mails.ts';
import { readMailSet } from './series-mails.ts';
import { seriesTomlWith } from './series-toml-text.ts';

const HALF_MADE = '.half-';

export interface ImportedSeries {
  name: string;
  folder: string;
  title: string;
  versions: string[];
  /** Mails that were new, and all there are now. */
  added: number;
  mails: number;
  isNew: boolean;
}

export interface Imported {
  series: ImportedSeries[];
  /** Mails that belong to no series: talk, and what answers nothing that is there. */
  unused: number;
  problems: ReviewProblem[];
}

export interface ImportOptions {
  patches: string;
  /** Where all of it goes, whatever it looks like: a name in `patches`; null to go by the mails. */
  into: string | null;
  signal?: AbortSignal;
}

/**
 * Interrupted at any point, even killed, it is done by another import of the same: a new series is
 * there with all its mails or not at all, and one that was there gets those it still lacks.
 * @throws RespinError SERIES_NAME (usage), NO_SPACE, NOT_WRITABLE (machine), INTERRUPTED
 */
export async function importMails(set: MailSet, options: ImportOptions): Promise<Imported> {
  const { patches, into, signal } = options;
  await makeFolder(patches);
  // On the folder itself: a file for it would be one more for git to ignore.
  await using _lock = await acquireLock(patches, undefined, signal);
  await removeHalfMade(patches);
  const fresh = new Map(set.mails.map((mail) => [mail.messageId, mail]));
  const others = Map.groupBy(set.others, ({ messageId }) => messageId);
  const known = await knownSeries(options);
  const owners = new Map<string, string>();
  for (const [name, mails] of known) {
    for (const mail of mails) {
      owners.set(mail.messageId, name);
      set.put(mail);
    }
  }
  const problems = [...set.problems];
  const all = await withOriginals(set, into !== null);
  const taken = new Set(known.keys());
  const series: ImportedSeries[] = [];
  for (const one of all.series) {
    if (signal?.aborted) throw interrupted();
    const ids = idsOf(one);
    // Both of two with one Message-ID are kept: which came first must not matter.
    const news = ids.flatMap((id) => [fresh.get(id) ?? [], others.get(id) ?? []].flat());
    if (news.length === 0) continue;
    const owner = ids.map((id) => owners.get(id)).find((name) => name !== undefined);
    const name = into ?? owner ?? (await freeName(one.title, taken, patches));
    taken.add(name);
    const kept = { ...options, name, news, all: ids.filter((id) => fresh.has(id) || owners.has(id)).length };
    series.push(await keepSeries(one, kept));
  }
  return { series, unused: all.rest.filter(({ messageId }) => fresh.has(messageId)).length, problems };
}

function idsOf({ versions, replies }: SeriesMails): string[] {
  const mails = [...versions.flatMap(({ posting }) => posting.mails), ...replies];
  const resent = versions.flatMap(({ positions }) => [...positions.keys()]);
  return [...new Set([...mails.map(({ messageId }) => messageId), ...resent])];
}

async function withOriginals(set: MailSet, together: boolean): Promise<Grouped> {
  const first = groupSeries(set.mails, { together });
  const best = new BestQuotes((original) => inBrief(original, { bytes: () => new Uint8Array() }));
  for (const mail of first.rest) if (BestQuotes.mayQuote(mail)) best.add(await inFull(mail));
  const originals = best.originals();
  return originals.length === 0 ? first : groupSeries([...set.mails, ...originals], { together });
}

interface Kept extends ImportOptions {
  name: string;
  news: readonly ReviewMail[];
  /** How many mails it has then. */
  all: number;
}

async function keepSeries(
  series: SeriesMails,
  { patches, name, news, all, signal }: Kept,
): Promise<ImportedSeries> {
  const folder = path.join(patches, name);
  const isNew = !existsSync(folder);
  const into = isNew ? path.join(patches, `${HALF_MADE}${name}`) : folder;
  try {
    const files = await keepMails(into, news, signal);
    const toml = path.join(into, 'series.toml');
    const text = await seriesTomlWith(toml, series);
    // What is half-made needs no more than to be written: it is not there before it is renamed.
    if (text !== null) await (isNew ? writeFile(toml, text) : writeWhole(toml, text));
    if (isNew) await rename(into, folder);
    const versions = series.versions.map(({ version }) => version);
    return { name, folder, title: series.title, versions, added: files.length, mails: all, isNew };
  } catch (cause) {
    if (isNew) await rm(into, { recursive: true, force: true });
    throw fileTrouble(cause, into);
  }
}

/** What a killed import has left; under the lock. */
async function removeHalfMade(patches: string): Promise<void> {
  for (const name of await readdir(patches)) {
    if (name.startsWith(HALF_MADE)) await rm(path.join(patches, name), { recursive: true, force: true });
  }
}

/** The mails of the series that are there already: new ones may belong to them. */
async function knownSeries({ patches, into, signal }: ImportOptions): Promise<Map<string, ReviewMail[]>> {
  const known = new Map<string, ReviewMail[]>();
  if (into !== null && !SERIES_NAME.test(into)) {
    throw new RespinError({
      code: 'SERIES_NAME',
      blame: 'usage',
      message: `"${into}" is no name for a series`,
      hint: 'a name is one word of letters, digits, ".", "-" and "+"',
    });
  }
  const names = into === null ? await readdir(patches) : [into];
  for (const name of names.sort()) {
    if (signal?.aborted) throw interrupted();
    const folder = path.join(patches, name);
    if (!SERIES_NAME.test(name)) continue;
    const isSeries = existsSync(path.join(folder, 'series.toml')) || (await keptFiles(folder)).length > 0;
    if (!isSeries) continue;
    known.set(name, (await readMailSet(folder, 'brief')).mails);
  }
  return known;
}

async function freeName(title: string, taken: ReadonlySet<string>, patches: string): Promise<string> {
  const first = slug(title, 48, 'series');
  for (let more = 1; ; more++) {
    const name = more === 1 ? first : `${first}-${more}`;
    if (!taken.has(name) && (await isFree(path.join(patches, name)))) return name;
  }
}

/** Nothing is there, or no more than a folder for mails. */
async function isFree(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return true;
  const names = await readdir(folder).catch(() => ['?']);
  return names.every((name) => name === 'mail') && (await keptFiles(folder).catch(() => ['?'])).length === 0;
}
