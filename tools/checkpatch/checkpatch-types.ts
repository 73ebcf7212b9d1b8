// SPDX-License-Identifier: MIT
/** Types of checkpatch.pl that are not asked for, each with its reason. */
import type { CheckProfile } from '../../core/check.ts';

/** Another rule looks at the same thing, with more to go by. */
const OTHER_RULE: Record<string, string> = {
  COMMIT_LOG_LONG_LINE: 'message-wrap knows tables, logs and links',
  FILE_PATH_CHANGES: 'new-file-maintainers looks into MAINTAINERS',
  GIT_COMMIT_ID: 'commit-reference',
  UNKNOWN_COMMIT_ID: 'a tree that was imported from a package has no history to look into',
  BAD_FIXES_TAG: 'fixes-form',
  MISSING_FIXES_TAG: 'a guess from words like "fix" in the message',
  BAD_SIGN_OFF: 'signed-off-by, trailer-form',
  MISSING_SIGN_OFF: 'signed-off-by',
  NO_AUTHOR_SIGN_OFF: 'signed-off-by',
  FROM_SIGN_OFF_MISMATCH: 'signed-off-by',
  BAD_REPORTED_BY_LINK: 'reported-by-link',
  BAD_STABLE_ADDRESS_STYLE: 'stable-cc',
  AVOID_BUG: 'no-bug',
  MEMORY_BARRIER: 'barrier-comment',
  OBSOLETE: 'obsolete-code looks into MAINTAINERS once for all files',
  CONFIG_DESCRIPTION: 'kconfig-help',
  STRCPY: 'deprecated-api',
  STRLCPY: 'deprecated-api',
  STRNCPY: 'deprecated-api knows where the string need not end in NUL',
  CONSIDER_KSTRTO: 'deprecated-api',
  ALLOC_WITH_MULTIPLY: 'deprecated-api',
};

/**
 * What netdev's own CI leaves out: `--ignore=COMMIT_LOG_LONG_LINE,MACRO_ARG_REUSE,ALLOC_SIZEOF_STRUCT,
 * NO_AUTHOR_SIGN_OFF,GIT_COMMIT_ID,CAMELCASE`, as maintainers give it on the list to reproduce its results.
 */
const NETDEV: Record<string, string> = {
  MACRO_ARG_REUSE:
    'macros in networking evaluate an argument twice knowingly, and the script cannot see when it matters',
  ALLOC_SIZEOF_STRUCT: 'sizeof(struct foo) is as common in networking as sizeof(*foo)',
  CAMELCASE: 'hardware and other code have such names already, and a patch has to use them',
};

/** Type → why it is off, in the profile. */
export function ignoredTypes(profile: CheckProfile): Record<string, string> {
  return profile === 'netdev' ? { ...OTHER_RULE, ...NETDEV } : OTHER_RULE;
}
