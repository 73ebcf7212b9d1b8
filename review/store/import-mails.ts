// SPDX-License-Identifier: MIT
/** Mails from anywhere → kept beside the series they belong to. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { ReviewProblem } from '../../core/review.ts';
import { slug } from '../../core/slug.ts';
import { SERIES_NAME } from '../../patches/series-folder.ts';
import { writeWhole } from '../../system/whole.ts';
import { groupSeries, type SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { quotedOriginals } from '../mails/quoted-original.ts';
import { keepMails } from './keep-mails.ts';
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
  options: { patches: string; into: string | null },
): Promise<Imported> {
  const { patches, into } = options;
  const fresh = set.mails;
  const known = await knownSeries(patches, into);
  const problems = [...set.problems];
  for (const one of known.values()) {
    for (const mail of one) set.put(mail);
  }
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
    const name = into ?? owner ?? freeName(one.title, taken, patches);
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
    if (!SERIES_NAME.test(name) || !existsSync(path.join(folder, 'series.toml'))) continue;
    known.set(name, (await readMailSet(folder)).mails);
  }
  return known;
}

function freeName(title: string, taken: ReadonlySet<string>, patches: string): string {
  const first = slug(title, 48, 'series');
  for (let more = 1; ; more++) {
    const name = more === 1 ? first : `${first}-${more}`;
    if (!taken.has(name) && !existsSync(path.join(patches, name))) return name;
  }
}
