// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { formatVersionsDiff } from '../../reports/review-diff.ts';
import { diffVersions } from '../../review/build/diff-versions.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import type { Context } from '../command.ts';
import { terminalWidth } from '../width.ts';
import { seriesFolder } from './which-series.ts';

const CONTEXT = 3;

/** `respin review diff v7 v8`; with one version, against the one before it. */
export async function diff(context: Context, args: string[]): Promise<ExitCode> {
  const built = await readWholeReview(await seriesFolder(context));
  const names = built.review.versions.map(({ version }) => version);
  const [first, second] = args.map((word) => known(word, names));
  const to = second ?? first ?? names.at(-1) ?? '';
  const from = second === undefined ? (names[names.indexOf(to) - 1] ?? '') : (first ?? '');
  if (from === '') {
    throw new RespinError({
      code: 'SERIES_VERSION',
      blame: 'usage',
      message: `there is no version before ${to === '' ? 'the first' : to} to compare it with`,
      hint: `there is ${names.join(', ')}; respin review import fetches others`,
    });
  }
  const found = diffVersions(built, from, to);
  if (context.json) context.printJson(found);
  else {
    const width = terminalWidth(context) ?? Number.MAX_SAFE_INTEGER;
    await context.show(formatVersionsDiff(found, { color: context.color, context: CONTEXT, width }));
  }
  return 0;
}

function known(word: string, names: readonly string[]): string {
  const version = word.replace(/^(?=\d)/, 'v');
  if (names.includes(version)) return version;
  const near = nearest(version, names);
  throw new RespinError({
    code: 'SERIES_VERSION',
    blame: 'usage',
    message: `the series has no ${version}`,
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there is ${names.join(', ')}`,
  });
}
