// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { Review } from '../../core/review.ts';
import { isReviewKept, readReview } from '../../review/store/read-review.ts';
import { run } from '../../system/exec.ts';
import { projectRoot } from '../../system/paths.ts';

/**
 * The review of a series; worked out in a process of its own where it is not kept.
 * @throws RespinError what readReview throws
 */
export async function reviewOf(folder: string, signal?: AbortSignal): Promise<Review> {
  if (!(await isReviewKept(folder))) {
    let one = making.get(folder);
    if (one === undefined) {
      const options = signal === undefined ? {} : { signal };
      // One at a time: after a checkout all of them have to be made anew.
      one = last
        .catch(() => {})
        .then(async () => await run(process.execPath, [KEEP_REVIEW, folder], options))
        .finally(() => making.delete(folder));
      last = one;
      making.set(folder, one);
    }
    await one;
  }
  return await readReview(folder);
}

/** Several parts of a screen ask for the same. */
const making = new Map<string, Promise<unknown>>();
let last: Promise<unknown> = Promise.resolve();

const KEEP_REVIEW = path.join(projectRoot, 'review/store/keep-review.ts');
