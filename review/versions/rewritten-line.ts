// SPDX-License-Identifier: MIT
/** The line that stands where a line was rewritten in place. */
import type { Aligned, DiffLine } from './aligned-lines.ts';
import { lineLikeness, type Words, wordsLikeness, wordsOf } from './line-likeness.ts';

export interface Rewritten {
  line: DiffLine;
  /** How alike the two texts are, 0 to 1. */
  similarity: number;
}

export interface Gap {
  /** [from, to) of the earlier version's lines: none of them is left as it was. */
  from: number;
  to: number;
  /** New lines of the later version at the same place. */
  after: number[];
  /** Whether the later version shows the whole place: lines on both sides of it are in one hunk. */
  whole: boolean;
}

/** Below this two texts are two lines, not one that changed. */
const ALIKE = 0.4;
/** What likeness counts between a line of the patch and one of its context. */
const OTHER_KIND = 0.8;
/** Lines of a gap that are compared, around the one in question and around its place. */
const WINDOW = 40;
/** How much longer what replaces some lines may be. */
const LONGER = 4;

/** Finds the gap around a line that has no partner; each is looked for once. */
export function gapFinder(aligned: Aligned): (at: number) => Gap {
  const known: Gap[] = [];
  return (at) => {
    const old = known.find(({ from, to }) => from <= at && at < to);
    if (old !== undefined) return old;
    const gap = gapAround(aligned, at);
    known.push(gap);
    return gap;
  };
}

function gapAround({ before, after, partner, taken, hunks }: Aligned, at: number): Gap {
  const { from, to, hunk } = before[at] ?? { from: at, to: at + 1, hunk: null };
  let first = at;
  while (first > from && (partner[first - 1] ?? -1) < 0) first--;
  let end = at + 1;
  while (end < to && (partner[end] ?? -1) < 0) end++;
  const above = first > from ? (partner[first - 1] ?? -1) : -1;
  const below = end < to ? (partner[end] ?? -1) : -1;
  const one = after[above];
  const other = after[below];
  const places: number[] = [];
  const take = (start: number, stop: number): void => {
    for (let there = start; there < stop; there++) if (taken[there] === 0) places.push(there);
  };
  const whole = one !== undefined && one.hunk === other?.hunk;
  if (whole) take(above + 1, below);
  else if (one !== undefined || other !== undefined) {
    if (one !== undefined) take(above + 1, one.to);
    if (other !== undefined) take(other.from, below);
  } else {
    const next = hunk === null ? undefined : hunks.get(hunk);
    const start = next === undefined ? -1 : after.findIndex((line) => line.hunk === next);
    if (start >= 0) take(start, after[start]?.to ?? start);
  }
  return { from: first, to: end, after: places, whole };
}

/**
 * The new line of the gap that `at` became: gap lines are set side by side in order, so that they
 * are most alike together. null when none of them is like it.
 */
export function rewritten(aligned: Aligned, gap: Gap, at: number): Rewritten | null {
  const { before, after } = windowOf(gap, at);
  const columns = after.length + 1;
  const rowWords = before.map((line) => wordsOf(aligned.before[line]?.line.text ?? ''));
  const columnWords = after.map((place) => wordsOf(aligned.after[place]?.line.text ?? ''));
  const likeness = new Float64Array(before.length * after.length);
  const best = new Float64Array((before.length + 1) * columns);
  before.forEach((line, row) => {
    after.forEach((place, column) => {
      const like = alike(aligned.before[line], aligned.after[place], rowWords[row], columnWords[column]);
      likeness[row * after.length + column] = like;
      best[(row + 1) * columns + column + 1] = Math.max(
        best[row * columns + column + 1] ?? 0,
        best[(row + 1) * columns + column] ?? 0,
        (best[row * columns + column] ?? 0) + Math.max(0, like - ALIKE),
      );
    });
  });
  let row = before.length;
  let column = after.length;
  while (row > 0 && column > 0) {
    const here = best[row * columns + column] ?? 0;
    if (here === (best[(row - 1) * columns + column] ?? 0)) row--;
    else if (here === (best[row * columns + column - 1] ?? 0)) column--;
    else {
      const line = aligned.after[after[column - 1] ?? -1];
      if (before[row - 1] === at && line !== undefined) {
        return { line, similarity: likeness[(row - 1) * after.length + column - 1] ?? 0 };
      }
      row--;
      column--;
    }
  }
  return null;
}

/**
 * What replaced `at` though no new line is like it: the nearest to it of the same kind, where the
 * later version shows the whole place and has not much more there.
 */
export function replaced(aligned: Aligned, gap: Gap, at: number): Rewritten | null {
  const one = aligned.before[at];
  if (one === undefined || !gap.whole || gap.after.length > LONGER * (gap.to - gap.from + 1)) return null;
  const { before, after } = windowOf(gap, at);
  const aim = ((before.indexOf(at) + 0.5) / before.length) * after.length - 0.5;
  let found: (Rewritten & { off: number }) | null = null;
  after.forEach((place, rank) => {
    const line = aligned.after[place];
    if (line === undefined || line.line.kind !== one.line.kind || line.line.text.trim() === '') return;
    const similarity = lineLikeness(one.line.text, line.line.text);
    const off = Math.abs(rank - aim);
    if (
      found === null ||
      similarity > found.similarity ||
      (similarity === found.similarity && off < found.off)
    ) {
      found = { line, similarity, off };
    }
  });
  return found;
}

/** The lines around `at` and around where it may have come to, by its rank in the gap. */
function windowOf(gap: Gap, at: number): { before: number[]; after: number[] } {
  const size = gap.to - gap.from;
  const start = (middle: number, length: number): number =>
    Math.max(0, Math.min(middle - WINDOW / 2, length - WINDOW));
  const first = gap.from + start(at - gap.from, size);
  const place = start(Math.round(((at - gap.from) / size) * gap.after.length), gap.after.length);
  return {
    before: Array.from({ length: Math.min(WINDOW, size) }, (_, step) => first + step),
    after: gap.after.slice(place, place + WINDOW),
  };
}

/** A line that is now added is no line that was removed; one that became context, or was some, may be. */
function alike(one?: DiffLine, other?: DiffLine, words?: Words, otherWords?: Words): number {
  if (!one || !other || !words || !otherWords) return 0;
  const kinds = new Set([one.line.kind, other.line.kind]);
  if (kinds.size === 2 && !kinds.has('context')) return 0;
  if (one.line.text.trim() === '' || other.line.text.trim() === '') {
    return one.line.text === other.line.text ? ALIKE + 0.01 : 0;
  }
  if (one.line.text === other.line.text) return 1;
  const like = wordsLikeness(words, otherWords);
  return kinds.size === 1 ? like : OTHER_KIND * like;
}
