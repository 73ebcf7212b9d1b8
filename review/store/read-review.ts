// SPDX-License-Identifier: MIT
/** A series' folder → its review, with what people decided. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Review, Trailer } from '../../core/review.ts';
import { cachePath } from '../../system/paths.ts';
import { writeWhole } from '../../system/whole.ts';
import { type BuiltReview, buildReview } from '../build/build-review.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { asOneSeries, readMailSet, sourceFiles } from './series-mails.ts';
import { type ReviewState, readState } from './state.ts';

/**
 * Changes when the same mails give another review than before because of what the code does:
 * a review is kept under the names, sizes and times of its mails.
 */
const RECIPE = 5;

/**
 * The review of a series, from what was kept of it when nothing has changed.
 * @throws RespinError REVIEW_EMPTY (usage), REVIEW_STATE (usage)
 */
export async function readReview(folder: string): Promise<Review> {
  const state = await readState(folder);
  const file = cachePath('reviews', `${await stampOf(folder, state)}.json`);
  const kept = await readFile(file, 'utf8').catch(() => null);
  let review: Review | null = kept === null ? null : parseKept(kept);
  if (review === null) {
    ({ review } = await buildWith(folder, state));
    await writeWhole(file, JSON.stringify(review));
  }
  return decided(review, state);
}

export interface WholeReviewOptions {
  /** As it was when this was the newest version: trailers are settled for it. */
  upTo?: string;
  /** Mails of a version that is not in the folder, their subjects with its number. */
  more?: readonly ReviewMail[];
}

/** The same with all it was made of: diffs, threads, what became of what. */
export async function readWholeReview(
  folder: string,
  options: WholeReviewOptions = {},
): Promise<BuiltReview> {
  const state = await readState(folder);
  const built = await buildWith(folder, state, options);
  return { ...built, review: decided(built.review, state) };
}

async function buildWith(
  folder: string,
  state: ReviewState,
  { upTo, more = [] }: WholeReviewOptions = {},
): Promise<BuiltReview> {
  const set = await readMailSet(folder);
  const series = asOneSeries([...set.mails, ...more], state.links);
  if (series === null) throw empty(folder);
  return buildReview(series, {
    name: path.basename(folder),
    links: state.links,
    problems: set.problems,
    ...(upTo === undefined ? {} : { upTo }),
    met: (trailer) => {
      const said = state.met.get(trailerKey(trailer));
      return said === undefined ? null : { version: trailer.version, why: `${said.why} (${said.by})` };
    },
  });
}

/** How a person names a trailer: `Reviewed-by sgarzare@example.org v8`. */
export function trailerKey(trailer: Trailer): string {
  return `${trailer.kind} ${trailer.email} ${trailer.version}`;
}

function decided(review: Review, state: ReviewState): Review {
  const comments = review.comments.map((comment) => {
    const decision = state.decisions.get(comment.id);
    if (decision === undefined) return comment;
    const { by, date, why } = decision;
    return { ...comment, state: decision.state, decision: { by, date, why } };
  });
  return { ...review, comments };
}

function parseKept(text: string): Review | null {
  try {
    return JSON.parse(text) as Review;
  } catch {
    // Written whole or not at all; whatever else it is now, it is made again.
    return null;
  }
}

async function stampOf(folder: string, state: ReviewState): Promise<string> {
  const { mails, patches } = await sourceFiles(folder);
  const hash = createHash('sha256').update(`${RECIPE} ${path.basename(folder)}\n`);
  const stamps = await Promise.all(
    [...mails, ...patches].map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return `${path.relative(folder, file)} ${size} ${mtimeMs}\n`;
    }),
  );
  for (const stamp of stamps) hash.update(stamp);
  hash.update(JSON.stringify([[...state.links], [...state.met]]));
  return hash.digest('hex').slice(0, 32);
}

function empty(folder: string): RespinError {
  return new RespinError({
    code: 'REVIEW_EMPTY',
    blame: 'usage',
    message: `there are no patches and no mails of ${printable(path.basename(folder))}`,
    hint: 'respin review import SOURCE fetches the mails of a series: an mbox, a maildir, a URL, a page',
  });
}
