// SPDX-License-Identifier: MIT
/** Every rule there is, in the order they are listed: the one place to add another. */
import type { Rule } from './rule.ts';
import { applies } from './rules/applies.ts';
import { buildsOn32Bit } from './rules/builds-on-32-bit.ts';
import { checkpatch } from './rules/checkpatch.ts';
import { clangWarnings } from './rules/clang-warnings.ts';
import { coccicheck } from './rules/coccicheck.ts';
import { compilerWarnings } from './rules/compiler-warnings.ts';
import { eachPatchBuilds } from './rules/each-patch-builds.ts';
import { kernelDoc } from './rules/kernel-doc.ts';
import { readable } from './rules/readable.ts';
import { sparseWarnings } from './rules/sparse-warnings.ts';
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
  eachPatchBuilds,
  compilerWarnings,
  sparseWarnings,
  kernelDoc,
  coccicheck,
  buildsOn32Bit,
  clangWarnings,
];
