// SPDX-License-Identifier: MIT
/** Mails from anywhere → kept beside the series they belong to. */
import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { interrupted, RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { ReviewProblem } from '../../core/review.ts';
import { SERIES_NAME } from '../../patches/series-folder.ts';
import { fileTrouble, makeFolder } from '../../system/file-trouble.ts';
import { acquireLock } from '../../system/lock.ts';
import { writeWhole } from '../../system/whole.ts';
import { firstTitle, type SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { keepMails } from './keep-mails.ts';
import { asOne, freeName, isNamedBy, isUntouched, type KeptSeries, keptSeries } from './kept-series.ts';
import { moveMails } from './move-mails.ts';
import { type Place, placeOf } from './place-series.ts';
import type { MailSet } from './read-mails.ts';
import { readTomlText, seriesTomlText, withNewVersions } from './series-toml-text.ts';
import { stillWaiting, waitingMails } from './waiting-mails.ts';
import { groupWithOriginals } from './with-originals.ts';

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
  /** Folders that are not there any more: they were of this series, or it had another name. */
  joined: string[];
}

export interface Imported {
  series: ImportedSeries[];
  /** Mails that belong to no series: talk, and what answers nothing that is there. */
  unused: number;
  /** Mails that answer patches which are not there: kept until these come. */
  waiting: number;
  problems: ReviewProblem[];
}

export interface ImportOptions {
  patches: string;
  /** Where all of it goes, whatever it looks like: a name in `patches`; null to go by the mails. */
  into: string | null;
  /** The folder for mails that wait for the patch they answer. */
  waiting: string;
  signal?: AbortSignal;
}

/**
 * What it leaves is the same in whichever order the mails come, and however many at a time: as long
 * as nobody has written in a series' folder, its name and all in it follow from the mails alone.
 *
 * Interrupted at any point, even killed, it is done by another import of the same: a new series is
 * there with all its mails or not at all, and one that was there gets those it still lacks.
 * @throws RespinError SERIES_NAME (usage), NO_SPACE, NOT_WRITABLE (machine), INTERRUPTED
 */
export async function importMails(set: MailSet, options: ImportOptions): Promise<Imported> {
  const { patches, into, signal } = options;
  if (into !== null && !SERIES_NAME.test(into)) throw noName(into);
  await makeFolder(patches);
  // On the folder itself: a file for it would be one more for git to ignore.
  await using _lock = await acquireLock(patches, undefined, signal);
  await removeHalfMade(patches);
  const given = new Set(set.mails.map(({ messageId }) => messageId));
  const waited = await waitingMails(options.waiting);
  for (const mail of waited) set.put(mail);
  const fresh = Map.groupBy([...set.mails, ...set.others], ({ messageId }) => messageId);
  const known = await keptSeries(patches, into === null ? await readdir(patches) : [into], signal);
  const owners = new Map<string, string[]>();
  for (const { name, mails } of known.values()) {
    for (const mail of mails) {
      const names = owners.get(mail.messageId);
      if (names === undefined) owners.set(mail.messageId, [name]);
      else if (!names.includes(name)) names.push(name);
      set.put(mail);
    }
  }
  const problems = [...set.problems];
  const own = [...known.values()].filter(({ isOwn }) => isOwn);
  const all = await groupWithOriginals(set.mails, {
    together: into !== null,
    oneSeries: own.map(({ mails }) => mails.map(({ messageId }) => messageId)),
  });
  const series: ImportedSeries[] = [];
  for (const one of all.series) {
    if (signal?.aborted) throw interrupted();
    const ids = idsOf(one);
    // Both of two with one Message-ID are kept: which came first must not matter.
    const news = [...ids].flatMap((id) => fresh.get(id) ?? []);
    if (news.length === 0) continue;
    const names = new Set([...ids].flatMap((id) => owners.get(id) ?? []));
    const holders = [...names].flatMap((name) => known.get(name) ?? []);
    const place =
      into === null
        ? await placeOf(one, ids, holders)
        : { target: known.get(into) ?? null, from: [], apart: [], copied: [] };
    const kept = await keepSeries(one, place, news, known, options);
    series.push(kept);
    problems.push(...place.apart.map((other) => notJoined(other, kept.name, patches)));
  }
  const waiting = await stillWaiting(
    options.waiting,
    all.rest.filter(({ messageId }) => fresh.has(messageId)),
    signal,
  );
  const unused = all.rest.filter(({ messageId }) => given.has(messageId) && !waiting.has(messageId)).length;
  return { series, unused, waiting: [...waiting].filter((id) => given.has(id)).length, problems };
}

function idsOf({ versions, replies }: SeriesMails): Set<string> {
  const mails = [...versions.flatMap(({ posting }) => posting.mails), ...replies];
  const resent = versions.flatMap(({ positions }) => [...positions.keys()]);
  return new Set([...mails.map(({ messageId }) => messageId), ...resent]);
}

async function keepSeries(
  series: SeriesMails,
  { target, from, copied }: Place,
  news: readonly ReviewMail[],
  known: Map<string, KeptSeries>,
  { patches, into, signal }: ImportOptions,
): Promise<ImportedSeries> {
  const title = firstTitle(series);
  const isTaken = (name: string): boolean => known.has(name);
  const first = target?.name ?? into ?? (await freeName(title, isTaken, patches));
  const folder = path.join(patches, first);
  const isNew = !existsSync(folder);
  const half = isNew ? path.join(patches, `${HALF_MADE}${first}`) : folder;
  const moved = from.flatMap(({ mails }) => mails);
  const mails = [...(target?.mails ?? []), ...news, ...copied, ...moved];
  const untouched = target === null ? into === null : !target.isOwn && (await isUntouched(target));
  let added = 0;
  try {
    await keepToml(half, series, untouched ? mails : null);
    added = (await keepMails(half, news, signal)).length;
    await keepMails(half, copied, signal);
    if (isNew) await rename(half, folder);
  } catch (cause) {
    if (isNew) await rm(half, { recursive: true, force: true });
    throw fileTrouble(cause, half);
  }
  const joined: string[] = [];
  for (const one of from) {
    if (await moveMails(one.kept, one.mails, folder, signal)) {
      joined.push(one.kept.name);
      known.delete(one.kept.name);
    } else {
      one.kept.mails = one.kept.mails.filter((mail) => !one.mails.includes(mail));
    }
  }
  const hasDecisions = existsSync(path.join(folder, 'review.toml'));
  // Nobody has come to know it by its name yet, and that is a patch's, or a later version's.
  const renames = into === null && untouched && !hasDecisions && !isNamedBy(first, title);
  const name = renames ? await freeName(title, (one) => known.has(one) && one !== first, patches) : first;
  const final = path.join(patches, name);
  if (renames) {
    await rename(folder, final);
    joined.push(first);
    known.delete(first);
  }
  known.set(name, { name, folder: final, mails, state: target?.state ?? null, isOwn: !untouched });
  const versions = series.versions.map(({ version }) => version);
  // Patches in vN/ were not mailed.
  const inMail = (target?.mails ?? []).filter(({ origin }) => origin.startsWith('mail/'));
  const count = new Set([...inMail, ...news, ...copied, ...moved].map(({ messageId }) => messageId)).size;
  return { name, folder: final, title: series.title, versions, added, mails: count, isNew, joined };
}

/**
 * Written before the mails are: killed in between, the next import of the same finds it as it would write it.
 * @param mails all that the folder is going to have, when nobody has written in it; else null
 */
async function keepToml(folder: string, series: SeriesMails, mails: ReviewMail[] | null): Promise<void> {
  const file = path.join(folder, 'series.toml');
  const there = await readTomlText(file);
  const text =
    mails !== null || there === null
      ? seriesTomlText((mails === null ? null : await asOne(mails)) ?? series)
      : await withNewVersions(there, file, series);
  if (text === there) return;
  await makeFolder(folder);
  // What is half-made needs no more than to be written: it is not there before it is renamed.
  await (path.basename(folder).startsWith(HALF_MADE) ? writeFile(file, text) : writeWhole(file, text));
}

/** What a killed import has left; under the lock. */
async function removeHalfMade(patches: string): Promise<void> {
  for (const name of await readdir(patches)) {
    if (name.startsWith(HALF_MADE)) await rm(path.join(patches, name), { recursive: true, force: true });
  }
}

function notJoined({ name, folder }: KeptSeries, into: string, patches: string): ReviewProblem {
  const mail = path.join(folder, 'mail');
  return {
    origin: printable(name),
    what: `is the same series as ${into}, and stays in ${patches} as somebody has written in it; to join them: respin review import ${printable(mail)} --series ${into}, then move over what is yours and remove ${printable(name)}`,
  };
}

function noName(into: string): RespinError {
  return new RespinError({
    code: 'SERIES_NAME',
    blame: 'usage',
    message: `"${printable(into)}" is no name for a series`,
    hint: 'a name is one word of letters, digits, ".", "-" and "+"',
  });
}
