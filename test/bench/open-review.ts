// SPDX-License-Identifier: MIT
/** Opens the review of a series' folder, as the commands do, and says how many comments it has. */
import { readReview } from '../../review/store/read-review.ts';

const review = await readReview(process.argv[2] ?? '');
process.stdout.write(`${review.comments.length}\n`);
