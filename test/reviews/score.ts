// SPDX-License-Identifier: MIT
/** What was found in a thread against what is known to be in it. */
import type { Anchor } from '../../core/review.ts';
import type { Truth } from './reply.ts';

export interface FoundComment {
  /** Of the mail it stands in, without angle brackets. */
  messageId: string;
  text: string;
  /** For an answer to a comment: the anchor of that comment. */
  anchor: Anchor;
  /** Message-ID of the mail whose words it answers; null for a comment on the patch itself. */
  replyTo: string | null;
}

export interface Scored {
  truth: Truth;
  /** Null when no comment of the mail has its words. */
  found: FoundComment | null;
  /** Its words, all of them and no others. */
  sameText: boolean;
  /** The right patch, file, hunk, side and line. */
  exact: boolean;
  /** The right hunk; the right part of the mail for what is not in a hunk. */
  hunk: boolean;
  /** Not the right hunk, and sure of it. */
  sureAndWrong: boolean;
  /** It is told which mail it answers, or that it answers none. */
  thread: boolean;
}

/** A confidence above this one must not be wrong. */
export const SURE = 0.9;

/** @returns one entry for each truth; and what was found that is no comment */
export function scoreThread(
  truths: readonly Truth[],
  found: readonly FoundComment[],
): { scored: Scored[]; extra: FoundComment[] } {
  const left = new Set(found);
  const matched = new Map<Truth, FoundComment>();
  const match = (same: (truth: string, found: string) => boolean): void => {
    for (const truth of truths) {
      if (matched.has(truth)) continue;
      const words = wordsOf(truth.text);
      for (const one of left) {
        if (one.messageId !== truth.messageId || !same(words, wordsOf(one.text))) continue;
        matched.set(truth, one);
        left.delete(one);
        break;
      }
    }
  };
  match((truth, words) => words === truth);
  match((truth, words) => words.includes(truth));
  // Half of a comment is recognised; two words of it are not.
  match((truth, words) => words.length * 2 >= truth.length && truth.includes(words));
  return { scored: truths.map((truth) => scoreOne(truth, matched.get(truth) ?? null)), extra: [...left] };
}

function scoreOne(truth: Truth, found: FoundComment | null): Scored {
  if (found === null) {
    const none = { sameText: false, exact: false, hunk: false, sureAndWrong: false, thread: false };
    return { truth, found, ...none };
  }
  const hunk = inHunk(truth, found.anchor);
  const { line, side } = found.anchor;
  return {
    truth,
    found,
    sameText: wordsOf(truth.text) === wordsOf(found.text),
    exact: hunk && line === truth.line && side === truth.side,
    hunk,
    sureAndWrong: !hunk && found.anchor.confidence > SURE,
    thread: found.replyTo === truth.answers,
  };
}

function inHunk(truth: Truth, anchor: Anchor): boolean {
  // Words on the cover letter as a whole are words on the series.
  if (truth.on === 'cover' && truth.line === null && anchor.on === 'series') return true;
  if (anchor.on !== truth.on || anchor.patch !== truth.patch) return false;
  if (truth.on !== 'line') return true;
  return anchor.file === truth.file && anchor.hunk?.trimEnd() === truth.hunk?.trimEnd();
}

/** White space folded, and without trailers: whether these are part of a comment is not what is measured. */
function wordsOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*[A-Z][A-Za-z-]{1,40}-by: \S/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
