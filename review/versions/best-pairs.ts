// SPDX-License-Identifier: MIT
/** Who goes with whom, of two lists, when only some could: the pairs whose gains are most together. */
import { assign } from './assignment.ts';

/** Both numbers are indices from 0 on. */
export interface Candidate {
  before: number;
  after: number;
  /** More than 0; what is not a candidate gains nothing. */
  gain: number;
}

/** Steps of `assign` above which the best are taken one by one. */
const STEPS = 100_000_000;

/**
 * Pairs no index twice. What hangs together is assigned exactly; where a group is so large that
 * this would take seconds, the highest gain is taken first.
 */
export function bestPairs(candidates: readonly Candidate[]): Candidate[] {
  return groups(candidates.filter(({ gain }) => gain > 0)).flatMap((group) => {
    const befores = [...new Set(group.map(({ before }) => before))].sort((one, other) => one - other);
    const afters = [...new Set(group.map(({ after }) => after))].sort((one, other) => one - other);
    const least = Math.min(befores.length, afters.length);
    if (least > 1 && befores.length * afters.length * least > STEPS) return greedy(group);
    return exact(group, befores, afters);
  });
}

function exact(group: Candidate[], befores: number[], afters: number[]): Candidate[] {
  if (group.length === 1) return group;
  const rowOf = new Map(befores.map((before, row) => [before, row]));
  const columnOf = new Map(afters.map((after, column) => [after, column]));
  const costs = befores.map(() => new Array<number>(afters.length).fill(0));
  for (const { before, after, gain } of group) {
    const row = costs[rowOf.get(before) ?? -1];
    if (row) row[columnOf.get(after) ?? 0] = -gain;
  }
  const columns = assign(costs);
  return group.filter(({ before, after }) => columns[rowOf.get(before) ?? -1] === columnOf.get(after));
}

function greedy(group: Candidate[]): Candidate[] {
  const befores = new Set<number>();
  const afters = new Set<number>();
  return group
    .toSorted((one, other) => other.gain - one.gain || one.before - other.before || one.after - other.after)
    .filter(({ before, after }) => {
      if (befores.has(before) || afters.has(after)) return false;
      befores.add(before);
      afters.add(after);
      return true;
    });
}

/** Candidates that share an index, directly or over others, in one group. */
function groups(candidates: readonly Candidate[]): Candidate[][] {
  const byBefore = listsBy(candidates, ({ before }) => before);
  const byAfter = listsBy(candidates, ({ after }) => after);
  const seen = new Set<Candidate>();
  const found: Candidate[][] = [];
  for (const first of candidates) {
    if (seen.has(first)) continue;
    seen.add(first);
    const group = [first];
    // The list grows while it is walked.
    for (const one of group) {
      for (const list of [byBefore.get(one.before), byAfter.get(one.after)]) {
        for (const next of list ?? []) {
          if (seen.has(next)) continue;
          seen.add(next);
          group.push(next);
        }
        // Each list is needed once: walked again it would find nothing new.
        if (list) list.length = 0;
      }
    }
    found.push(group);
  }
  return found;
}

function listsBy(
  candidates: readonly Candidate[],
  key: (one: Candidate) => number,
): Map<number, Candidate[]> {
  const lists = new Map<number, Candidate[]>();
  for (const one of candidates) {
    const list = lists.get(key(one));
    if (list) list.push(one);
    else lists.set(key(one), [one]);
  }
  return lists;
}

/**
 * All of both lists in the order git range-diff prints them: as the later version has them, with
 * what was dropped standing behind what it stood behind.
 * @param partnerOf for each of the earlier list its partner in the later one, or -1
 */
export function inOrder(
  partnerOf: readonly number[],
  afterCount: number,
): { before: number | null; after: number | null }[] {
  const rows: { before: number | null; after: number | null }[] = [];
  const beforeOf = new Map(partnerOf.map((after, before) => [after, before]));
  const shown = new Set<number>();
  let before = 0;
  const dropped = (): void => {
    for (; before < partnerOf.length; before++) {
      if (shown.has(before)) continue;
      if ((partnerOf[before] ?? -1) >= 0) return;
      rows.push({ before, after: null });
    }
  };
  for (let after = 0; after < afterCount; after++) {
    dropped();
    const partner = beforeOf.get(after) ?? null;
    if (partner !== null) shown.add(partner);
    rows.push({ before: partner, after });
  }
  dropped();
  return rows;
}
