// SPDX-License-Identifier: MIT
/** Lines above measurements that say what they were made with, and which commit was the one before. */

const SETUP_WORD = '(?:tools?|config(?:uration)?|set-?up|environment|env)';
const SETUP = new RegExp(
  `^(?:[-*•] )?(?:test )?${SETUP_WORD}(?:(?:/| and | & )${SETUP_WORD})?\\s{0,20}:\\s{0,20}(\\S.{0,200})$`,
  'i',
);
/** A hash of digits alone is a value, unless it is called a commit or its subject follows. */
const BASE =
  /^(?:[-*•] )?(?:before|base ?line|base|old)\s{0,20}[:=(]\s{0,20}(?:(?:at |on )?commit ([0-9a-f]{7,40})(?!\w)|([0-9a-f]{12,40}) \()/i;

/** `Tool/Config: uperf w/ 64 threads, SOCK_STREAM` → what stands behind the colon; null for any other line. */
export function setupIn(line: string): string | null {
  return SETUP.exec(line)?.[1]?.trim() ?? null;
}

/** `Before: commit 95ec6bce2a0b ("Merge branch …")` → the hash; null for any other line. */
export function baseIn(line: string): string | null {
  const match = BASE.exec(line);
  return (match?.[1] ?? match?.[2] ?? null)?.toLowerCase() ?? null;
}
