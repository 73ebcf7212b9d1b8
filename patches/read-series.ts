// SPDX-License-Identifier: MIT
/** What a user may name as a series → the series. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import { nearest } from '../core/nearest.ts';
import type { Series } from '../core/series.ts';
import { slug } from '../core/slug.ts';
import { isVersionName, VERSION_HINT } from '../core/version-name.ts';
import { expectPiped, readStdin } from '../system/stdin.ts';
import { type Assembled, type AssembleOptions, assemble, type RawMail } from './assemble.ts';
import { isRange, readGitRange } from './git-range.ts';
import { splitMbox } from './mbox.ts';
import {
  DEFAULT_PATCHES_DIR,
  mailFiles,
  readBytes,
  readSeriesToml,
  SERIES_NAME,
  seriesNames,
} from './series-folder.ts';

export interface ReadSeriesOptions {
  /** Relative paths and `A..B` are meant from here. */
  cwd: string;
  /** `v2`; by default the newest there is. */
  version?: string;
  /** Where the series folders lie; by default the project's own. */
  patchesDir?: string;
  /** What `-` is read from; without it, `-` is no series. */
  stdin?: Readable;
  /** Whether a file may hold one patch of a longer series: `[PATCH 2/5]` and nothing else. */
  alone?: boolean;
  /**
   * The names of the files in `mail/` of a series folder that a version is made of: of an RFC, of a posting sent again, and as
   * a person has said of a mail. null: their subjects tell.
   */
  mailsOf?: (folder: string, version: string) => Promise<ReadonlySet<string> | null>;
  signal?: AbortSignal;
}

/**
 * Reads a series. `what` is, in this order: a name in patches/; `git:REPOSITORY#A..B`; a folder
 * (a series folder, or one of *.patch files); an mbox or a single mail, `-` for one on stdin;
 * `A..B` in the repository at `cwd`.
 * @throws RespinError SERIES_UNKNOWN, SERIES_VERSION, SERIES_TOML, SOURCE_TERMINAL (usage); SERIES_EMPTY,
 *   SERIES_INCOMPLETE, SERIES_DUPLICATE, SERIES_MIXED and the codes of parseMail (series)
 */
export async function readSeries(what: string, options: ReadSeriesOptions): Promise<Series> {
  const { version } = options;
  if (version !== undefined && !isVersionName(version)) {
    throw new RespinError({
      code: 'SERIES_VERSION',
      blame: 'usage',
      message: `"${printable(version)}" is not a version`,
      hint: VERSION_HINT,
    });
  }
  const patchesDir = options.patchesDir ?? DEFAULT_PATCHES_DIR;
  if (SERIES_NAME.test(what)) {
    const names = await seriesNames(patchesDir);
    if (names.includes(what)) return await fromSeriesFolder(path.join(patchesDir, what), what, options);
  }
  const git = /^git:(.+)#([^#]+)$/.exec(what);
  if (git?.[1] !== undefined && git[2] !== undefined) {
    return await fromGit(path.resolve(options.cwd, git[1]), git[2], what, options);
  }
  if (what === '-' && options.stdin !== undefined) {
    expectPiped(options.stdin, 'git format-patch --stdout A..B | respin check -');
    const bytes = await readStdin(options.stdin, options.signal);
    return await fromMails(mailsOf(bytes, 'stdin', 'mboxrd'), 'stdin', options);
  }
  const place = path.resolve(options.cwd, what);
  const found = await stat(place).catch(() => null);
  if (what !== '' && found?.isDirectory()) {
    const toml = await stat(path.join(place, 'series.toml')).catch(() => null);
    return toml === null
      ? await fromFolder(place, what, version)
      : await fromSeriesFolder(place, what, options);
  }
  if (found !== null && what !== '') return await fromFile(place, what, options);
  if (isRange(what)) return await fromGit(options.cwd, what, what, options);
  throw await unknown(what, patchesDir);
}

async function fromSeriesFolder(
  folder: string,
  source: string,
  { version: wanted, mailsOf }: ReadSeriesOptions,
): Promise<Series> {
  const name = path.basename(folder);
  const toml = await readSeriesToml(folder);
  const version = wanted ?? toml.versions.at(-1)?.version ?? 'v1';
  if (!toml.versions.some((one) => one.version === version)) {
    throw new RespinError({
      code: 'SERIES_VERSION',
      blame: 'usage',
      message: `series ${name} has no ${version}`,
      hint: `${path.join(folder, 'series.toml')} lists ${toml.versions.map((one) => one.version).join(', ')}`,
    });
  }
  const posted = toml.versions.find((one) => one.version === version)?.messageId ?? null;
  const assembled = await versionOfFolder(folder, source, name, version, mailsOf).catch((error: unknown) => {
    if (posted === null || !(error instanceof RespinError) || error.code !== 'SERIES_EMPTY') throw error;
    throw notFetched(name, version);
  });
  return { ...asSeries(assembled, source), name, title: toml.title, tree: toml.tree };
}

/** Of some series only facts are here. */
function notFetched(name: string, version: string): RespinError {
  return new RespinError({
    code: 'SERIES_NOT_FETCHED',
    blame: 'usage',
    message: `the mails of ${name} ${version} are not here, only where they are to be had`,
    hint: `respin reproduce ${name} --version ${version} fetches them`,
  });
}

/** From `vN/`; what was only ever mailed is in `mail/`, all versions and the replies together. */
async function versionOfFolder(
  folder: string,
  source: string,
  name: string,
  version: string,
  mailsOf: ReadSeriesOptions['mailsOf'],
): Promise<Assembled> {
  const isFolder = /^v\d+$/.test(version);
  const mails = isFolder ? await mailsOfFolder(path.join(folder, version), path.join(source, version)) : [];
  const options = { source: `series ${name}`, version };
  if (mails.length > 0) return await assemble(mails, { ...options, folderVersion: version });
  const mailed = await mailsOfFolder(path.join(folder, 'mail'), path.join(source, 'mail'));
  const only = mailed.length === 0 ? null : ((await mailsOf?.(folder, version)) ?? null);
  if (only?.size === 0) throw noMails(name, version);
  if (only !== null) {
    const own = mailed.filter(({ origin }) => only.has(path.basename(origin)));
    return await assemble(own, { ...options, of: version }).catch(async (error: unknown) => {
      throw (await whatIsBroken(mailed, options)) ?? error;
    });
  }
  // Their names do not say in which order they were sent.
  if (mailed.length > 0) return await assemble(mailed, { ...options, byDate: true });
  return await assemble(mails, { ...options, folderVersion: version });
}

/** All that are there are of other versions: of one that a person has linked to another, for example. */
function noMails(name: string, version: string): RespinError {
  return new RespinError({
    code: 'SERIES_VERSION',
    blame: 'usage',
    message: `none of the mails of ${name} are of ${version}`,
    hint: `respin review show --series ${name} lists the versions that they are of`,
  });
}

/** To a review a patch without its diff is none: then one is missing, and nothing says that its mail is there. */
async function whatIsBroken(
  mails: readonly RawMail[],
  options: AssembleOptions,
): Promise<RespinError | null> {
  try {
    await assemble(mails, options);
  } catch (error) {
    if (error instanceof RespinError && !error.code.startsWith('SERIES_')) return error;
  }
  return null;
}

async function fromFolder(folder: string, source: string, version: string | undefined): Promise<Series> {
  const mails = await mailsOfFolder(folder, source);
  return asSeries(await assemble(mails, { source, ...(version === undefined ? {} : { version }) }), source);
}

async function fromFile(file: string, source: string, options: ReadSeriesOptions): Promise<Series> {
  const mails = mailsOf(await readBytes(file), source, /\.patch$/.test(file) ? 'none' : 'mboxrd');
  return await fromMails(mails, source, options);
}

async function fromMails(
  mails: readonly RawMail[],
  source: string,
  { version, alone = false }: ReadSeriesOptions,
): Promise<Series> {
  const assembled = await assemble(mails, { source, alone, ...(version === undefined ? {} : { version }) });
  return asSeries(assembled, source);
}

async function fromGit(
  repository: string,
  range: string,
  source: string,
  options: ReadSeriesOptions,
): Promise<Series> {
  const there = await stat(repository).catch(() => null);
  if (!there?.isDirectory()) {
    throw new RespinError({
      code: 'SERIES_UNKNOWN',
      blame: 'usage',
      message: `there is no folder ${repository}`,
      hint: 'name a range as git:/path/to/repository#A..B',
    });
  }
  if (!range.includes('..')) {
    throw new RespinError({
      code: 'SERIES_UNKNOWN',
      blame: 'usage',
      message: `"${printable(range)}" is not a range of commits`,
      hint: 'a range is BASE..TIP, for example git:/path/to/repository#origin/main..my-branch',
    });
  }
  const { mails, baseCommit } = await readGitRange(repository, range, { signal: options.signal });
  const raw = mails.map((bytes, at) => ({ bytes, origin: `${source}, patch ${at + 1}` }));
  const { version } = options;
  const assembled = await assemble(raw, { source, ...(version === undefined ? {} : { version }) });
  // A range is tested on what it begins from, not on some other tree that it happens to apply to.
  return { ...asSeries(assembled, source), baseCommit, tree: `git:${repository}#${baseCommit}` };
}

async function mailsOfFolder(folder: string, shown: string): Promise<RawMail[]> {
  const mails: RawMail[] = [];
  for (const file of await mailFiles(folder)) {
    const quoting = file.endsWith('.patch') ? 'none' : 'mboxrd';
    mails.push(...mailsOf(await readBytes(file), path.join(shown, path.basename(file)), quoting));
  }
  return mails;
}

function mailsOf(bytes: Uint8Array, shown: string, quoting: 'none' | 'mboxrd'): RawMail[] {
  const mails = splitMbox(bytes, quoting);
  return mails.map((mail, at) => ({
    bytes: mail,
    origin: mails.length === 1 ? shown : `${shown}#${at + 1}`,
  }));
}

function asSeries(assembled: Assembled, source: string): Series {
  const title = assembled.cover?.subject ?? assembled.patches[0]?.subject ?? source;
  return {
    name: slug(title, 60, 'series'),
    title,
    version: assembled.version,
    source,
    tree: null,
    baseCommit: assembled.baseCommit,
    cover: assembled.cover,
    patches: assembled.patches,
  };
}

async function unknown(what: string, patchesDir: string): Promise<RespinError> {
  const names = await seriesNames(patchesDir);
  const near = nearest(what, names);
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : names.length > 0
        ? `there is ${names.slice(0, 10).join(', ')}; or name a folder, an mbox or a git range`
        : 'name a folder of *.patch files, an mbox or a git range';
  return new RespinError({
    code: 'SERIES_UNKNOWN',
    blame: 'usage',
    message: `there is no series, file or range "${printable(what)}"`,
    hint,
  });
}
