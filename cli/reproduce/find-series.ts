// SPDX-License-Identifier: MIT
/** What `respin reproduce` names → a series with its mails in patches/, and the version that is meant. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { listSeries } from '../../patches/list-series.ts';
import { readSeriesToml, SERIES_NAME } from '../../patches/series-folder.ts';
import type { SeriesVersion } from '../../patches/series-toml.ts';
import { readSources } from '../../review/sources/read-sources.ts';
import { isWebAddress, threadAddress } from '../../review/sources/web-address.ts';
import { importMails } from '../../review/store/import-mails.ts';
import { MailSet } from '../../review/store/read-mails.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import { waitingFolder } from '../../review/store/waiting-mails.ts';
import { PutAside } from '../../system/put-aside.ts';
import type { Context } from '../command.ts';

export interface FoundSeries {
  name: string;
  folder: string;
  /** The version that was named, by --version or by the Message-ID of one of its mails; null: the newest. */
  version: string | null;
}

/**
 * A name in patches/ stands for what is there; where only the Message-IDs of its mails are known, these are fetched.
 * Anything else is imported, as respin review import does.
 * @throws RespinError what importing throws; WHICH_SERIES, NOTHING_IMPORTED (usage)
 */
export async function findSeries(context: Context): Promise<FoundSeries> {
  const { patches, archive } = (await context.settings()).settings;
  const [what] = context.positionals as [string];
  const wanted = context.text('version')?.replace(/^(?=\d)/, 'v') ?? null;
  const folder = path.join(patches, what);
  if (SERIES_NAME.test(what) && existsSync(path.join(folder, 'series.toml'))) {
    const missing = await toFetch(patches, what, wanted);
    if (missing.length > 0) {
      const sources = missing.map(({ messageId }) => addressOf(archive, messageId ?? ''));
      await importFrom(context, sources, what);
    }
    return { name: what, folder, version: wanted };
  }
  const id = messageIdOf(what, context.cwd);
  const source = id === null ? what : addressOf(archive, id);
  const { name, folder: imported } = await importFrom(context, [source], null);
  const named = id ?? (isWebAddress(what) ? idInAddress(what) : null);
  return { name, folder: imported, version: wanted ?? (await versionOfMail(imported, named)) };
}

/** Of a series of which only facts are here: the versions whose mails are to be had. */
async function toFetch(patches: string, name: string, wanted: string | null): Promise<SeriesVersion[]> {
  const { versions } = await readSeriesToml(path.join(patches, name));
  const listed = (await listSeries({ patchesDir: patches })).find((one) => one.name === name);
  const version = wanted ?? versions.at(-1)?.version;
  if ((listed?.versions.find((one) => one.version === version)?.patches ?? 0) > 0) return [];
  return versions.filter(({ messageId }) => messageId !== null);
}

function addressOf(archive: string, id: string): string {
  return threadAddress(`${archive}${encodeURIComponent(id)}/`).thread;
}

/** `<id@host>` or `id@host`; a file of that name is the file. */
function messageIdOf(what: string, cwd: string): string | null {
  if (isWebAddress(what) || existsSync(path.resolve(cwd, what))) return null;
  return /^<?([^\s<>/]+@[^\s<>/]+)>?$/.exec(what)?.[1] ?? null;
}

function idInAddress(address: string): string | null {
  const last = new URL(threadAddress(address).thread).pathname.split('/').filter(Boolean).at(-1);
  return last === undefined ? null : decodeURIComponent(last);
}

/** Keeps the mails; of several series in them none is guessed. */
async function importFrom(
  context: Context,
  sources: readonly string[],
  into: string | null,
): Promise<{ name: string; folder: string }> {
  const { patches } = (await context.settings()).settings;
  if (!context.quiet) context.stderr.write(`fetch  ${sources.map(printable).join(' ')}\n`);
  using aside = await PutAside.make();
  const set = new MailSet(aside);
  const reading = {
    cwd: context.cwd,
    stdin: context.stdin,
    signal: context.signal,
    onSkip: ({ origin, why }: { origin: string; why: string }) =>
      context.warn(`${printable(origin)}: ${why}`),
  };
  for await (const { bytes, origin } of readSources(sources, reading)) await set.add(bytes, origin);
  const { series, problems } = await importMails(set, {
    ...{ patches, into, waiting: waitingFolder(patches), signal: context.signal },
  });
  for (const { origin, what } of problems) context.warn(`${printable(origin)}: ${printable(what)}`);
  const [only, ...more] = series;
  if (only !== undefined && more.length === 0) return { name: only.name, folder: only.folder };
  if (only === undefined) {
    throw new RespinError({
      code: 'NOTHING_IMPORTED',
      blame: 'usage',
      message: `${set.read} ${set.read === 1 ? 'mail' : 'mails'} read, and none is a patch`,
      hint: 'a series is told by its [PATCH …] mails',
    });
  }
  throw new RespinError({
    code: 'WHICH_SERIES',
    blame: 'usage',
    message: `there are ${series.length} series in it: ${series.map(({ name }) => printable(name)).join(', ')}`,
    hint: 'they are in patches/ now: respin reproduce NAME takes one of them',
  });
}

/** The version that has a mail, its replies counted in; null: the newest. */
async function versionOfMail(folder: string, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const { review, versions } = await readWholeReview(folder);
  const found = versions.find(({ cover, patches }) =>
    [cover, ...patches].some((one) => one?.mail.messageId === id),
  );
  const said = review.comments.find(({ messageId }) => messageId === id)?.version;
  const version = found?.version ?? said ?? null;
  if (version !== null) return version;
  const [only, ...more] = versions;
  if (only !== undefined && more.length === 0) return only.version;
  throw new RespinError({
    code: 'WHICH_VERSION',
    blame: 'usage',
    message: `<${printable(id)}> is no patch, and which of ${versions.map((one) => one.version).join(', ')} it is about is not known`,
    hint: 'the Message-ID of a patch or of the cover letter tells, or --version',
  });
}
