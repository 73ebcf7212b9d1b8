// SPDX-License-Identifier: MIT
/**
 * The shortest edit from one list of lines to another: E. W. Myers, "An O(ND) Difference Algorithm
 * and Its Variations", Algorithmica 1 (1986), in its linear-space form (section 4b: find the middle
 * snake, do both halves).
 *
 * It is exact up to WORK steps, which two versions of a patch never need. Beyond them what is left
 * is cut at lines that occur once on both sides, in the longest order they share (Bram Cohen's
 * patience diff), and what then remains between two cuts counts as replaced: a longer edit than
 * need be, but a right one, and never a hang.
 */

/** One step: both numbers for a line that stays, one of them for a line taken out or put in. */
export interface LineStep {
  before: number | null;
  after: number | null;
}

const WORK = 30_000_000;
const PATIENCE_DEPTH = 8;

/**
 * The steps from `before` to `after`, in order; where lines are replaced, those taken out come first.
 * Indices are 0-based. The lines that stay are the longest common subsequence within the bound.
 */
export function lineDiff(
  before: readonly string[],
  after: readonly string[],
  work: number = WORK,
): LineStep[] {
  const numbers = lineNumbers();
  const partner = partners(before.map(numbers), after.map(numbers), work);
  const steps: LineStep[] = [];
  let next = 0;
  for (let at = 0; at < before.length; at++) {
    const there = partner[at] ?? -1;
    if (there < 0) {
      steps.push({ before: at, after: null });
      continue;
    }
    for (; next < there; next++) steps.push({ before: null, after: next });
    steps.push({ before: at, after: there });
    next = there + 1;
  }
  for (; next < after.length; next++) steps.push({ before: null, after: next });
  return steps;
}

/** Gives equal lines equal numbers, from 0 on. */
export function lineNumbers(): (line: string) => number {
  const known = new Map<string, number>();
  return (line) => {
    const number = known.get(line) ?? known.size;
    known.set(line, number);
    return number;
  };
}

/** A part of both lists: [from, to) of each. */
interface Box {
  a0: number;
  a1: number;
  b0: number;
  b1: number;
  depth: number;
}

/** For each of `before` the index of the same line in `after` that it stays as, or -1. */
function partners(before: readonly number[], after: readonly number[], work: number): Int32Array {
  // A line that is on one side only is in no common subsequence: without it the rest is found faster.
  const inBefore = new Set(before);
  const inAfter = new Set(after);
  const keptA = indices(before, inAfter);
  const keptB = indices(after, inBefore);
  const a = keptA.map((at) => before[at] ?? 0);
  const b = keptB.map((at) => after[at] ?? 0);
  const result = new Int32Array(before.length).fill(-1);
  const keep = (x: number, y: number): void => {
    result[keptA[x] ?? 0] = keptB[y] ?? 0;
  };
  const search = { left: work, forward: new Int32Array(0), backward: new Int32Array(0) };
  // A stack of our own: the halves may be as deep as there are lines.
  const stack: Box[] = [{ a0: 0, a1: a.length, b0: 0, b1: b.length, depth: 0 }];
  for (let box = stack.pop(); box !== undefined; box = stack.pop()) {
    let { a0, a1, b0, b1 } = box;
    for (; a0 < a1 && b0 < b1 && a[a0] === b[b0]; a0++, b0++) keep(a0, b0);
    for (; a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]; a1--, b1--) keep(a1 - 1, b1 - 1);
    if (a0 === a1 || b0 === b1) continue;
    const trimmed = { a0, a1, b0, b1, depth: box.depth };
    const middle = search.left > 0 ? middleSnake(a, b, trimmed, search) : null;
    if (middle !== null) {
      stack.push({ ...trimmed, a1: middle[0], b1: middle[1] }, { ...trimmed, a0: middle[0], b0: middle[1] });
      continue;
    }
    if (box.depth >= PATIENCE_DEPTH) continue;
    for (const part of cutAtUnique(a, b, trimmed)) stack.push(part);
  }
  return result;
}

function indices(lines: readonly number[], wanted: ReadonlySet<number>): number[] {
  const found: number[] = [];
  lines.forEach((line, at) => {
    if (wanted.has(line)) found.push(at);
  });
  return found;
}

interface Search {
  left: number;
  forward: Int32Array;
  backward: Int32Array;
}

/**
 * A point on a shortest path through the box, not one of its two corners; null when the work is
 * used up. The box has no common first or last line.
 */
function middleSnake(
  a: readonly number[],
  b: readonly number[],
  { a0, a1, b0, b1 }: Box,
  search: Search,
): [number, number] | null {
  const n = a1 - a0;
  const m = b1 - b0;
  const delta = n - m;
  const odd = (delta & 1) !== 0;
  const max = Math.ceil((n + m) / 2);
  const size = 2 * max + 3;
  if (search.forward.length < size) {
    search.forward = new Int32Array(size);
    search.backward = new Int32Array(size);
  }
  const { forward, backward } = search;
  const mid = max + 1;
  forward[mid + 1] = 0;
  backward[mid + 1] = 0;
  for (let d = 0; d <= max; d++) {
    search.left -= 2 * d + 2;
    if (search.left <= 0) return null;
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (forward[mid + k - 1] ?? 0) < (forward[mid + k + 1] ?? 0));
      let x = down ? (forward[mid + k + 1] ?? 0) : (forward[mid + k - 1] ?? 0) + 1;
      let y = x - k;
      while (x < n && y < m && a[a0 + x] === b[b0 + y]) {
        x++;
        y++;
      }
      forward[mid + k] = x;
      const back = delta - k;
      if (odd && back >= -(d - 1) && back <= d - 1 && x + (backward[mid + back] ?? 0) >= n) {
        return [a0 + x, b0 + y];
      }
    }
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (backward[mid + k - 1] ?? 0) < (backward[mid + k + 1] ?? 0));
      let x = down ? (backward[mid + k + 1] ?? 0) : (backward[mid + k - 1] ?? 0) + 1;
      let y = x - k;
      while (x < n && y < m && a[a1 - 1 - x] === b[b1 - 1 - y]) {
        x++;
        y++;
      }
      backward[mid + k] = x;
      const front = delta - k;
      if (!odd && front >= -d && front <= d && x + (forward[mid + front] ?? 0) >= n) {
        return [a1 - x, b1 - y];
      }
    }
  }
  return null;
}

/** The parts between lines that are once in the box on both sides; none when there is no such line. */
function cutAtUnique(a: readonly number[], b: readonly number[], box: Box): Box[] {
  const placeA = unique(a, box.a0, box.a1);
  const placeB = unique(b, box.b0, box.b1);
  const pairs: [number, number][] = [];
  for (const [line, at] of placeA) {
    const there = placeB.get(line) ?? -1;
    if (at >= 0 && there >= 0) pairs.push([at, there]);
  }
  const cuts = longestRising(pairs.sort((one, other) => one[0] - other[0]));
  if (cuts.length === 0) return [];
  const parts: Box[] = [];
  let { a0, b0 } = box;
  for (const [x, y] of cuts) {
    // The line itself stays with the part behind it, whose first lines are common by that.
    parts.push({ a0, a1: x, b0, b1: y, depth: box.depth + 1 });
    a0 = x;
    b0 = y;
  }
  parts.push({ a0, a1: box.a1, b0, b1: box.b1, depth: box.depth + 1 });
  return parts;
}

/** Line → where it is, -1 when it is there more than once. */
function unique(lines: readonly number[], from: number, to: number): Map<number, number> {
  const places = new Map<number, number>();
  for (let at = from; at < to; at++) {
    const line = lines[at] ?? 0;
    places.set(line, places.has(line) ? -1 : at);
  }
  return places;
}

/** The longest run of pairs whose second numbers rise, by patience sorting. */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const piles: number[] = [];
  const under = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, value], at) => {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const half = (low + high) >> 1;
      if ((pairs[piles[half] ?? 0]?.[1] ?? 0) < value) low = half + 1;
      else high = half;
    }
    under[at] = low > 0 ? (piles[low - 1] ?? -1) : -1;
    piles[low] = at;
  });
  const found: [number, number][] = [];
  for (let at = piles.at(-1) ?? -1; at >= 0; at = under[at] ?? -1) {
    const pair = pairs[at];
    if (pair) found.push(pair);
  }
  return found.reverse();
}
