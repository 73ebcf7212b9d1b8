// SPDX-License-Identifier: MIT
/** The `Fixes:` lines of a commit message. */
import { messageParts, trailersOf } from './message-parts.ts';

export interface FixesLine {
  /** 1-based, of the message. */
  line: number;
  text: string;
  value: string;
  /** The commit named, as many digits as there are; null without one. */
  commit: string | null;
  /** The subject in quotes, with the lines it is split over joined; null without one. */
  subject: string | null;
  /** It goes on in the next line. */
  split: boolean;
}

/** Those among the trailers, and those with a commit that stand above. */
export function fixesOf(body: string): FixesLine[] {
  const { prose, tail } = messageParts(body);
  const lines = body.split('\n');
  const isFixes = ({ key }: { key: string }): boolean => /^fixes$/i.test(key);
  const early = trailersOf(prose)
    .filter(isFixes)
    .filter(({ value }) => /^(?:commit )?[0-9a-f]{7,40}\b/i.test(value));
  return [...early, ...trailersOf(tail).filter(isFixes)].map(({ line, text, value, folded }) => {
    const next = (lines[line] ?? '').trim();
    const split = next !== '' && (folded || (/\("/.test(value) && !/"\)/.test(value) && /"\)$/.test(next)));
    const whole = split ? `${value} ${next}` : value;
    const commit = /^(?:commit )?([0-9a-f]{6,40})(?![0-9a-z])/i.exec(whole)?.[1]?.toLowerCase() ?? null;
    const subject = /\("(.{1,1000})"\)/.exec(whole)?.[1] ?? /["'](.{1,1000})["']/.exec(whole)?.[1] ?? null;
    return { line, text, value, commit, subject, split };
  });
}
