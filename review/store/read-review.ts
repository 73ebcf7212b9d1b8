// SPDX-License-Identifier: MIT
/** A series' folder → its review, with what people decided. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Review, ReviewPatch } from '../../core/review.ts';
import { cachePath } from '../../system/paths.ts';
import { writeWhole } from '../../system/whole.ts';
import type { PatchText } from '../anchors/patch-text.ts';
import type { BuiltReview } from '../build/build-review.ts';
import type { WholeReviewOptions } from './build-folder.ts';
import { decided } from './decisions.ts';
import { sourceFiles } from './kept-files.ts';
import { type ReviewState, readState } from './state.ts';

/**
 * Changes when the same mails give another review than before because of what the code does:
 * a review is kept under the names, sizes and times of its mails.
 */
const RECIPE = 17;

/**
 * The review of a series, from what was kept of it when nothing has changed.
 * @throws RespinError REVIEW_EMPTY (usage), REVIEW_STATE (usage)
 */
export async function readReview(folder: string): Promise<Review> {
  const state = await readState(folder);
  const file = await keptFile(folder, state);
  const kept = await readFile(file, 'utf8').catch(() => null);
  let review: Review | null = kept === null ? null : parseKept(kept);
  if (review === null) {
    // Most of the code is for this: a review that was kept is shown without it.
    const { buildWith } = await import('./build-folder.ts');
    ({ review } = await buildWith(folder, state));
    await writeWhole(file, JSON.stringify(review));
  }
  return decided(review, state);
}

/** The same with all it was made of: diffs, threads, what became of what. */
export async function readWholeReview(
  folder: string,
  options: WholeReviewOptions = {},
): Promise<BuiltReview> {
  const state = await readState(folder);
  const { buildWith } = await import('./build-folder.ts');
  const built = await buildWith(folder, state, options);
  const review = decided(built.review, state);
  // What was said of later versions is left out of it, not lost.
  return { ...built, review: options.upTo === undefined ? review : { ...review, orphans: [] } };
}

/** Whether `readReview` has nothing to work out: that takes seconds for hundreds of mails. */
export async function isReviewKept(folder: string): Promise<boolean> {
  return existsSync(await keptFile(folder, await readState(folder)));
}

/** The diff of one patch, from its own mail; null for a patch that has none to itself. */
export async function readPatchDiff(
  folder: string,
  { index, origin }: ReviewPatch,
): Promise<PatchText | null> {
  if (origin === null) return null;
  const bytes = await readFile(path.join(folder, origin)).catch(() => null);
  if (bytes === null) return null;
  const { readReviewMail } = await import('../mails/mail.ts');
  const { patchOf } = await import('../build/version-patches.ts');
  return patchOf(index, await readReviewMail(bytes, origin)).text;
}

async function keptFile(folder: string, state: ReviewState): Promise<string> {
  return cachePath('reviews', `${await stampOf(folder, state)}.json`);
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
  for (const file of [...mails, ...patches]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(folder, file)} ${size} ${mtimeMs}\n`);
  }
  hash.update(JSON.stringify([[...state.links], [...state.met]]));
  return hash.digest('hex').slice(0, 32);
}
