// SPDX-License-Identifier: MIT
/** Every rule there is, in the order they are listed: the one place to add another. */
import type { Rule } from './rule.ts';
import { applies } from './rules/applies.ts';
import { autoCleanup } from './rules/auto-cleanup.ts';
import { barrierComment } from './rules/barrier-comment.ts';
import { baseCommit } from './rules/base-commit.ts';
import { bootParamDoc } from './rules/boot-param-doc.ts';
import { buildsOn32Bit } from './rules/builds-on-32-bit.ts';
import { changelog } from './rules/changelog.ts';
import { checkpatch } from './rules/checkpatch.ts';
import { clangWarnings } from './rules/clang-warnings.ts';
import { cleanupOnly } from './rules/cleanup-only.ts';
import { coDevelopedBy } from './rules/co-developed-by.ts';
import { coccicheck } from './rules/coccicheck.ts';
import { commentsOpen } from './rules/comments-open.ts';
import { commitReference } from './rules/commit-reference.ts';
import { compilerWarnings } from './rules/compiler-warnings.ts';
import { coverLetter } from './rules/cover-letter.ts';
import { coverWritten } from './rules/cover-written.ts';
import { debugLeftover } from './rules/debug-leftover.ts';
import { deprecatedApi } from './rules/deprecated-api.ts';
import { eachPatchBuilds } from './rules/each-patch-builds.ts';
import { exportSymbol } from './rules/export-symbol.ts';
import { fixesBlankLine } from './rules/fixes-blank-line.ts';
import { fixesExists } from './rules/fixes-exists.ts';
import { fixesForm } from './rules/fixes-form.ts';
import { fixesTree } from './rules/fixes-tree.ts';
import { ifdefInFunction } from './rules/ifdef-in-function.ts';
import { inlineInC } from './rules/inline-in-c.ts';
import { kconfigHelp } from './rules/kconfig-help.ts';
import { kernelDoc } from './rules/kernel-doc.ts';
import { messageEmpty } from './rules/message-empty.ts';
import { messageWhy } from './rules/message-why.ts';
import { messageWrap } from './rules/message-wrap.ts';
import { moduleParam } from './rules/module-param.ts';
import { moduleParamDesc } from './rules/module-param-desc.ts';
import { netNextClosed } from './rules/net-next-closed.ts';
import { newFileMaintainers } from './rules/new-file-maintainers.ts';
import { noBug } from './rules/no-bug.ts';
import { obsoleteCode } from './rules/obsolete-code.ts';
import { performanceClaim } from './rules/performance-claim.ts';
import { readable } from './rules/readable.ts';
import { recipients } from './rules/recipients.ts';
import { reportedByLink } from './rules/reported-by-link.ts';
import { resendInterval } from './rules/resend-interval.ts';
import { reverseXmasTree } from './rules/reverse-xmas-tree.ts';
import { selftestsMissing } from './rules/selftests-missing.ts';
import { selftestsSeparate } from './rules/selftests-separate.ts';
import { seriesLength } from './rules/series-length.ts';
import { seriesNumbering } from './rules/series-numbering.ts';
import { seriesThreading } from './rules/series-threading.ts';
import { signedOffBy } from './rules/signed-off-by.ts';
import { sparseWarnings } from './rules/sparse-warnings.ts';
import { stableCc } from './rules/stable-cc.ts';
import { staticInHeader } from './rules/static-in-header.ts';
import { subjectImperative } from './rules/subject-imperative.ts';
import { subjectLength } from './rules/subject-length.ts';
import { subjectPeriod } from './rules/subject-period.ts';
import { subjectPrefix } from './rules/subject-prefix.ts';
import { subjectUnique } from './rules/subject-unique.ts';
import { testingStated } from './rules/testing-stated.ts';
import { trailerBlock } from './rules/trailer-block.ts';
import { trailerForm } from './rules/trailer-form.ts';
import { trailersCarried } from './rules/trailers-carried.ts';
import { trailersStale } from './rules/trailers-stale.ts';
import { treeInPrefix } from './rules/tree-in-prefix.ts';
import { uapiChange } from './rules/uapi-change.ts';

export const RULES: readonly Rule[] = [
  // Series
  readable,
  applies,
  treeInPrefix,
  netNextClosed,
  seriesNumbering,
  seriesThreading,
  seriesLength,
  coverLetter,
  coverWritten,
  changelog,
  resendInterval,
  baseCommit,
  subjectPrefix,
  subjectLength,
  subjectImperative,
  subjectPeriod,
  subjectUnique,
  messageEmpty,
  messageWhy,
  messageWrap,
  commitReference,
  trailerBlock,
  fixesForm,
  fixesBlankLine,
  fixesExists,
  fixesTree,
  signedOffBy,
  coDevelopedBy,
  reportedByLink,
  stableCc,
  trailerForm,
  trailersCarried,
  trailersStale,
  commentsOpen,
  performanceClaim,
  testingStated,
  // Source
  reverseXmasTree,
  inlineInC,
  staticInHeader,
  moduleParamDesc,
  moduleParam,
  exportSymbol,
  noBug,
  obsoleteCode,
  ifdefInFunction,
  barrierComment,
  kconfigHelp,
  deprecatedApi,
  debugLeftover,
  bootParamDoc,
  autoCleanup,
  newFileMaintainers,
  selftestsMissing,
  selftestsSeparate,
  cleanupOnly,
  uapiChange,
  // People
  recipients,
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
