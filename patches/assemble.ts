// SPDX-License-Identifier: MIT
/** Mails → one version of one series, checked to be whole. */
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import type { CoverLetter, Patch } from '../core/series.ts';
import { versionOrder } from '../core/version-name.ts';
import { type ParsedMail, parseMail } from './mail.ts';
import { readMail } from './mail-text.ts';
import { checkPaths } from './safe-paths.ts';
import { parseSubject } from './subject.ts';

export interface RawMail {
  bytes: Uint8Array;
  origin: string;
}

export interface Assembled {
  version: string;
  /** Every version that was there, oldest first. */
  versions: string[];
  baseCommit: string | null;
  cover: CoverLetter | null;
  patches: Patch[];
}

type SeriesMail = Exclude<ParsedMail, { kind: 'other' }>;

export interface AssembleOptions {
  /** How messages name the source. */
  source: string;
  /** Which version to take; by default the newest. */
  version?: string;
  /** The version a mail has that names none, and the only one allowed: the folder's name. */
  folderVersion?: string;
  /** The version that all of them are of, whatever their subjects say. */
  of?: string;
  /** Patches without numbers are in the order of their dates, not in that in which the mails come. */
  byDate?: boolean;
  /** Whether one patch out of a series will do when nothing else is there. */
  alone?: boolean;
}

/**
 * Takes one version out of the mails and puts its patches in order.
 * @throws RespinError SERIES_EMPTY, SERIES_INCOMPLETE, SERIES_DUPLICATE, SERIES_MIXED (series),
 *   SERIES_VERSION (usage), and what parseMail throws
 */
export async function assemble(mails: readonly RawMail[], options: AssembleOptions): Promise<Assembled> {
  const seen = new Set<string>();
  const found: SeriesMail[] = [];
  const broken: { version: string; error: unknown }[] = [];
  const others: string[] = [];
  for (const { bytes, origin } of mails) {
    let mail: ParsedMail;
    try {
      mail = await parseMail(bytes, origin);
    } catch (error) {
      // It may be of a version that nobody asked for.
      const version = namedVersion(options) ?? (await versionOfBroken(bytes, origin));
      if (version === null) throw error;
      broken.push({ version, error });
      continue;
    }
    if (mail.kind === 'other') {
      others.push(`${origin}: ${mail.why}`);
      continue;
    }
    // The same mail comes from several lists.
    const id = (mail.kind === 'patch' ? mail.patch : mail.cover).messageId;
    if (id !== null && seen.has(id)) continue;
    if (id !== null) seen.add(id);
    checkFolder(mail, options);
    found.push(mail);
  }
  if (found.length === 0) throw broken[0]?.error ?? empty(options.source, mails.length, others);
  const versionOf = versionsOf(found, options);
  const versions = [...new Set([...found.map(versionOf), ...broken.map((mail) => mail.version)])].sort(
    (a, b) => versionOrder(a) - versionOrder(b),
  );
  const version = options.version ?? versions.at(-1) ?? 'v1';
  const damage = broken.find((mail) => mail.version === version);
  if (damage !== undefined) throw damage.error;
  const chosen = found.filter((mail) => versionOf(mail) === version);
  if (chosen.length === 0) throw noVersion(version, versions, options.source);
  const covers = chosen.filter((mail) => mail.kind === 'cover');
  const mailed = chosen.filter((mail) => mail.kind === 'patch');
  if (options.byDate === true) mailed.sort((a, b) => Date.parse(a.patch.date) - Date.parse(b.patch.date));
  const [first, second] = mailed;
  const isAlone = options.alone === true && first !== undefined && second === undefined;
  const patches =
    isAlone && covers.length === 0
      ? [first.patch]
      : inOrder(mailed, covers[0]?.subject.total ?? null, `${options.source} ${version}`);
  if (covers.length > 1) {
    throw mixed(`${options.source} ${version} has ${covers.length} cover letters`, covers.map(originOf));
  }
  const links = new Set<string>();
  for (const patch of patches) checkPaths(patch.files, patch.origin, links);
  return {
    version,
    versions,
    baseCommit: chosen.map((mail) => mail.baseCommit).find((commit) => commit !== null) ?? null,
    cover: covers[0]?.cover ?? null,
    patches,
  };
}

/**
 * An RFC is `rfc-v1` where there is a v1 that is none, as a review has it. Of one posting some mails may say RFC and others
 * not: two postings have a patch with the same number.
 */
function versionsOf(mails: readonly SeriesMail[], options: AssembleOptions): (mail: SeriesMail) => string {
  const named = namedVersion(options);
  const patches = mails.filter(({ kind }) => kind === 'patch');
  const placeOf = ({ subject }: SeriesMail): string => `${subject.version} ${subject.index}`;
  const places = new Set(patches.filter((mail) => !isRfc(mail)).map(placeOf));
  const twice = patches.filter((mail) => isRfc(mail) && places.has(placeOf(mail)));
  const rfcs = new Set(twice.map(({ subject }) => subject.version));
  return (mail) =>
    named ?? `${isRfc(mail) && rfcs.has(mail.subject.version) ? 'rfc-' : ''}${mail.subject.version}`;
}

function isRfc({ subject }: SeriesMail): boolean {
  return subject.prefixes.includes('RFC');
}

/** Where the subjects do not tell. */
function namedVersion({ of, folderVersion }: AssembleOptions): string | undefined {
  return of ?? folderVersion;
}

/** The version in the subject of a mail that is no good otherwise; null when not even that can be read. */
async function versionOfBroken(bytes: Uint8Array, origin: string): Promise<string | null> {
  try {
    return parseSubject((await readMail(bytes, origin)).subject).version;
  } catch {
    return null;
  }
}

type PatchMail = Extract<ParsedMail, { kind: 'patch' }>;

function inOrder(mails: readonly PatchMail[], coverTotal: number | null, what: string): Patch[] {
  if (mails.length === 0) throw incomplete(what, coverTotal ?? 0, []);
  const numbered = mails.filter((mail) => mail.subject.index !== null);
  if (numbered.length === 0) {
    // git format-patch -N, or a single patch: the order they came in.
    const total = coverTotal ?? mails.length;
    if (total !== mails.length) throw incomplete(what, total, []);
    return mails.map(({ patch }, at) => ({ ...patch, index: at + 1, total }));
  }
  if (numbered.length < mails.length) {
    throw mixed(`${what} has patches with and without a number`, mails.map(originOf));
  }
  const totals = new Set(numbered.map((mail) => mail.patch.total));
  if (coverTotal !== null) totals.add(coverTotal);
  const [total] = totals;
  if (totals.size > 1 || total === undefined) {
    throw mixed(
      `${what} holds patches of different series (…/${[...totals].join(', …/')})`,
      mails.map(originOf),
    );
  }
  const sorted = numbered.map((mail) => mail.patch).sort((a, b) => a.index - b.index);
  for (const [at, patch] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before?.index === patch.index) throw duplicate(what, before, patch);
    if (patch.index > patch.total)
      throw mixed(`${what}: there is no ${patch.index} of ${patch.total}`, [patch.origin]);
  }
  const there = new Set(sorted.map((patch) => patch.index));
  const missing = Array.from({ length: total }, (_, at) => at + 1).filter((index) => !there.has(index));
  if (missing.length > 0) throw incomplete(what, total, missing);
  return sorted;
}

function checkFolder(mail: SeriesMail, options: AssembleOptions): void {
  const { folderVersion } = options;
  if (folderVersion === undefined || !mail.subject.versionNamed) return;
  if (mail.subject.version === folderVersion) return;
  throw mixed(
    `${originOf(mail)} says ${mail.subject.version} in its subject and lies in ${folderVersion}/`,
    [],
  );
}

function originOf(mail: SeriesMail): string {
  return mail.kind === 'patch' ? mail.patch.origin : mail.cover.origin;
}

function empty(source: string, count: number, others: readonly string[]): RespinError {
  return new RespinError({
    code: 'SERIES_EMPTY',
    blame: 'series',
    message: count === 0 ? `${source} holds no mail` : `none of the ${count} mails in ${source} is a patch`,
    hint: 'a series is what git format-patch writes: one mail a patch',
    ...(others.length === 0 ? {} : { detail: others.slice(0, 20).join('\n') }),
  });
}

function noVersion(version: string, versions: readonly string[], source: string): RespinError {
  return new RespinError({
    code: 'SERIES_VERSION',
    blame: 'usage',
    message: `there is no ${printable(version)} in ${source}`,
    hint: `there is ${versions.join(', ')}`,
  });
}

function incomplete(what: string, total: number, missing: readonly number[]): RespinError {
  const which = missing.slice(0, 10).map((index) => `${index}/${total}`);
  const more = missing.length > 10 ? ` and ${missing.length - 10} more` : '';
  return new RespinError({
    code: 'SERIES_INCOMPLETE',
    blame: 'series',
    message:
      missing.length === 0
        ? `${what} does not hold the ${total === 0 ? '' : `${total} `}patches its cover letter announces`
        : `${what} lacks patch ${which.join(', ')}${more}`,
    hint: 'get the missing mails; part of a series proves nothing about all of it',
  });
}

function duplicate(what: string, one: Patch, two: Patch): RespinError {
  return new RespinError({
    code: 'SERIES_DUPLICATE',
    blame: 'series',
    message: `${what} has patch ${one.index}/${one.total} twice`,
    hint: 'keep the one that is meant; a series sent again belongs in a file of its own',
    detail: `${one.origin}: ${printable(one.subject)}\n${two.origin}: ${printable(two.subject)}`,
  });
}

function mixed(message: string, origins: readonly string[]): RespinError {
  return new RespinError({
    code: 'SERIES_MIXED',
    blame: 'series',
    message,
    hint: 'one folder or mbox holds one series; its versions are told by [PATCH vN …]',
    ...(origins.length === 0 ? {} : { detail: origins.slice(0, 20).join('\n') }),
  });
}
