// SPDX-License-Identifier: MIT
import type { Command } from '../keymap.ts';
import type { ListPlace } from '../list.ts';
import type { State } from '../model.ts';
import type { Step } from '../step.ts';
import type { Line } from '../text.ts';

/** What a pane shows: rows of which the view takes those that fit. */
export interface PaneContent {
  title: string;
  /** Above the rows, and not scrolled. */
  head: Line | null;
  count: number;
  line(row: number): Line;
  /** What is looked through by a search; by default the line as it is shown. */
  text?(row: number): string;
  /** What the row is about, however often the list is read again. Where there are none, the cursor stays at its row. */
  id?(row: number): string | undefined;
  /** One row is chosen; without, the pane is only scrolled. */
  cursor: boolean;
  /** Instead of rows when there are none: what it is, and what to press. */
  empty: readonly string[];
}

/** A screen: its panes, and what its own keys do. */
export interface Screen {
  content(state: State, pane: number, width: number): PaneContent;
  place(state: State, pane: number): ListPlace;
  withPlace(state: State, pane: number, place: ListPlace): State;
  /** A string: why the key does nothing here. */
  act(state: State, command: Command): Step | string;
}
