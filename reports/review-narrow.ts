// SPDX-License-Identifier: MIT
/** A part of a review that is a review itself. */
import type { Comment, Review, ReviewVersion } from '../core/review.ts';

/** The review with only these comments: no patch or hunk names one that is not there. */
export function withComments(review: Review, comments: readonly Comment[]): Review {
  const ids = new Set(comments.map(({ id }) => id));
  const kept = (all: readonly string[]): string[] => all.filter((id) => ids.has(id));
  const versions = review.versions.map(
    (version): ReviewVersion => ({
      ...version,
      cover: version.cover === null ? null : { ...version.cover, comments: kept(version.cover.comments) },
      patches: version.patches.map((patch) => ({
        ...patch,
        files: patch.files.map((file) => ({
          ...file,
          hunks: file.hunks.map((hunk) => ({ ...hunk, comments: kept(hunk.comments) })),
        })),
        comments: kept(patch.comments),
      })),
    }),
  );
  return { ...review, versions, comments: [...comments] };
}

/** The review with only one version and what was said of it. */
export function withVersion(review: Review, version: string): Review {
  return {
    ...review,
    versions: review.versions.filter((one) => one.version === version),
    comments: review.comments.filter((one) => one.version === version),
  };
}
