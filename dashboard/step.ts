// SPDX-License-Identifier: MIT
/** What a key or news from outside comes to: another state, and what is to be done outside. */
import type { CheckRecord } from '../core/check.ts';
import type { RespinEvent } from '../core/events.ts';
import type { MatrixRecord } from '../core/matrix.ts';
import type { PerfRecord } from '../core/perf.ts';
import type { CommentState, Review } from '../core/review.ts';
import type { Machine } from '../core/run.ts';
import type { ExplainedRule } from '../reports/check-rules.ts';
import type {
  CaseAgain,
  DiffWanted,
  ListedRun,
  Loaded,
  PatchMatrix,
  SeriesFacts,
  SeriesRow,
  Size,
  State,
  Undoable,
} from './model.ts';
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
  | { do: 'load-matrix'; series: string; folder: string }
  | { do: 'load-runs'; series: string }
  | { do: 'load-consoles'; series: string; id: string; dir: string }
  /** Without `only`: the whole of it. */
  | { do: 'start-run'; series: string; only?: CaseAgain & { times: number } }
  | { do: 'cancel-run' }
  | { do: 'load-matrices'; series: string }
  | { do: 'load-checks'; series: string; folder: string }
  | { do: 'start-check'; series: string; builds: boolean }
  | { do: 'cancel-check' }
  /** Null: takes the waiver back. */
  | { do: 'waive'; folder: string; series: string; id: string; reason: string | null }
  | { do: 'reload' }
  | { do: 'suspend' }
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
  | { type: 'matrix'; series: string; matrix: Loaded<PatchMatrix> }
  | { type: 'runs'; series: string; records: Loaded<readonly ListedRun[]> }
  | { type: 'matrices'; series: string; records: Loaded<readonly MatrixRecord[]> }
  | { type: 'consoles'; series: string; id: string; consoles: Record<Machine, readonly string[]> }
  /** Milliseconds, all of one clock. */
  | { type: 'run-began'; series: string; at: number; only?: CaseAgain }
  | { type: 'run-not-begun' }
  | { type: 'run-events'; events: readonly { event: RespinEvent; at: number }[] }
  /** A second has passed while something goes on. */
  | { type: 'tick'; at: number }
  /** `trouble`: why it ended early; empty when it did not. `id` of its record; null without one. */
  | { type: 'run-ended'; id: string | null; trouble: string }
  | {
      type: 'checks';
      series: string;
      report: Loaded<CheckRecord | null>;
      perf: Loaded<PerfRecord | null>;
      rules: readonly ExplainedRule[];
    }
  /** Null: it is over. */
  | { type: 'checking'; series: string; what: string | null }
  | { type: 'said'; text: string; tone: 'info' | 'error' }
  /** The folder of a series, or the list of them, is not what it was. */
  | { type: 'disk-changed'; name: string | null }
  /** Of runs, checks or measurements, also from another terminal. */
  | { type: 'records-changed' };

export type Step = readonly [state: State, effects: readonly Effect[]];

export function only(state: State): Step {
  return [state, []];
}

export function say(state: State, text: string, tone: 'info' | 'error' = 'info'): Step {
  return only({ ...state, said: { text, tone } });
}
