// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { readPatchText } from '../../review/anchors/patch-text.ts';
import { type NotInPlace, withTrailersInFile } from '../../review/out/apply-trailers.ts';
import { type PatchFile, patchFilesOf } from '../../review/out/newest-files.ts';
import { planTrailers } from '../../review/out/trailer-plan.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import { writeWhole } from '../../system/whole.ts';
import type { Context } from '../command.ts';
import { planJson, printPlan } from './print-plan.ts';
import { seriesFolder } from './which-series.ts';

/** `respin review trailers --apply [--dry-run]`: into the patch files of the newest version. */
export async function trailersApply(context: Context): Promise<ExitCode> {
  if (!context.flag('apply')) {
    throw new RespinError({
      code: 'MISSING_OPTION',
      blame: 'usage',
      message: '--dry-run is for review trailers --apply',
      hint: 'respin review trailers --apply --dry-run',
    });
  }
  const dry = context.flag('dry-run');
  const folder = await seriesFolder(context);
  const { review, versions } = await readWholeReview(folder);
  const version = versions.at(-1);
  const files = version === undefined ? [] : await patchFilesOf(folder, version);
  if (version === undefined || files.length === 0)
    throw nothingToRewrite(path.basename(folder), version?.version);
  const strangers = files.filter(({ index }) => index === null);
  const bodies = files.flatMap(({ index, mail }) =>
    index === null ? [] : [{ index, body: readPatchText(mail.lines).message.join('\n') }],
  );
  const plan = planTrailers(
    bodies,
    review.versions.flatMap(({ trailers }) => trailers),
  );
  const written: string[] = [];
  const refused: string[] = strangers.map(
    ({ mail }) =>
      `${printable(mail.origin)} is no patch of ${version.version} by its number and subject: left as it is`,
  );
  for (const file of files) {
    const lines = file.index === null ? [] : (plan.add.get(file.index) ?? []).map(({ line }) => line);
    if (lines.length === 0) continue;
    const done = withTrailersInFile(file.bytes, file.mail.from, lines);
    if (Buffer.isBuffer(done)) {
      if (!dry) await writeWhole(file.file, done);
      written.push(file.mail.origin);
    } else {
      plan.add.delete(file.index ?? 0);
      refused.push(`${whyRefused(file, done)}: left as it is; respin review export writes it anew`);
    }
  }
  if (context.json) {
    context.printJson({
      schema: 'respin.trailers-applied/1',
      ...{ version: version.version, dryRun: dry, files: written, refused },
      ...planJson(plan),
    });
    return 0;
  }
  for (const one of refused) context.warn(one);
  printPlan(context, plan);
  const count = `${written.length} of ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  const place = printable(path.join(path.basename(folder), version.version));
  if (written.length === 0) context.stdout.write(`nothing to add to the patches in ${place}\n`);
  else context.stdout.write(`${dry ? 'would rewrite' : 'rewrote'} ${count} in ${place}\n`);
  return 0;
}

function whyRefused({ mail }: PatchFile, why: NotInPlace): string {
  const name = printable(mail.origin);
  switch (why) {
    case 'encoded':
      return `${name} is base64, quoted-printable or of several parts`;
    case 'another charset':
      return `${name} is in a charset that cannot hold the names`;
    case 'several mails':
      return `${name} is not one patch with a diff`;
  }
}

function nothingToRewrite(series: string, version: string | undefined): RespinError {
  return new RespinError({
    code: 'NO_PATCH_FILES',
    blame: 'usage',
    message: `there are no patch files in ${printable(`${series}/${version ?? 'vN'}`)}/`,
    hint: `respin review export ${version ?? 'vN'} --out DIR writes its patches with the trailers`,
  });
}
