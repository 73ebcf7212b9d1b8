// SPDX-License-Identifier: MIT
/** Which file of one version's patch is which of the next one's. */
import type { FileDiff } from '../../core/series.ts';
import { bestPairs, type Candidate } from './best-pairs.ts';
import { commonCount, sorted } from './common-length.ts';
import { lineNumbers } from './line-diff.ts';
import { lineWeight } from './line-likeness.ts';

/** Files without a partner beyond which content is not compared. */
const COMPARED = 100;

/**
 * For each file of `before` its index in `after`, or -1. Files go together by the path after the
 * patch, then by the one before it, then crosswise (a patch that no longer renames, or does so
 * now); last, those that share at least half of their lines, such as a new file with another name.
 * A path that a diff names twice is taken in order.
 */
export function pairFiles(before: readonly FileDiff[], after: readonly FileDiff[]): number[] {
  const partner = new Array<number>(before.length).fill(-1);
  const taken = new Set<number>();
  const byPath = (
    pathBefore: (file: FileDiff) => string | null,
    pathAfter: (file: FileDiff) => string | null,
  ): void => {
    const free = new Map<string, number[]>();
    after.forEach((file, at) => {
      const path = pathAfter(file);
      if (taken.has(at) || path === null) return;
      const list = free.get(path);
      if (list) list.push(at);
      else free.set(path, [at]);
    });
    // Taken from the end in O(1).
    for (const list of free.values()) list.reverse();
    before.forEach((file, at) => {
      const path = pathBefore(file);
      if (partner[at] !== -1 || path === null) return;
      const there = free.get(path)?.pop();
      if (there === undefined) return;
      partner[at] = there;
      taken.add(there);
    });
  };
  const now = (file: FileDiff): string | null => pathOf(file);
  const old = (file: FileDiff): string | null => (file.change === 'copied' ? null : file.oldPath);
  byPath(now, now);
  byPath(old, old);
  byPath(old, now);
  byPath(now, old);
  byContent(before, after, partner, taken);
  return partner;
}

/** The path after the patch, before it for a deleted file. */
export function pathOf(file: FileDiff): string | null {
  return file.newPath ?? file.oldPath;
}

function byContent(
  before: readonly FileDiff[],
  after: readonly FileDiff[],
  partner: number[],
  taken: ReadonlySet<number>,
): void {
  const number = lineNumbers();
  const linesOf = (file: FileDiff): number[] =>
    sorted(
      file.hunks
        .flatMap(({ lines }) =>
          lines.filter(({ kind, text }) => kind !== 'context' && lineWeight(text) > 0.3),
        )
        .map(({ kind, text }) => number(kind + text)),
    );
  const left = [...before.keys()].filter((at) => partner[at] === -1);
  const right = [...after.keys()].filter((at) => !taken.has(at));
  if (left.length > COMPARED || right.length > COMPARED) return;
  const afters = right.map((at) => ({ at, lines: linesOf(after[at] as FileDiff) }));
  const candidates: Candidate[] = [];
  for (const at of left) {
    const lines = linesOf(before[at] as FileDiff);
    for (const other of afters) {
      const common = commonCount(lines, other.lines);
      const all = lines.length + other.lines.length;
      if (common > 0 && 4 * common >= all) candidates.push({ before: at, after: other.at, gain: common });
    }
  }
  for (const pair of bestPairs(candidates)) partner[pair.before] = pair.after;
}
