// SPDX-License-Identifier: MIT
/** A review → one version of it, with what people said in the places they said it of. */
import { type Comment, isOwed, type Review, type ReviewVersion } from '../core/review.ts';
import { oneLine, type Paint, paint, paragraph, type TextOptions } from './layout.ts';
import { changelogsOf, logsText } from './review-changelog.ts';
import { performanceText, testingText } from './review-claims.ts';
import { reviewCoverageText } from './review-coverage.ts';
import { commentText, type PatchOptions, patchText } from './review-patch.ts';
import { onceEach } from './review-tags.ts';
import { trailerRows, trailersOf } from './review-trailers.ts';
import { addressOf, takenWords, versionNames } from './review-words.ts';
import { plural } from './words.ts';

/**
 * @param version one of the review's; the newest by default
 * @param options with the coverage record of that version, where there is one
 */
export function formatReview(review: Review, version?: string, options: PatchOptions = {}): string {
  const newest = review.versions.at(-1);
  const shown = version === undefined ? newest : review.versions.find((one) => one.version === version);
  if (shown === undefined) return 'no version of this series is there\n';
  const { width, color } = options;
  const style = paint(color);
  const comments = review.comments.filter((one) => one.version === shown.version);
  const parts = [
    head(review, shown, style, options),
    changes(review, shown, style, options),
    ...patches(shown, comments, style, options),
    trailers(review, shown, style, options),
    claims(shown, style, width),
    problems(review, style, width),
    shown === newest ? earlier(review, shown, width) : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function head(review: Review, shown: ReviewVersion, { bold }: Paint, options: PatchOptions): string {
  const { width, coverage = null } = options;
  const at = review.versions.indexOf(shown);
  const newest = at === review.versions.length - 1 ? 'newest ' : '';
  const of = review.versions.length === 1 ? '' : ` (${newest}of ${versionNames(review.versions)})`;
  const words = shown.prefixes.map((one) => `, ${one}`).join('');
  const taken = takenWords(shown);
  const rows: [string, string][] = [
    ['series', review.series],
    ['version', `${shown.version}${of}${words}, ${shown.date || 'without a date'}`],
    ['author', addressOf(shown.author)],
    ...(taken === '' ? [] : [['state', taken] as [string, string]]),
    ['base', shown.baseCommit ?? 'no base-commit given'],
  ];
  if (shown.prerequisites.length > 0) rows.push(['needs', shown.prerequisites.join(' ')]);
  for (const missing of shown.missing) rows.push(['missing', missing]);
  if (coverage !== null) rows.push(['coverage', reviewCoverageText(coverage)]);
  const lines = rows.map(([label, text]) => `${paragraph(label.padEnd(9), text, width)}\n`);
  return `${bold(paragraph('', shown.title, width))}\n${lines.join('')}`;
}

function changes(review: Review, shown: ReviewVersion, { bold }: Paint, { width }: TextOptions): string {
  const logs = changelogsOf(review).find(({ version }) => version === shown.version)?.logs ?? [];
  if (logs.every(({ entries }) => entries.length === 0)) return '';
  return `${bold(`changes in ${oneLine(shown.version)}`)}\n${logsText(review, logs, width)}`;
}

function patches(
  shown: ReviewVersion,
  comments: readonly Comment[],
  { bold }: Paint,
  options: PatchOptions,
): string[] {
  const there = new Set([0, ...shown.patches.map(({ index }) => index)]);
  const byPatch = Map.groupBy(comments, ({ anchor }) => anchor.patch);
  const list = (title: string, some: readonly Comment[]): string =>
    `${bold(title)}\n${some.map((one) => commentText(one, '  ', options)).join('')}`;
  const [onSeries = [], onCover = []] = [byPatch.get(null), byPatch.get(0)];
  return [
    onSeries.length === 0 ? '' : list('the series', onSeries),
    onCover.length === 0 ? '' : list('cover letter', onCover),
    ...[...byPatch]
      .filter(([patch]) => patch !== null && !there.has(patch))
      .map(([patch, some]) => list(`patch ${patch}/${shown.total}, which is not here`, some)),
    ...shown.patches.map((patch) => patchText(patch, shown.total, byPatch.get(patch.index) ?? [], options)),
  ];
}

/** On the newest version all there are: what was given earlier may still hold. */
function trailers(review: Review, shown: ReviewVersion, { bold }: Paint, options: TextOptions): string {
  const newest = review.versions.at(-1);
  const given = onceEach(shown === newest ? trailersOf(review) : shown.trailers);
  if (given.length === 0) return '';
  const title =
    shown === newest
      ? 'trailers'
      : `trailers given on ${oneLine(shown.version)}, held against ${oneLine(newest?.version ?? '')}`;
  return `${bold(title)}\n${trailerRows(given, options)}`;
}

function claims(shown: ReviewVersion, { bold }: Paint, width?: number): string {
  const several = shown.patches.length > 1;
  const parts: string[] = [];
  if (shown.performance.length > 0) {
    parts.push(`${bold('performance, as claimed')}\n${performanceText(shown.performance, several, width)}`);
  }
  if (shown.tested.length > 0) {
    parts.push(`${bold('tested, as claimed')}\n${testingText(shown.tested, several, width)}`);
  }
  return parts.join('\n');
}

function problems(review: Review, { bold }: Paint, width?: number): string {
  if (review.problems.length === 0) return '';
  const lines = review.problems.map(
    ({ origin, what }) => `${paragraph('  ', `${origin}: ${what}`, width)}\n`,
  );
  return `${bold('mails that could not be used')}\n${lines.join('')}`;
}

function earlier(review: Review, shown: ReviewVersion, width?: number): string {
  const open = review.comments.filter((one) => isOwed(one) && one.version !== shown.version);
  if (open.length === 0) return '';
  const are = open.length === 1 ? 'is' : 'are';
  return `${paragraph('', `${plural(open.length, 'comment')} on earlier versions ${are} open as well: respin review status`, width)}\n`;
}
