// SPDX-License-Identifier: MIT
/** Every rule there is, in the order they are listed: the one place to add another. */
import type { Rule } from './rule.ts';
import { applies } from './rules/applies.ts';
import { checkpatch } from './rules/checkpatch.ts';
import { readable } from './rules/readable.ts';
import { subjectLength } from './rules/subject-length.ts';

export const RULES: readonly Rule[] = [
  // Series
  readable,
  applies,
  subjectLength,
  // Source
  // People
  // checkpatch.pl
  checkpatch,
  // Builds
];
