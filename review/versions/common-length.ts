// SPDX-License-Identifier: MIT
/**
 * How long the longest common subsequence is, without finding it: bit-parallel, 30 lines a step.
 * H. Hyyrö, "Bit-Parallel LCS-length Computation Revisited" (AWOCA 2004), after M. Crochemore,
 * C. Iliopoulos, Y. Pinzon and J. Reid (Information Processing Letters 80, 2001). With V all ones
 * and M the places of a line in `a`, each line of `b` makes V = (V + (V & M)) | (V & ~M); the zeros
 * of V at the end are the length.
 */

/** Of a word: two more fit in a number that JavaScript adds without loss and cuts with `|`. */
const BITS = 30;
const ALL = 2 ** BITS - 1;

/** Steps above which order is not looked at any more. */
const STEPS = 40_000_000;

/**
 * Lines that `a` and `b` have in common, in the same order: numbers stand for lines. When both are
 * so long that this took more than a moment, lines in common whatever their order: an upper bound.
 */
export function commonLength(a: readonly number[], b: readonly number[]): number {
  let from = 0;
  let endA = a.length;
  let endB = b.length;
  while (from < endA && from < endB && a[from] === b[from]) from++;
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const outer = from + (a.length - endA);
  const inB = new Set(b.slice(from, endB));
  const left = a.slice(from, endA).filter((line) => inB.has(line));
  const inA = new Set(left);
  const right = b.slice(from, endB).filter((line) => inA.has(line));
  const words = Math.ceil(left.length / BITS);
  if (words * right.length > STEPS) return outer + commonCount(sorted(left), sorted(right));
  return outer + bitParallel(left, right, words);
}

function bitParallel(a: readonly number[], b: readonly number[], words: number): number {
  const places = new Map<number, Mask[]>();
  a.forEach((line, at) => {
    const masks = places.get(line) ?? [];
    places.set(line, masks);
    const word = Math.floor(at / BITS);
    const last = masks.at(-1);
    if (last?.word === word) last.bits |= 1 << (at % BITS);
    else masks.push({ word, bits: 1 << (at % BITS) });
  });
  const v = new Int32Array(words).fill(ALL);
  for (const line of b) {
    let carry = 0;
    let next = 0;
    for (const { word, bits } of places.get(line) ?? []) {
      // Words without a place of the line change only as far as a carry runs.
      for (; carry === 1 && next < word; next++) carry = add(v, next, 0, carry);
      carry = add(v, word, bits, carry);
      next = word + 1;
    }
    for (; carry === 1 && next < words; next++) carry = add(v, next, 0, carry);
  }
  let zeros = 0;
  for (let at = 0; at < a.length; at++) {
    if ((((v[Math.floor(at / BITS)] ?? 0) >> (at % BITS)) & 1) === 0) zeros++;
  }
  return zeros;
}

/** Where a line is within one word. */
interface Mask {
  word: number;
  bits: number;
}

/** One word's step; gives the carry. */
function add(v: Int32Array, word: number, bits: number, carry: number): number {
  const old = v[word] ?? 0;
  const sum = old + (old & bits) + carry;
  v[word] = (sum & ALL) | (old & ~bits);
  return sum > ALL ? 1 : 0;
}

/** For commonCount. */
export function sorted(lines: readonly number[]): number[] {
  return Array.from(Int32Array.from(lines).sort());
}

/** Numbers that two sorted lists have in common, each as often as in both: never less than commonLength. */
export function commonCount(a: readonly number[], b: readonly number[]): number {
  let count = 0;
  for (let at = 0, there = 0; at < a.length && there < b.length; ) {
    const difference = (a[at] ?? 0) - (b[there] ?? 0);
    if (difference === 0) count++;
    if (difference <= 0) at++;
    if (difference >= 0) there++;
  }
  return count;
}
