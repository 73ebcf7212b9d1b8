// SPDX-License-Identifier: MIT
/** Commits that no mails were made of: their prefix and cover letter are still to come. */
import type { Series } from '../../core/series.ts';
import { isRange } from '../../patches/git-range.ts';
import type { NotForThis } from './rule.ts';

/** @returns why a rule about mails says nothing of the series; null when it has mails */
export function notMailsYet({ source }: Series): NotForThis | null {
  const commits = /^git:.+#[^#]+$/s.test(source) || isRange(source);
  return commits ? { notForThis: 'these are commits, and their mails are not made yet' } : null;
}
