// SPDX-License-Identifier: MIT
/** Mails from anywhere → kept beside the series they belong to. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { ReviewProblem } from '../../core/review.ts';
import { slug } from '../../core/slug.ts';
import { SERIES_NAME } from '../../patches/series-folder.ts';
import { acquireLock } from '../../system/lock.ts';
import { cachePath } from '../../system/paths.ts';
import { writeWhole } from '../../system/whole.ts';
import { groupSeries, type SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { quotedOriginals } from '../mails/quoted-original.ts';
import { keepMails, keptFiles } from './keep-mails.ts';
import type { MailSet } from './read-mails.ts';
import { readMailSet } from './series-mails.ts';
import { seriesTomlWith } from './series-toml-text.ts';

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

/**
 * @param into where all of it goes, whatever it looks like: a name in `patches`; null to go by the mails
 * @throws RespinError SERIES_NAME (usage), NO_SPACE, NOT_WRITABLE (machine)
 */
export async function importMails(
  set: MailSet,
  options: { patches: string; into: string | null; signal?: AbortSignal },
): Promise<Imported> {
  const { patches, into, signal } = options;
  // Two at once would both find that a series is not there yet. Not in `patches`: that is somebody's repository.
  const lock = createHash('sha256').update(path.resolve(patches)).digest('hex').slice(0, 16);
  await using _lock = await acquireLock(cachePath('reviews', `${lock}.lock`), undefined, signal);
  const fresh = set.mails;
  const known = await knownSeries(patches, into);
  for (const one of known.values()) {
    for (const mail of one) set.put(mail);
  }
  const problems = [...set.problems];
  const all = withOriginals(set.mails, into !== null);
  const owners = new Map<string, string>();
  for (const [name, mails] of known) for (const { messageId } of mails) owners.set(messageId, name);
  const freshIds = new Set(fresh.map(({ messageId }) => messageId));
  const taken = new Set([...known.keys()]);
  const series: ImportedSeries[] = [];
  for (const one of all.series) {
    const mails = [...one.versions.flatMap(({ posting }) => posting.mails), ...one.replies];
    const resent = one.versions.flatMap(({ positions }) => [...positions.keys()]);
    const ids = new Set([...mails.map(({ messageId }) => messageId), ...resent]);
    if (![...ids].some((id) => freshIds.has(id))) continue;
    const owner = [...ids].map((id) => owners.get(id)).find((name) => name !== undefined);
    const name = into ?? owner ?? (await freeName(one.title, taken, patches));
    taken.add(name);
    const its = set.mails.filter(({ messageId }) => ids.has(messageId));
    const news = its.filter(({ messageId }) => freshIds.has(messageId));
    const folder = path.join(patches, name);
    series.push(await keepSeries(folder, name, one, { all: its.length, news }));
  }
  return { series, unused: all.rest.filter((mail) => freshIds.has(mail.messageId)).length, problems };
}

function withOriginals(
  mails: readonly ReviewMail[],
  together: boolean,
): { series: SeriesMails[]; rest: ReviewMail[] } {
  const first = groupSeries(mails, { together });
  const originals = quotedOriginals(first.rest);
  return originals.length === 0 ? first : groupSeries([...mails, ...originals], { together });
}

async function keepSeries(
  folder: string,
  name: string,
  series: SeriesMails,
  mails: { all: number; news: readonly ReviewMail[] },
): Promise<ImportedSeries> {
  const toml = path.join(folder, 'series.toml');
  const isNew = !existsSync(toml);
  const { added } = await keepMails(folder, mails.news);
  const text = await seriesTomlWith(toml, series);
  if (text !== null) await writeWhole(toml, text);
  return {
    name,
    folder,
    title: series.title,
    versions: series.versions.map(({ version }) => version),
    added,
    mails: mails.all,
    isNew,
  };
}

/** The mails of the series that are there already: new ones may belong to them. */
async function knownSeries(patches: string, into: string | null): Promise<Map<string, ReviewMail[]>> {
  const known = new Map<string, ReviewMail[]>();
  if (into !== null && !SERIES_NAME.test(into)) {
    throw new RespinError({
      code: 'SERIES_NAME',
      blame: 'usage',
      message: `"${into}" is no name for a series`,
      hint: 'a name is one word of letters, digits, ".", "-" and "+"',
    });
  }
  const names = into === null ? await readdir(patches).catch(() => [] as string[]) : [into];
  for (const name of names.sort()) {
    const folder = path.join(patches, name);
    if (!SERIES_NAME.test(name)) continue;
    // An import that was killed leaves mails without one.
    const isSeries = existsSync(path.join(folder, 'series.toml')) || (await keptFiles(folder)).length > 0;
    if (isSeries) known.set(name, (await readMailSet(folder)).mails);
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

/** Nothing is there, or only the folder of an import that was killed before its first mail. */
async function isFree(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return true;
  const names = await readdir(folder).catch(() => ['?']);
  return names.every((name) => name === 'mail') && (await keptFiles(folder).catch(() => ['?'])).length === 0;
}
