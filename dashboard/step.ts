// SPDX-License-Identifier: MIT
/** What a key or news from outside comes to: another state, and what is to be done outside. */
import type { CommentState, Review } from '../core/review.ts';
import type { DiffWanted, Loaded, SeriesFacts, SeriesRow, Size, State, Undoable } from './model.ts';
import type { DiffRows } from './rows/diff-rows.ts';

export type Effect =
  | { do: 'load-series' }
  | { do: 'load-facts'; name: string }
  | { do: 'load-review'; name: string; folder: string }
  | { do: 'load-diff'; folder: string; wanted: DiffWanted }
  | { do: 'decide'; folder: string; series: string; ids: readonly string[]; state: CommentState; why: string }
  | { do: 'undo'; what: Undoable }
  | { do: 'reply'; folder: string; id: string }
  | { do: 'edit'; file: string; line: number }
  | { do: 'copy'; text: string }
  | { do: 'quit' };

export type Message =
  | { type: 'key'; key: string }
  /** Text that came in one piece. */
  | { type: 'paste'; text: string }
  | { type: 'resized'; size: Size }
  /** A series that was named on the command line. */
  | { type: 'open'; name: string; folder: string }
  | { type: 'series'; series: Loaded<readonly SeriesRow[]> }
  | { type: 'facts'; name: string; facts: SeriesFacts }
  | { type: 'review'; name: string; review: Loaded<Review> }
  | { type: 'diff'; wanted: DiffWanted; rows: Loaded<DiffRows> }
  /** Something was written that can be undone. */
  | { type: 'changed'; undo: Undoable }
  | { type: 'undone'; what: Undoable }
  | { type: 'said'; text: string; tone: 'info' | 'error' }
  /** The folder of a series, or the list of them, is not what it was. */
  | { type: 'disk-changed'; name: string | null };

export type Step = readonly [state: State, effects: readonly Effect[]];

export function only(state: State): Step {
  return [state, []];
}

export function say(state: State, text: string, tone: 'info' | 'error' = 'info'): Step {
  return only({ ...state, said: { text, tone } });
}
