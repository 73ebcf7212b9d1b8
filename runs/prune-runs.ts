// SPDX-License-Identifier: MIT
import { MATRIX_RECORDS } from './matrix-record.ts';
import { RUN_RECORDS } from './record.ts';

/**
 * Removes all but the `keep` newest run records. The cells of each series' newest matrix stay, however many there are: its
 * table leads to them, and the next matrix begins with them.
 * @returns the ids of what was removed
 * @throws RangeError as RUN_RECORDS.prune does
 */
export async function pruneRuns(keep: number): Promise<string[]> {
  const matrices = (await MATRIX_RECORDS.list()).flatMap(({ record }) => record ?? []);
  // The newest comes first.
  const newest = Map.groupBy(matrices, ({ series }) => series.name).values();
  const cells = [...newest].flatMap(([first]) => first?.cells ?? []);
  return await RUN_RECORDS.prune(keep, new Set(cells.map(({ run }) => run)));
}
