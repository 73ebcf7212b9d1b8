// SPDX-License-Identifier: MIT
/**
 * Which hunk of one version's patch is which of the next one's. Within two files that belong
 * together a pair is worth
 *
 *   ½ what is added and removed alike + ½ the old lines alike (the place) + a little for the same
 *   heading + less for standing at about the same place in the order
 *
 * and the pairs are those worth the most together. Of a hunk that was split, or of several that
 * were merged, the likeliest one is the partner; the others have none (line-map.ts follows lines
 * whatever hunk they are in).
 */
import type { FileDiff, Hunk } from '../../core/series.ts';
import { bestPairs, type Candidate, inOrder } from './best-pairs.ts';
import { commonLength } from './common-length.ts';
import { lineNumbers } from './line-diff.ts';
import { lineWeight } from './line-likeness.ts';
import { pairFiles } from './pair-files.ts';

/** Indices from 0 on: of the file in its list, of the hunk in its file. */
export interface HunkPlace {
  file: number;
  hunk: number;
}

export interface HunkPair {
  before: HunkPlace | null;
  after: HunkPlace | null;
  /** 0 to 1: the share of added and removed lines that both have in the same order; 0 without a partner. */
  similarity: number;
}

/** What a pair must be worth. */
const WORTH = 0.3;
const HEADING = 0.1;
const ORDER = 0.05;
/** Weight of context that says where a hunk is. */
const TELLING = 0.3;
/** Hunks of a file that have the same line beyond which the line says nothing. */
const COMMON = 64;

/** All hunks of both, in the order of the later version, dropped ones behind what they stood behind. */
export function pairHunks(before: readonly FileDiff[], after: readonly FileDiff[]): HunkPair[] {
  const befores = placesOf(before);
  const afters = placesOf(after);
  const beforeAt = firstOfFile(befores);
  const afterAt = firstOfFile(afters);
  const partnerOf = new Array<number>(befores.length).fill(-1);
  const similarities = new Map<number, number>();
  pairFiles(before, after).forEach((other, file) => {
    const [one, next] = [before[file], after[other]];
    if (one === undefined || next === undefined) return;
    for (const pair of pairHunksOfFile(one.hunks, next.hunks)) {
      const at = (beforeAt.get(file) ?? 0) + pair.before;
      partnerOf[at] = (afterAt.get(other) ?? 0) + pair.after;
      similarities.set(at, pair.similarity);
    }
  });
  return inOrder(partnerOf, afters.length).map((row) => ({
    before: row.before === null ? null : (befores[row.before] ?? null),
    after: row.after === null ? null : (afters[row.after] ?? null),
    similarity: row.before === null ? 0 : (similarities.get(row.before) ?? 0),
  }));
}

function placesOf(files: readonly FileDiff[]): HunkPlace[] {
  return files.flatMap((one, file) => one.hunks.map((_, hunk) => ({ file, hunk })));
}

function firstOfFile(places: readonly HunkPlace[]): Map<number, number> {
  const first = new Map<number, number>();
  places.forEach(({ file }, at) => {
    if (!first.has(file)) first.set(file, at);
  });
  return first;
}

/** Numbers stand for lines with their column, see lineNumbers. */
interface Read {
  hunk: Hunk;
  whole: string;
  changes: number[];
  /** How often each line is there: of what is added and removed, of the old side, of the context. */
  counts: readonly Map<number, number>[];
  /** The weights of these together. */
  totals: readonly number[];
}

const [CHANGES, OLD, CONTEXT] = [0, 1, 2];

/** Indices from 0 on. */
export interface PairWithin {
  before: number;
  after: number;
  similarity: number;
}

/** The same for the hunks of one file; only those with a partner, in no order. */
export function pairHunksOfFile(before: readonly Hunk[], after: readonly Hunk[]): PairWithin[] {
  const number = lineNumbers();
  const weights: number[] = [];
  const read = (hunk: Hunk): Read => readHunk(hunk, number, weights);
  const a = before.map(read);
  const b = after.map(read);
  const pairs = identical(a, b);
  const goneA = new Set(pairs.map((pair) => pair.before));
  const goneB = new Set(pairs.map((pair) => pair.after));
  const left = [...a.keys()].filter((at) => !goneA.has(at));
  const right = [...b.keys()].filter((at) => !goneB.has(at));
  for (const { before: one, after: other } of bestPairs(candidates(a, b, left, right, weights))) {
    const [x, y] = [a[one]?.changes ?? [], b[other]?.changes ?? []];
    const all = x.length + y.length;
    pairs.push({ before: one, after: other, similarity: all === 0 ? 1 : (2 * commonLength(x, y)) / all });
  }
  return pairs;
}

function readHunk(hunk: Hunk, number: (line: string) => number, weights: number[]): Read {
  const changes: number[] = [];
  const counts = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()];
  const totals = [0, 0, 0];
  const lines = hunk.lines.map((line) => {
    const noted = (column: string): number => {
      const id = number(column + line.text + (line.noNewline ? '\n\\' : ''));
      weights[id] ??= lineWeight(line.text);
      return id;
    };
    const add = (part: number, id: number): void => {
      counts[part]?.set(id, (counts[part].get(id) ?? 0) + 1);
      totals[part] = (totals[part] ?? 0) + (weights[id] ?? 0);
    };
    // A line that is now removed marks the same place as when it was context.
    if (line.kind !== 'add') add(OLD, noted('='));
    const id = noted(line.kind === 'context' ? ' ' : line.kind === 'add' ? '+' : '-');
    add(line.kind === 'context' ? CONTEXT : CHANGES, id);
    if (line.kind !== 'context') changes.push(id);
    return id;
  });
  return { hunk, whole: `${lines.join(',')} ${hunk.heading}`, changes, counts, totals };
}

/** Hunks that are the same to the last line of context, in order. */
function identical(a: readonly Read[], b: readonly Read[]): PairWithin[] {
  const free = new Map<string, number[]>();
  b.forEach(({ whole }, at) => {
    const list = free.get(whole);
    if (list) list.push(at);
    else free.set(whole, [at]);
  });
  for (const list of free.values()) list.reverse();
  return a.flatMap(({ whole }, before) => {
    const after = free.get(whole)?.pop();
    return after === undefined ? [] : [{ before, after, similarity: 1 }];
  });
}

function candidates(
  a: readonly Read[],
  b: readonly Read[],
  left: readonly number[],
  right: readonly number[],
  weights: readonly number[],
): Candidate[] {
  const holders = new Map<number, number[]>();
  for (const at of right) {
    for (const counts of b[at]?.counts ?? []) {
      for (const id of counts.keys()) {
        const list = holders.get(id);
        if (list) list.push(at);
        else holders.set(id, [at]);
      }
    }
  }
  return left.flatMap((before) => {
    const one = a[before];
    if (one === undefined) return [];
    const common = commonWeights(one, b, holders, weights);
    // The only hunk on both sides, such as a new file's, may share nothing and still be its successor.
    const only = right[0];
    if (left.length === 1 && right.length === 1 && only !== undefined && !common.has(only)) {
      common.set(only, [0, 0, 0]);
    }
    return [...common].flatMap(([after, shared]) => {
      const other = b[after];
      if (other === undefined) return [];
      const order = 1 - Math.abs((before + 1) / (a.length + 1) - (after + 1) / (b.length + 1));
      const gain = worth(one, other, shared) + ORDER * order - WORTH;
      return gain > 0 ? [{ before, after, gain }] : [];
    });
  });
}

/** For each hunk that shares a line with `one`: the weights in common, as `totals`. */
function commonWeights(
  one: Read,
  b: readonly Read[],
  holders: ReadonlyMap<number, number[]>,
  weights: readonly number[],
): Map<number, number[]> {
  const common = new Map<number, number[]>();
  for (const [part, counts] of one.counts.entries()) {
    for (const [id, count] of counts) {
      const list = holders.get(id) ?? [];
      if (list.length > COMMON) continue;
      for (const at of list) {
        const shared = common.get(at) ?? [0, 0, 0];
        const both = Math.min(count, b[at]?.counts[part]?.get(id) ?? 0);
        shared[part] = (shared[part] ?? 0) + both * (weights[id] ?? 0);
        common.set(at, shared);
      }
    }
  }
  return common;
}

function worth(one: Read, other: Read, shared: readonly number[]): number {
  const alike = (part: number): number => {
    const all = (one.totals[part] ?? 0) + (other.totals[part] ?? 0);
    // Neither has an old line: both are new files, and that is the same place.
    return all === 0 ? 1 : (2 * (shared[part] ?? 0)) / all;
  };
  const headings = [one.hunk.heading, other.hunk.heading];
  const known = headings.every((heading) => heading !== '');
  const sameHeading = known && headings[0] === headings[1];
  // The same small change in another function: one was dropped, another is new.
  const context = [one, other].every(({ totals }) => (totals[CONTEXT] ?? 0) > TELLING);
  if (known && !sameHeading && context && (shared[CONTEXT] ?? 0) < TELLING) return 0;
  return (alike(CHANGES) + alike(OLD)) / 2 + (sameHeading ? HEADING : 0);
}
