// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ExitCode } from '../../core/errors.ts';
import { interrupted, RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { readSeriesToml, SERIES_NAME } from '../../patches/series-folder.ts';
import type { ReviewMail } from '../../review/mails/mail.ts';
import { readSources } from '../../review/sources/read-sources.ts';
import { type Imported, importMails } from '../../review/store/import-mails.ts';
import { MailSet } from '../../review/store/read-mails.ts';
import { waitingFolder } from '../../review/store/waiting-mails.ts';
import { PutAside } from '../../system/put-aside.ts';
import type { Context } from '../command.ts';

/** `respin review import SOURCE…` */
export async function importSources(context: Context, sources: string[]): Promise<ExitCode> {
  const { patches } = (await context.settings()).settings;
  const version = context.text('version');
  if (version !== undefined && !/^v[1-9]\d{0,3}$/.test(version)) {
    throw new RespinError({
      code: 'SERIES_VERSION',
      blame: 'usage',
      message: `"${printable(version)}" is not a version`,
      hint: 'versions are v1, v2 and so on',
    });
  }
  using aside = await PutAside.make();
  const set = new MailSet(aside);
  const skipped: { origin: string; what: string }[] = [];
  const progress = progressLine(context);
  const mails = readSources(sources, {
    cwd: context.cwd,
    stdin: context.stdin,
    signal: context.signal,
    version,
    prefix: await prefixOf(context, sources, patches),
    onSkip: ({ origin, why }) => skipped.push({ origin: printable(origin), what: why }),
    onProgress: ({ bytes, total }) => progress.show(bytes, total, set.read),
  });
  try {
    for await (const { bytes, origin } of mails) {
      const mail = await set.add(bytes, origin);
      if (version !== undefined && mail !== null) refuseOther(mail, version);
    }
  } finally {
    progress.clear();
  }
  const imported = await importMails(set, {
    patches,
    into: context.text('series') ?? null,
    waiting: waitingFolder(patches),
    signal: context.signal,
  });
  imported.problems.push(...skipped);
  const count = set.read;
  if (context.json) context.printJson({ schema: 'respin.import/1', ...imported, read: count });
  else print(context, imported, count);
  await buildReviews(context, imported);
  if (imported.series.length > 0 || imported.waiting > 0) return 0;
  throw new RespinError({
    code: 'NOTHING_IMPORTED',
    blame: 'usage',
    message:
      count === 0
        ? 'there is no mail in what was named'
        : `${count} ${count === 1 ? 'mail' : 'mails'} read, and none is a patch or answers one`,
    hint: 'a series is told by its [PATCH …] mails; --series NAME adds replies to a series that is there',
  });
}

/** Of a whole list's mails nobody opens every series. */
const FEW = 5;

/**
 * The first look at a series is not to be the slow one: its review is made now, and kept. The mails
 * are kept already, and have been reported: whatever happens here, a later command makes it again.
 * @throws RespinError INTERRUPTED
 */
async function buildReviews({ signal, stderr, quiet }: Context, { series }: Imported): Promise<void> {
  const touched = series.filter(({ added, joined }) => added > 0 || joined.length > 0);
  if (touched.length === 0 || touched.length > FEW) return;
  const { readReview } = await import('../../review/store/read-review.ts');
  const isLive = !quiet && stderr.isTTY === true;
  for (const { name, folder } of touched) {
    if (isLive) stderr.write(`review  ${printable(name)}…`);
    try {
      // Lets the line be drawn, and an interrupt through.
      await setImmediate();
      if (!signal.aborted) await readReview(folder);
    } catch (error) {
      if (!(error instanceof RespinError)) throw error;
    } finally {
      if (isLive) stderr.write('\r\x1b[K');
    }
    if (signal.aborted) throw interrupted();
  }
}

/** The list's prefix of the series that commits are for, as its series.toml says. */
async function prefixOf(context: Context, sources: string[], patches: string): Promise<string | null> {
  const name = context.text('series');
  if (name === undefined || !SERIES_NAME.test(name) || !sources.some((one) => one.includes('..')))
    return null;
  const folder = path.join(patches, name);
  if (!existsSync(path.join(folder, 'series.toml'))) return null;
  return (await readSeriesToml(folder)).prefix;
}

/** A mail is kept as it came: what it says of its version cannot be overruled here. */
function refuseOther({ subject, origin, role }: ReviewMail, version: string): void {
  if (subject.version === version || (role !== 'patch' && role !== 'cover')) return;
  throw new RespinError({
    code: 'SERIES_VERSION',
    blame: 'usage',
    message: `${printable(origin)} is ${subject.version} by its subject, not ${version}`,
    hint: '--version is for commits that were never mailed; respin review link MSGID vN says of what version a mail is',
  });
}

function print(context: Context, imported: Imported, read: number): void {
  for (const { origin, what } of imported.problems.slice(0, 20)) context.warn(`${origin}: ${what}`);
  if (imported.problems.length > 20) context.warn(`and ${imported.problems.length - 20} more like these`);
  const { unused, waiting } = imported;
  if (imported.series.length > 0) context.stdout.write(tableOf(imported));
  for (const { name, joined } of imported.series) {
    if (joined.length === 0) continue;
    const are = joined.length === 1 ? 'is' : 'are';
    context.stdout.write(`${joined.map(printable).join(', ')} ${are} now ${printable(name)}\n`);
  }
  if (waiting > 0) {
    context.stdout.write(
      waiting === 1
        ? '1 mail answers a patch that is not here: it waits, and is kept with the patch once that is imported\n'
        : `${waiting} mails answer patches that are not here: they wait, and are kept with these once they are imported\n`,
    );
  }
  if (unused > 0 && imported.series.length + waiting > 0) {
    context.stdout.write(
      `${read} ${read === 1 ? 'mail' : 'mails'} read; ${unused} ${unused === 1 ? 'is' : 'are'} of no series and not kept\n`,
    );
  }
}

function tableOf(imported: Imported): string {
  const rows = imported.series.map((one) => [
    printable(one.name),
    one.versions.map(printable).join(' '),
    String(one.added),
    String(one.mails),
    printable(one.title),
  ]);
  return formatTable(
    [
      { title: 'series' },
      { title: 'versions' },
      { title: 'new', align: 'right' },
      { title: 'mails', align: 'right' },
      { title: 'title' },
    ],
    rows,
  );
}

/** What is being read, on a terminal, once it takes longer than a second. */
function progressLine(context: Context): {
  show(bytes: number, total: number | null, mails: number): void;
  clear(): void;
} {
  const { stderr, quiet } = context;
  const started = performance.now();
  let last = started;
  let shown = false;
  return {
    show: (bytes, total, mails) => {
      const now = performance.now();
      if (quiet || stderr.isTTY !== true || now - started < 1000 || now - last < 200) return;
      last = now;
      shown = true;
      const share = total === null || total === 0 ? '' : ` of ${(total / 1e6).toFixed(0)}`;
      stderr.write(`\r\x1b[Kimport  ${(bytes / 1e6).toFixed(0)}${share} MB, ${mails} mails`);
    },
    clear: () => {
      if (shown) stderr.write('\r\x1b[K');
    },
  };
}
