// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { isOfVersion, type RunRecord } from '../../core/run.ts';
import type { VersionPatches } from '../../review/build/version-patches.ts';
import { realId } from '../../review/out/message-ids.ts';
import { testedByMail } from '../../review/out/tested-by-mail.ts';
import { versionOfRun } from '../../review/out/version-of-run.ts';
import { readReview, readWholeReview } from '../../review/store/read-review.ts';
import { RUN_RECORDS } from '../../runs/record.ts';
import type { Context } from '../command.ts';
import { mailOut } from './mail-out.ts';
import { ownPerson } from './own-person.ts';
import { reviewedSeries, seriesFolder } from './which-series.ts';

/** `respin review tested-by RUN [--out FILE]` */
export async function testedBy(context: Context, [which = 'last']: string[]): Promise<ExitCode> {
  const self = await ownPerson(context);
  const record = await recordOf(which);
  if (record.series === null) throw noSeries(record);
  const found = await mailedVersion(context, record);
  const { mail, warnings } = await testedByMail(record, found?.version ?? null, self);
  if (found === null) {
    warnings.push(
      `no series with mails has the patches of this run (${printable(record.series.name)} ${printable(record.series.version)}): there is no In-Reply-To, To or Cc`,
    );
  } else if (found.newest !== found.version.version) {
    warnings.push(`the run is of ${found.version.version}, and ${found.newest} is there`);
  }
  await mailOut(context, mail, warnings);
  return 0;
}

/** The last is the last of a whole: one of some cases bears no Tested-by out. */
async function recordOf(which: string): Promise<RunRecord> {
  if (which === 'last') {
    const records = await RUN_RECORDS.list();
    const whole = records.find(({ record }) => record !== null && isOfVersion(record))?.record;
    if (whole != null) return whole;
  }
  return (await RUN_RECORDS.load(which)).record;
}

async function mailedVersion(
  context: Context,
  record: RunRecord,
): Promise<{ version: VersionPatches; newest: string } | null> {
  const { patches } = (await context.settings()).settings;
  const named = context.text('series') !== undefined;
  const folders = named
    ? [await seriesFolder(context)]
    : reviewedSeries(patches).map((name) => path.join(patches, name));
  // The one the run names comes first; a run of a range or an mbox has a name of its own.
  const own = (folder: string): number => (path.basename(folder) === record.series?.name ? 0 : 1);
  for (const folder of folders.sort((a, b) => own(a) - own(b))) {
    // Damaged ones are for the commands that are about them.
    const review = await readReview(folder).catch((error: unknown) => {
      if (error instanceof RespinError && own(folder) === 1) return null;
      throw error;
    });
    const count = record.series?.patches.length;
    if (!review?.versions.some((one) => one.patches.length === count)) continue;
    const { versions } = await readWholeReview(folder);
    const version = await versionOfRun(record, versions, context.signal);
    const mailed = version !== null && [version.cover, ...version.patches].some((one) => isMailed(one));
    if (version !== null && mailed) return { version, newest: versions.at(-1)?.version ?? '' };
  }
  return null;
}

function isMailed(one: VersionPatches['cover']): boolean {
  if (one === null || realId(one.mail) === null) return false;
  return one.mail.quotedOnly || one.mail.origin.startsWith('mail/');
}

function noSeries(record: RunRecord): RespinError {
  return new RespinError({
    code: 'RUN_WITHOUT_SERIES',
    blame: 'usage',
    message: `${record.id} is a run of a tree without a series: there is nothing to answer`,
    hint: 'respin runs list shows what each run has tested',
  });
}
