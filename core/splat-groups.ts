// SPDX-License-Identifier: MIT
import type { Splat } from './run.ts';

export interface SplatGroup {
  /** The first of them; its text is the one to read. */
  first: Splat;
  /** How often it was printed, over all boots. */
  count: number;
  /** The boots it was seen in, in order. */
  boots: number[];
}

/** Puts splats that say the same at the same place together, in the order they came. */
export function groupSplats(splats: readonly Splat[]): SplatGroup[] {
  const groups = new Map<string, SplatGroup>();
  for (const splat of splats) {
    const key = [splat.machine, splat.kind, splat.title, splat.where ?? ''].join('\0');
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: splat, count: 1, boots: [splat.boot] });
      continue;
    }
    group.count += 1;
    if (!group.boots.includes(splat.boot)) group.boots.push(splat.boot);
  }
  return [...groups.values()];
}
