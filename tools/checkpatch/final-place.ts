// SPDX-License-Identifier: MIT
/** A line of the last state of a series → the patch that wrote it. */
import type { Place } from '../../core/check.ts';
import type { Series } from '../../core/series.ts';
import { atLine, inFile, pathOf, placed } from './places.ts';

/**
 * The last patch that adds a line with this text to the file; else the last patch that touches the
 * file at all, and the series when none does.
 */
export function placeInSeries(
  series: Series,
  path: string,
  text: string,
): { place: Place; quote: string | null } {
  for (const patch of series.patches.toReversed()) {
    for (const file of patch.files) {
      if (pathOf(file) !== path) continue;
      for (const hunk of file.hunks) {
        const at = hunk.lines.findIndex((line) => line.kind === 'add' && line.text === text);
        const line = hunk.lines[at];
        if (line !== undefined) return { place: atLine({ patch, file, hunk, line, at }), quote: text };
      }
    }
  }
  const toucher = series.patches.findLast((patch) => patch.files.some((file) => pathOf(file) === path));
  const file = toucher?.files.find((one) => pathOf(one) === path);
  const place = toucher !== undefined && file !== undefined ? inFile(toucher, file) : placed('series', null);
  return { place, quote: null };
}
