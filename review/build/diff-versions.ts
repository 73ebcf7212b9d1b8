// SPDX-License-Identifier: MIT
/** Two versions of a built review → what changed between them. */
import type { Comment } from '../../core/review.ts';
import {
  type DiffOfDiffLine,
  type HunkDiff,
  type PatchDiff,
  REVIEW_DIFF_SCHEMA,
  type VersionsDiff,
} from '../../core/review-diff.ts';
import type { FileDiff, Hunk } from '../../core/series.ts';
import { interdiffOfHunks, interdiffOfMessages } from '../versions/interdiff.ts';
import { pathOf } from '../versions/pair-files.ts';
import { type HunkPlace, pairHunks } from '../versions/pair-hunks.ts';
import type { BuiltReview } from './build-review.ts';
import type { VersionPatch } from './version-patches.ts';

/** @param from, to names of versions that are there */
export function diffVersions(built: BuiltReview, from: string, to: string): VersionsDiff {
  const { review, correspondence } = built;
  const comments = review.comments.filter((comment) => comment.version === from);
  const missingOf = (name: string): string[] =>
    (review.versions.find(({ version }) => version === name)?.missing ?? []).map(
      (what) => `${name}: ${what}`,
    );
  const missing = [...missingOf(from), ...missingOf(to)];
  const patches = correspondence.pairs(from, to).map((pair): PatchDiff => {
    const before = pair.before === null ? null : correspondence.patch(from, pair.before);
    const after = pair.after === null ? null : correspondence.patch(to, pair.after);
    const here = comments.filter(({ anchor }) => before !== null && anchor.patch === before.index);
    const hunks = hunkDiffs(before, after, here);
    const message = messageDiff(before, after, here);
    const placed = new Set([...hunks, ...message].flatMap((part) => part.comments));
    return {
      before: pair.before,
      after: pair.after,
      subject: { before: subjectOf(before), after: subjectOf(after) },
      change:
        before === null
          ? oneSided('added', missingOf(from))
          : after === null
            ? oneSided('dropped', missingOf(to))
            : pair.change,
      message,
      hunks,
      comments: here.map(({ id }) => id).filter((id) => !placed.has(id)),
    };
  });
  const onPatches = new Set(
    patches.flatMap((one) => [one, ...one.hunks, ...one.message].flatMap((part) => part.comments)),
  );
  const elsewhere = comments.map(({ id }) => id).filter((id) => !onPatches.has(id));
  return {
    schema: REVIEW_DIFF_SCHEMA,
    series: review.series,
    from,
    to,
    patches,
    elsewhere,
    comments,
    missing,
  };
}

function oneSided(change: 'added' | 'dropped', missing: readonly string[]): PatchDiff['change'] {
  return missing.length === 0 ? change : 'unknown';
}

function subjectOf(patch: VersionPatch | null): string | null {
  return patch?.mail.subject.subject ?? null;
}

/** The comments at their lines; none where nothing changed: there they are the patch's. */
function messageDiff(
  before: VersionPatch | null,
  after: VersionPatch | null,
  comments: readonly Comment[],
): DiffOfDiffLine[] {
  if (before === null || after === null) return [];
  const diff = interdiffOfMessages(before.text.message.join('\n'), after.text.message.join('\n'));
  if (diff.kind === 'same') return [];
  const onMessage = comments.filter(({ anchor }) => anchor.on === 'message' && anchor.line !== null);
  return diff.lines.map(({ mark, text, before: index }) => ({
    mark,
    text,
    comments: onMessage
      .filter(({ anchor }) => index !== null && anchor.line === index + 1)
      .map(({ id }) => id),
  }));
}

function hunkDiffs(
  before: VersionPatch | null,
  after: VersionPatch | null,
  comments: readonly Comment[],
): HunkDiff[] {
  const olds = before?.text.files ?? [];
  const news = after?.text.files ?? [];
  return pairHunks(olds, news).map((pair) => {
    const old = hunkAt(olds, pair.before);
    const now = hunkAt(news, pair.after);
    const diff = interdiffOfHunks(old?.hunk ?? null, now?.hunk ?? null);
    const inHunk = comments.filter(
      ({ anchor }) => old !== null && anchor.hunk === old.hunk.header && anchor.file === old.file,
    );
    return {
      file: now?.file ?? old?.file ?? '',
      header: now?.hunk.header ?? old?.hunk.header ?? '',
      kind: diff.kind,
      lines: diff.lines.map(({ mark, text, before: index }) => ({
        mark,
        text,
        comments: index === null || old === null ? [] : commentsAt(inHunk, old.hunk, index),
      })),
      comments: inHunk.map(({ id }) => id),
    };
  });
}

function hunkAt(files: readonly FileDiff[], place: HunkPlace | null): { file: string; hunk: Hunk } | null {
  if (place === null) return null;
  const file = files[place.file];
  const hunk = file?.hunks[place.hunk];
  return file === undefined || hunk === undefined ? null : { file: pathOf(file) ?? '', hunk };
}

function commentsAt(comments: readonly Comment[], hunk: Hunk, index: number): string[] {
  const line = hunk.lines[index];
  if (line === undefined) return [];
  return comments
    .filter(({ anchor }) =>
      line.kind === 'del'
        ? anchor.side === 'old' && anchor.line === line.oldLine
        : anchor.side === 'new' && anchor.line === line.newLine,
    )
    .map(({ id }) => id);
}
