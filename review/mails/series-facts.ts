// SPDX-License-Identifier: MIT
/** What the text of a patch mail or cover letter says of the series it is of. */
import { linksOf } from '../claims/mail-links.ts';

export interface SeriesFacts {
  /** b4's `change-id:`; null without. */
  changeId: string | null;
  baseCommit: string | null;
  prerequisites: string[];
  /** Message-IDs in the links of cover letter, message and notes. */
  links: string[];
}

export function seriesFactsOf(lines: readonly string[]): SeriesFacts {
  const text = headOf(lines);
  return {
    changeId: /^change-id: (\S{1,200})\s*$/m.exec(text)?.[1] ?? null,
    baseCommit: /^base-commit: ([0-9a-f]{40}(?:[0-9a-f]{24})?)\s*$/m.exec(text)?.[1] ?? null,
    prerequisites: [
      ...text.matchAll(/^prerequisite-(?:patch|message|change)-id: (\S{1,200}?)(?::v\d+)?\s*$/gm),
    ].map((match) => match[1] ?? ''),
    links: linksOf(text).flatMap(({ messageId }) => messageId ?? []),
  };
}

/** What stands above the diff, and below it: git format-patch puts base-commit there. */
function headOf(lines: readonly string[]): string {
  const diff = lines.findIndex((line) => line.startsWith('diff --git '));
  const head = diff < 0 ? lines : lines.slice(0, diff);
  return [
    ...head,
    ...lines.slice(-30).filter((line) => /^(?:base-commit|change-id|prerequisite-)/.test(line)),
  ].join('\n');
}
