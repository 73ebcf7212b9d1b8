// SPDX-License-Identifier: MIT
/** Which panes of a screen are shown, and how large, in a terminal of a size. */
import type { ScreenName, Size } from './model.ts';

export interface ShownPane {
  /** Its number on its screen: what Tab goes through. */
  pane: number;
  width: number;
}

/** Of each screen, in their order. */
export const PANES: Record<ScreenName, readonly string[]> = {
  series: ['series'],
  versions: ['versions', 'details', 'patches'],
  patch: ['files', 'diff', 'details'],
  comments: ['comments', 'details'],
  checks: ['findings', 'details', 'performance'],
  matrix: ['runs', 'details'],
  run: ['runs', 'result', 'console of the host', 'console of the guest'],
};

/** Line of screens, line of titles, and the footer. */
const AROUND = 3;
const SEPARATOR = 1;
const TWO = 100;
const THREE = 170;
const FILES = 34;
const DETAILS = 56;

/** Rows of a pane below its title; at least one, however small the terminal. */
export function paneRows({ rows }: Size): number {
  return Math.max(1, rows - AROUND);
}

/** @param focused the pane that has the keys: it is always shown */
export function panesOf(screen: ScreenName, { columns }: Size, focused: number): ShownPane[] {
  const all = PANES[screen].length;
  if (all === 1 || columns < TWO) return [{ pane: focused, width: columns }];
  const rest = (taken: number): number => columns - taken - SEPARATOR;
  if (screen === 'run') return runPanes(columns, focused);
  // The table of what was measured is as wide as it is.
  if (screen === 'checks' && focused === 2) return [{ pane: 2, width: columns }];
  if (screen !== 'patch') {
    const list = Math.floor(columns * (screen === 'versions' ? 0.45 : 0.55));
    return [
      { pane: 0, width: list },
      { pane: Math.max(1, focused), width: rest(list) },
    ];
  }
  const files = { pane: 0, width: FILES };
  const details = { pane: 2, width: DETAILS };
  if (columns >= THREE) return [files, { pane: 1, width: rest(FILES + SEPARATOR + DETAILS) }, details];
  return focused === 2
    ? [{ pane: 1, width: rest(DETAILS) }, details]
    : [files, { pane: 1, width: rest(FILES) }];
}

const RUNS = 46;
const CONSOLE = 80;

/** The list and what came of the run; from the consoles on, both beside each other. */
function runPanes(columns: number, focused: number): ShownPane[] {
  const rest = (...taken: number[]): number => taken.reduce((left, one) => left - one - SEPARATOR, columns);
  const half = Math.floor((columns - SEPARATOR) / 2);
  const consoles = [
    { pane: 2, width: half },
    { pane: 3, width: rest(half) },
  ];
  if (focused >= 2) return consoles;
  const list = { pane: 0, width: RUNS };
  if (columns < THREE + RUNS) return [list, { pane: 1, width: rest(RUNS) }];
  return [list, { pane: 1, width: rest(RUNS, CONSOLE) }, { pane: 2, width: CONSOLE }];
}

/** The width of a pane that is shown; of one that is not, what it would have if it were alone. */
export function paneWidth(screen: ScreenName, size: Size, focused: number, pane: number): number {
  return panesOf(screen, size, focused).find((one) => one.pane === pane)?.width ?? size.columns;
}
