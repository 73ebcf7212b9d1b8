// SPDX-License-Identifier: MIT
/** Where a line went that is not at its place any more: the same text, new at another one. */
import { type DiffLine, NEAR } from './aligned-lines.ts';
import { pathOf } from './pair-files.ts';

/** The lines of a file's diff, and which of them were not there before. */
export interface NewLines {
  lines: readonly DiffLine[];
  isNew: (at: number) => boolean;
  /** It belongs to another patch: which of its lines were there before is not known. */
  other: boolean;
}

interface Place {
  lines: readonly DiffLine[];
  at: number;
  other: boolean;
}

/** Of lines with one text no more are looked at. */
const LOOKED_AT = 200;
/** Weight that a line, or its neighbours, must have to be known again. */
const NEIGHBOURS = { telling: 0.5, trivial: 1, otherPatch: 1 } as const;
const TRIVIAL = 0.25;
const ALONE = { samePatch: 0.6, otherPatch: 0.9 } as const;

/**
 * @param sources all lines where a line may have gone
 * @returns finds the line that `lines[at]` moved to; null when none is surely it. `once` says that
 *   no other line of the same text has gone from the earlier version.
 */
export function movedLines(
  sources: readonly NewLines[],
): (lines: readonly DiffLine[], at: number, once: boolean) => DiffLine | null {
  const places = new Map<string, Place[]>();
  for (const { lines, isNew, other } of sources) {
    lines.forEach(({ key }, at) => {
      if (!isNew(at)) return;
      const list = places.get(key);
      if (list === undefined) places.set(key, [{ lines, at, other }]);
      else if (list.length < LOOKED_AT) list.push({ lines, at, other });
    });
  }
  return (lines, at, once) => {
    const one = lines[at];
    if (one === undefined) return null;
    // What only stands around a change does not move to another file.
    const found = (places.get(one.key) ?? []).filter(
      (place) => one.line.kind !== 'context' || (!place.other && pathOfLine(place) === pathOf(one.file)),
    );
    const ranked = found
      .map((place) => ({ place, near: neighboursIn(lines, at, place) }))
      .toSorted((x, y) => y.near - x.near || Number(x.place.other) - Number(y.place.other));
    const best = ranked[0];
    if (best === undefined) return null;
    const { place, near } = best;
    const needed = place.other
      ? NEIGHBOURS.otherPatch
      : one.weight < TRIVIAL
        ? NEIGHBOURS.trivial
        : NEIGHBOURS.telling;
    const alone = place.other ? ALONE.otherPatch : ALONE.samePatch;
    const only = once && found.length === 1 && one.line.kind !== 'context';
    if (near < needed && !(only && one.weight >= alone)) return null;
    return place.lines[place.at] ?? null;
  };
}

function pathOfLine({ lines, at }: Place): string | null {
  const file = lines[at]?.file;
  return file === undefined ? null : pathOf(file);
}

/** The weight of the lines around that are around the other, too. */
function neighboursIn(lines: readonly DiffLine[], at: number, place: Place): number {
  const around = (list: readonly DiffLine[], middle: number, reach: number): DiffLine[] => {
    const { from, to } = list[middle] ?? { from: middle, to: middle };
    return list
      .slice(Math.max(from, middle - reach), Math.min(to, middle + reach + 1))
      .filter((line) => line !== list[middle]);
  };
  const there = new Set(around(place.lines, place.at, NEAR + 1).map(({ key }) => key));
  return around(lines, at, NEAR).reduce((sum, { key, weight }) => sum + (there.has(key) ? weight : 0), 0);
}
