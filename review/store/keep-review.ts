// SPDX-License-Identifier: MIT
/**
 * A program of its own, `node keep-review.ts FOLDER`: works a review out and keeps it. Who has a screen to draw starts it
 * meanwhile, and has the memory it took back when it ends. What goes wrong is met again, and told, by who reads the review.
 */
import { readReview } from './read-review.ts';

const [folder = ''] = process.argv.slice(2);
await readReview(folder).catch(() => {
  process.exitCode = 1;
});
