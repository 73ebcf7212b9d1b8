// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { ReviewVersion } from '../../core/review.ts';
import { exportedFiles } from '../../review/out/export-version.ts';
import { type PatchParts, patchParts } from '../../review/out/patch-parts.ts';
import { sendCommands } from '../../review/out/send-commands.ts';
import { planTrailers } from '../../review/out/trailer-plan.ts';
import { EXPORT_LIST, writeExport } from '../../review/out/write-export.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import type { Context } from '../command.ts';
import { planJson, printPlan } from './print-plan.ts';
import { seriesFolder } from './which-series.ts';
import { versionNamed } from './which-version.ts';

/** `respin review export vN --out DIR` */
export async function exportVersion(context: Context, [wanted = '']: string[]): Promise<ExitCode> {
  const out = context.text('out');
  if (out === undefined) {
    throw new RespinError({
      code: 'MISSING_OPTION',
      blame: 'usage',
      message: 'review export needs a folder to write to',
      hint: `respin review export ${printable(wanted)} --out DIR; it is made when it is not there`,
    });
  }
  const folder = await seriesFolder(context);
  const { review, versions } = await readWholeReview(folder, { upTo: wanted });
  const shown = versionNamed(review.versions, wanted);
  const version = versionNamed(versions, wanted);
  if (shown.missing.length > 0) throw incomplete(shown);
  const patches = new Map<number, PatchParts>();
  for (const { index, mail } of version.patches) patches.set(index, await patchParts(mail, context.signal));
  const bodies = [...patches].map(([index, { message }]) => ({ index, body: message.join('\n') }));
  const plan = planTrailers(
    bodies,
    review.versions.flatMap(({ trailers }) => trailers),
  );
  const trailers = new Map([...plan.add].map(([index, lines]) => [index, lines.map(({ line }) => line)]));
  const files = exportedFiles({ version, versions, patches, trailers });
  const place = path.resolve(context.cwd, out);
  await writeExport(place, files);
  const names = files.map(({ name }) => name);
  // What is pasted into a shell does not stand in -C.
  const named = context.text('directory') === undefined ? out : place;
  const commands = sendCommands(named, names, versions.slice(0, versions.indexOf(version) + 1));
  const warnings = [
    ...(shown.changelog.some((log) => log.version === wanted) || versions.length === 1
      ? []
      : [`${wanted} does not say what changed: respin review changelog --draft proposes it`]),
    ...(commands.to.length + commands.cc.length > 0
      ? []
      : ['no mail says whom the series went to: scripts/get_maintainer.pl of the kernel tells']),
  ];
  if (context.json) {
    context.printJson({
      schema: 'respin.export/1',
      folder: place,
      version: wanted,
      files: names,
      list: EXPORT_LIST,
      ...commands,
      ...planJson(plan),
      warnings,
    });
    return 0;
  }
  for (const one of warnings) context.warn(one);
  printPlan(context, plan);
  for (const name of names) context.stdout.write(`${path.join(named, name)}\n`);
  context.stdout.write(`\nto send it:   ${commands.send}\nto apply it:  ${commands.apply}\n`);
  return 0;
}

function incomplete({ version, missing }: ReviewVersion): RespinError {
  return new RespinError({
    code: 'EXPORT_INCOMPLETE',
    blame: 'usage',
    message: `${printable(version)} is not all there: ${missing.slice(0, 3).map(printable).join('; ')}`,
    hint: 'respin review import fetches the mails that are missing',
  });
}
