// SPDX-License-Identifier: MIT
/** The verbs of `respin review` that only read: show, status, comment, changelog, trailers. */
import type { CoverageRecord } from '../../core/coverage.ts';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Review } from '../../core/review.ts';
import type { TextOptions } from '../../reports/layout.ts';
import { changelogsOf, formatChangelogs } from '../../reports/review-changelog.ts';
import { formatComment } from '../../reports/review-comment.ts';
import { withComments, withVersion } from '../../reports/review-narrow.ts';
import { owedOf } from '../../reports/review-owed.ts';
import { formatReview } from '../../reports/review-show.ts';
import { formatStatus } from '../../reports/review-status.ts';
import { formatTrailers, trailersOf } from '../../reports/review-trailers.ts';
import { readReview } from '../../review/store/read-review.ts';
import type { Context } from '../command.ts';
import { terminalWidth } from '../width.ts';
import { findComment } from './decide.ts';
import { seriesFolder } from './which-series.ts';

/** `respin review show [vN]` */
export async function show(context: Context, [version]: string[]): Promise<ExitCode> {
  const folder = await seriesFolder(context);
  const review = await readReview(folder);
  expectVersion(review, version);
  const shown = review.versions.findLast((one) => version === undefined || one.version === version);
  const { coverageOfVersion } = await import('./coverage-of-version.ts');
  const coverage = await coverageOfVersion(context, folder, shown);
  if (context.json) {
    const narrowed = version === undefined ? review : withVersion(review, version);
    context.printJson(coverage === null ? narrowed : { ...narrowed, coverage: await coverageJson(coverage) });
  } else {
    await context.show(formatReview(review, version, { ...textOptions(context), coverage }));
  }
  return 0;
}

/** What of a record is named beside the version it is of. */
async function coverageJson({ id, counts, files }: CoverageRecord): Promise<object> {
  const { hunkCoverage } = await import('../../reports/review-coverage.ts');
  return { record: id, counts, hunks: hunkCoverage({ files }) };
}

/** `respin review status`: a list, whatever is on it. */
export async function status(context: Context): Promise<ExitCode> {
  const review = await readReview(await seriesFolder(context));
  const [by, version] = [context.text('by'), context.text('version')];
  expectVersion(review, version);
  const filter = {
    all: context.flag('all'),
    ...(by === undefined ? {} : { by }),
    ...(version === undefined ? {} : { version }),
  };
  if (!context.json) {
    await context.show(formatStatus(review, filter, textOptions(context)));
    return 0;
  }
  const { comments, ...owed } = owedOf(review, filter);
  const narrowed = withComments(
    review,
    comments.map(({ comment }) => comment),
  );
  const places = comments.map(({ comment, age, now, fate, evidence }) => {
    return { id: comment.id, age, what: fate?.what ?? null, now, evidence };
  });
  context.printJson({ ...narrowed, owed: { ...owed, comments: places } });
  return 0;
}

/** `respin review comment ID` */
export async function comment(context: Context, [id = '']: string[]): Promise<ExitCode> {
  const { review, comment: found } = await findComment(context, id);
  if (context.json) {
    context.printJson(withComments(withVersion(review, found.version), [found]));
  } else {
    await context.show(formatComment(review, found, textOptions(context)));
  }
  return 0;
}

/** `respin review changelog [--draft]` */
export async function changelog(context: Context): Promise<ExitCode> {
  if (context.flag('draft') || context.text('range') !== undefined) {
    return await (await import('./changelog-draft.ts')).changelogDraft(context);
  }
  const review = await readReview(await seriesFolder(context));
  if (context.json) context.printJson({ ...review, changelog: changelogsOf(review) });
  else await context.show(formatChangelogs(review, textOptions(context)));
  return 0;
}

/** `respin review trailers [--apply]` */
export async function trailers(context: Context): Promise<ExitCode> {
  if (context.flag('apply') || context.flag('dry-run')) {
    return await (await import('./trailers-apply.ts')).trailersApply(context);
  }
  const review = await readReview(await seriesFolder(context));
  if (context.json) context.printJson({ ...review, trailers: trailersOf(review) });
  else await context.show(formatTrailers(review, textOptions(context)));
  return 0;
}

function textOptions(context: Context): TextOptions {
  const width = terminalWidth(context);
  return { color: context.color, ...(width === undefined ? {} : { width }) };
}

function expectVersion(review: Review, version: string | undefined): void {
  if (version === undefined || review.versions.some((one) => one.version === version)) return;
  throw new RespinError({
    code: 'SERIES_VERSION',
    blame: 'usage',
    message: `there is no ${printable(version)} of ${printable(review.series)}`,
    hint: `it has ${review.versions.map((one) => printable(one.version)).join(' ')}`,
  });
}
