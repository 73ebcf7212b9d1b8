// SPDX-License-Identifier: MIT
/** A cursor in a list of which a window is shown. */

export interface ListPlace {
  /** The chosen row; 0 in an empty list. */
  cursor: number;
  /** The first row shown. */
  top: number;
}

export const AT_START: ListPlace = { cursor: 0, top: 0 };

export type Move = 'down' | 'up' | 'first' | 'last' | 'half-down' | 'half-up' | 'page-down' | 'page-up';

/**
 * @param count rows of the list
 * @param rows of them that the window shows
 */
export function moved({ cursor, top }: ListPlace, move: Move, count: number, rows: number): ListPlace {
  const half = Math.max(1, Math.floor(rows / 2));
  const steps: Record<Move, number> = {
    ...{ down: 1, up: -1, first: -count, last: count },
    ...{ 'half-down': half, 'half-up': -half, 'page-down': rows, 'page-up': -rows },
  };
  const by = steps[move];
  // The window goes along with half a page and a page, as in less.
  const along = Math.abs(by) >= half && Math.abs(by) <= rows && by !== 1 && by !== -1 ? by : 0;
  return placed({ cursor: cursor + by, top: top + along }, count, rows);
}

/** The cursor within the list, the window around the cursor and no further down than the list's end. */
export function placed({ cursor, top }: ListPlace, count: number, rows: number): ListPlace {
  const at = Math.max(0, Math.min(cursor, count - 1));
  const least = Math.max(0, at - rows + 1);
  const most = Math.max(0, Math.min(at, count - rows));
  return { cursor: at, top: Math.max(Math.min(least, at), Math.min(top, Math.max(most, least))) };
}

/** The window around a row that was jumped to: a third of it stands above. */
export function jumped(place: ListPlace, cursor: number, count: number, rows: number): ListPlace {
  const seen = cursor >= place.top && cursor < place.top + rows;
  return placed({ cursor, top: seen ? place.top : cursor - Math.floor(rows / 3) }, count, rows);
}
