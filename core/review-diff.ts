// SPDX-License-Identifier: MIT
/** Two versions of a series held against each other: by patch and hunk, with the comments beside what changed. */
import type { Comment } from './review.ts';

export const REVIEW_DIFF_SCHEMA = 'respin.review-diff/1';

export interface DiffOfDiffLine {
  /** What the later version takes out of the patch (`-`), puts in (`+`), or leaves. */
  mark: ' ' | '-' | '+';
  /** A line of the patch, with its own first column; of a commit message, as it is. */
  text: string;
  /** Ids of the comments that stand at this line, in the earlier version. */
  comments: string[];
}

export interface HunkDiff {
  file: string;
  /** The `@@` line in the later version; in the earlier where the later has no such hunk. */
  header: string;
  /** context: only the lines around the change are others. */
  kind: 'same' | 'context' | 'changed' | 'added' | 'dropped';
  lines: DiffOfDiffLine[];
  /** Ids of all comments in it. */
  comments: string[];
}

export interface PatchDiff {
  /** The patch's number in each version; null where it is not. */
  before: number | null;
  after: number | null;
  subject: { before: string | null; after: string | null };
  /**
   * message: subject or commit message, trailers included. unknown: a version is there only in part, and
   * what is missing may be its partner.
   */
  change: 'unchanged' | 'message' | 'diff' | 'both' | 'added' | 'dropped' | 'unknown';
  /** The commit message; empty when it is the same. */
  message: DiffOfDiffLine[];
  hunks: HunkDiff[];
  /** Ids of the comments on the patch that are in no hunk. */
  comments: string[];
}

export interface VersionsDiff {
  schema: typeof REVIEW_DIFF_SCHEMA;
  series: string;
  from: string;
  to: string;
  patches: PatchDiff[];
  /** Ids of the comments that are on none of these patches: on the series, its cover letter, a patch that is not there. */
  elsewhere: string[];
  /** Those of the earlier version. */
  comments: Comment[];
  /** What could not be compared, as a version is there only in part. */
  missing: string[];
}
