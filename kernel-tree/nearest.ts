// SPDX-License-Identifier: MIT
/** Where a hunk belongs in a file, or the place that comes nearest to it. */
import type { Hunk } from '../core/series.ts';

export interface Place {
  /** 1-based line the hunk's old side would start at. */
  line: number;
  /** How many of its `of` old lines stand there. */
  matching: number;
  of: number;
}

/** Beyond this a search says "not found": a hostile file must not cost minutes. */
const MAX_COMPARISONS = 20_000_000;
/** A line as common as this says nothing about the place. */
const TOO_COMMON = 400;

/** The lines a hunk expects to find: context and removed ones. */
export function oldLines(hunk: Hunk): string[] {
  return hunk.lines.filter((line) => line.kind !== 'add').map((line) => line.text);
}

/** The lines a hunk leaves behind: context and added ones. */
export function newLines(hunk: Hunk): string[] {
  return hunk.lines.filter((line) => line.kind !== 'del').map((line) => line.text);
}

/** The 1-based line where all of `wanted` stands, nearest to `expected`; null when nowhere. */
export function findExact(
  file: readonly string[],
  wanted: readonly string[],
  expected: number,
): number | null {
  if (wanted.length === 0) return Math.max(1, Math.min(expected, file.length + 1));
  let best: number | null = null;
  let comparisons = 0;
  for (let start = 0; start + wanted.length <= file.length; start++) {
    let i = 0;
    while (i < wanted.length && file[start + i] === wanted[i]) i++;
    comparisons += i + 1;
    if (comparisons > MAX_COMPARISONS) return best;
    if (i < wanted.length) continue;
    const line = start + 1;
    if (best === null || Math.abs(line - expected) < Math.abs(best - expected)) best = line;
  }
  return best;
}

/**
 * The window of the file that shares most lines with `wanted` at the same distance from its
 * start. Each line votes for the starts it would fit; blank lines and closing braces, which
 * fit everywhere, count little. Equal votes: the one nearer to `expected`.
 */
export function findNearest(
  file: readonly string[],
  wanted: readonly string[],
  expected: number,
): Place | null {
  const positions = new Map<string, number[]>();
  const needed = new Set(wanted.map(folded));
  file.forEach((line, at) => {
    const text = folded(line);
    if (!needed.has(text)) return;
    const list = positions.get(text);
    if (list === undefined) positions.set(text, [at]);
    else list.push(at);
  });
  const votes = new Map<number, number>();
  wanted.forEach((line, i) => {
    const text = folded(line);
    const found = positions.get(text) ?? [];
    if (found.length > TOO_COMMON) return;
    const weight = /\w/.test(text) ? 1 : 0.1;
    for (const at of found) {
      const start = at - i;
      if (start >= 0) votes.set(start, (votes.get(start) ?? 0) + weight);
    }
  });
  let best: { start: number; votes: number } | null = null;
  for (const [start, count] of votes) {
    const nearer = best !== null && Math.abs(start + 1 - expected) < Math.abs(best.start + 1 - expected);
    if (best === null || count > best.votes || (count === best.votes && nearer))
      best = { start, votes: count };
  }
  if (best === null || best.votes < 1) return null;
  const { start } = best;
  const matching = wanted.filter((line, i) => file[start + i] === line).length;
  return { line: start + 1, matching, of: wanted.length };
}

/** White space apart: a mailer that changed it is a common reason for a reject. */
function folded(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}
