// SPDX-License-Identifier: MIT
/** The lines of two versions of a file's diff, side by side over all hunks: whichever hunk was split or merged. */
import type { FileDiff, Hunk, HunkLine } from '../../core/series.ts';
import { lineDiff } from './line-diff.ts';
import { lineWeight } from './line-likeness.ts';
import { pairHunksOfFile } from './pair-hunks.ts';

export interface DiffLine {
  file: FileDiff;
  hunk: Hunk;
  /** First line of the hunk, and the one behind its last, in the list of the file's lines. */
  from: number;
  to: number;
  line: HunkLine;
  /** Kind and text: what must be equal for a line to be the same. */
  key: string;
  weight: number;
}

export interface Aligned {
  before: readonly DiffLine[];
  after: readonly DiffLine[];
  /** For each line of `before` the same one of `after`, or -1. Rises. */
  partner: Int32Array;
  /** For each line of `after` whether it is some line's partner. */
  taken: Uint8Array;
  /** Which hunk of `after` a hunk of `before` became. */
  hunks: ReadonlyMap<Hunk, Hunk>;
}

/** How far around a line its neighbours are looked for. */
export const NEAR = 3;
/** Weight of neighbours that makes a place the same. */
const ENOUGH = 0.3;
/** Weight of a line that may stand for itself in its hunk. */
const TELLING = 0.5;

const known = new WeakMap<FileDiff, readonly DiffLine[]>();

/** Worked out once: a file is held against all its later versions. */
export function diffLinesOf(file: FileDiff): readonly DiffLine[] {
  let lines = known.get(file);
  if (lines === undefined) {
    lines = readLines(file);
    known.set(file, lines);
  }
  return lines;
}

function readLines(file: FileDiff): DiffLine[] {
  const lines: DiffLine[] = [];
  for (const hunk of file.hunks) {
    const from = lines.length;
    const to = from + hunk.lines.length;
    for (const line of hunk.lines) {
      lines.push({
        file,
        hunk,
        from,
        to,
        line,
        key: `${line.kind} ${line.text}`,
        weight: lineWeight(line.text),
      });
    }
  }
  return lines;
}

/** Lines are partners when kind, text, order and neighbourhood are the same. */
export function align(before: FileDiff, after: FileDiff): Aligned {
  const a = diffLinesOf(before);
  const b = diffLinesOf(after);
  const raw = new Int32Array(a.length).fill(-1);
  const steps = lineDiff(
    a.map(({ key }) => key),
    b.map(({ key }) => key),
  );
  for (const step of steps) if (step.before !== null && step.after !== null) raw[step.before] = step.after;
  const hunks = new Map<Hunk, Hunk>();
  for (const pair of pairHunksOfFile(before.hunks, after.hunks)) {
    const [one, other] = [before.hunks[pair.before], after.hunks[pair.after]];
    if (one && other) hunks.set(one, other);
  }
  const aligned: Aligned = { before: a, after: b, partner: raw, taken: new Uint8Array(b.length), hunks };
  aligned.partner = raw.map((there, at) => (there >= 0 && sameNeighbourhood(aligned, raw, at) ? there : -1));
  for (const there of aligned.partner) if (there >= 0) aligned.taken[there] = 1;
  return aligned;
}

/** A brace or a blank line is found anywhere: it is the same only beside what stood beside it. */
function sameNeighbourhood({ before, after, hunks }: Aligned, raw: Int32Array, at: number): boolean {
  const there = raw[at] ?? -1;
  const one = before[at];
  const other = after[there];
  if (one === undefined || other === undefined) return false;
  const sameHunk = hunks.get(one.hunk) === other.hunk;
  if (sameHunk && (one.weight >= TELLING || one.to - one.from === 1)) return true;
  let weight = 0;
  let beside = 0;
  // The edge of a hunk is a neighbour, too.
  if (sameHunk && at === one.from && there === other.from) beside++;
  if (sameHunk && at === one.to - 1 && there === other.to - 1) beside++;
  for (let step = -NEAR; step <= NEAR; step++) {
    const neighbour = at + step;
    if (step === 0 || neighbour < one.from || neighbour >= one.to) continue;
    const place = raw[neighbour] ?? -1;
    if (place < other.from || place >= other.to || Math.abs(place - there - step) > NEAR + 1) continue;
    weight += before[neighbour]?.weight ?? 0;
    if (Math.abs(step) === 1 && place === there + step) beside++;
  }
  return weight >= ENOUGH || beside === 2;
}
