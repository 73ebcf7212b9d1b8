// SPDX-License-Identifier: MIT
/** Which series a review command is about. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { nearest } from '../../core/nearest.ts';
import { SERIES_NAME } from '../../patches/series-folder.ts';
import type { Context } from '../command.ts';

/**
 * The folder of the series named with --series, else the one the user stands in, else the only one
 * that has mails.
 * @throws RespinError SERIES_UNKNOWN, WHICH_SERIES (usage)
 */
export async function seriesFolder(context: Context): Promise<string> {
  const { patches } = (await context.settings()).settings;
  const named = context.text('series');
  const names = reviewedSeries(patches);
  if (named !== undefined) {
    const folder = path.join(patches, named);
    if (SERIES_NAME.test(named) && existsSync(folder)) return folder;
    const near = nearest(named, names);
    throw new RespinError({
      code: 'SERIES_UNKNOWN',
      blame: 'usage',
      message: `there is no series "${printable(named)}" in ${patches}`,
      hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : hintOf(names),
    });
  }
  const inside = path.relative(patches, context.cwd).split(path.sep)[0] ?? '';
  if (names.includes(inside)) return path.join(patches, inside);
  const [only] = names;
  if (only !== undefined && names.length === 1) return path.join(patches, only);
  throw new RespinError({
    code: 'WHICH_SERIES',
    blame: 'usage',
    message: names.length === 0 ? 'no series has mails yet' : 'which series? --series NAME',
    hint: hintOf(names),
  });
}

/** The series in `patches` that have something to review, by name. */
export function reviewedSeries(patches: string): string[] {
  if (!existsSync(patches)) return [];
  return readdirSync(patches, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && SERIES_NAME.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => existsSync(path.join(patches, name, 'mail')))
    .sort();
}

function hintOf(names: readonly string[]): string {
  return names.length === 0
    ? 'respin review import SOURCE fetches the mails of a series: an mbox, a maildir, a URL, a page'
    : `with mails: ${names.slice(0, 12).join(', ')}`;
}
