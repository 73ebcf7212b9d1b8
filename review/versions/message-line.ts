// SPDX-License-Identifier: MIT
/** What became of a line of a commit message in the next version: what a line of code becomes, and re-wrapping is no change. */
import type { FateKind } from '../../core/review.ts';
import type { FileDiff } from '../../core/series.ts';
import { lineMap } from './line-map.ts';

export interface MessageFate {
  /** unchanged also where its words stand, all together, in lines that are broken elsewhere. */
  what: Extract<FateKind, 'unchanged' | 'changed' | 'moved' | 'removed' | 'unknown'>;
  /** 1-based, where it is now; null when it is nowhere. */
  line: number | null;
  similarity: number;
}

/** Less is another sentence that stands there now: prose has no places as code has. */
const ALIKE = 0.4;
/** Fewer letters in a row are in many a message. */
const TELLING = 16;

/** @param line 1-based, of `before` */
export function messageLine(before: readonly string[], after: readonly string[], line: number): MessageFate {
  if (before[line - 1] === undefined) return { what: 'unknown', line: null, similarity: 0 };
  const {
    what,
    line: now,
    similarity: ofWords,
  } = lineMap([asFile(before)], [asFile(after)])('', 'new', line);
  if (what === 'unchanged') return { what, line: now, similarity: 1 };
  const wrapped = rewrapped(before[line - 1] ?? '', after);
  if (wrapped !== null) return { what: 'unchanged', line: wrapped, similarity: 1 };
  // `functional` is another word than `function`.
  const similarity = Math.max(ofWords, likeness(before[line - 1] ?? '', after[(now ?? 0) - 1] ?? ''));
  const isOther = what === 'changed' && similarity < ALIKE;
  const isGone = what === 'removed' || what === 'file-dropped' || now === null || isOther;
  return isGone
    ? { what: what === 'unknown' ? 'unknown' : 'removed', line: null, similarity: 0 }
    : { what: what === 'moved' ? 'moved' : 'changed', line: now, similarity };
}

/** A message is a file with one hunk, all of whose lines are new. */
function asFile(lines: readonly string[]): FileDiff {
  const count = lines.length;
  return {
    ...{ oldPath: '', newPath: '', change: 'modified', binary: false },
    hunks: [
      {
        ...{ header: `@@ -0,0 +1,${count} @@`, heading: '' },
        ...{ oldStart: 0, oldCount: 0, newStart: 1, newCount: count },
        lines: lines.map((text, at) => ({ kind: 'add', text, oldLine: null, newLine: at + 1 })),
      },
    ],
  };
}

/** The line in which its words begin, where they all follow each other. */
function rewrapped(text: string, after: readonly string[]): number | null {
  const key = squeezed(text);
  if (key.length < TELLING) return null;
  const keys = after.map(squeezed);
  const at = keys.join('').indexOf(key);
  if (at < 0) return null;
  let end = 0;
  return (
    keys.findIndex((one) => {
      end += one.length;
      return end > at;
    }) + 1
  );
}

/** The share of three letters in a row that both have (Dice). */
function likeness(one: string, other: string): number {
  const [a, b] = [piecesOf(one), piecesOf(other)];
  const common = [...a].filter((piece) => b.has(piece)).length;
  return a.size + b.size === 0 ? 0 : (2 * common) / (a.size + b.size);
}

/** Of a longer line no more is looked at. */
const LOOKED_AT = 2000;

function piecesOf(text: string): Set<string> {
  const key = squeezed(text.slice(0, LOOKED_AT)).toLowerCase();
  return new Set(Array.from({ length: Math.max(0, key.length - 2) }, (_, at) => key.slice(at, at + 3)));
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}
