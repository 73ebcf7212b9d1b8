// SPDX-License-Identifier: MIT
/** All that the dashboard knows; what is shown follows from it alone. */
import type { CheckRecord, Severity } from '../core/check.ts';
import type { MatrixRecord } from '../core/matrix.ts';
import type { PerfRecord } from '../core/perf.ts';
import type { CommentState, Review } from '../core/review.ts';
import type { PatchDiff } from '../core/review-diff.ts';
import type { Machine, RunRecord, VerdictKind } from '../core/run.ts';
import type { ExplainedRule } from '../reports/check-rules.ts';
import type { ShownCase } from '../reports/verdict-table.ts';
import type { Decided } from '../review/store/decide.ts';
import type { ChangedWaiver } from '../tools/checkpatch/waivers.ts';
import { AT_START, type ListPlace } from './list.ts';
import type { LiveRun } from './live-run.ts';
import type { DiffRows } from './rows/diff-rows.ts';

/** In the order of the keys 1, 2, 3, … */
export const SCREENS = ['series', 'versions', 'patch', 'comments', 'run', 'checks', 'matrix'] as const;
export type ScreenName = (typeof SCREENS)[number];

export interface Size {
  columns: number;
  rows: number;
}

/** What is read from disk. */
export type Loaded<T> =
  | { is: 'loading' }
  | { is: 'failed'; what: string; hint: string | null }
  | { is: 'there'; value: T };

export interface SeriesRow {
  name: string;
  title: string;
  /** Where it lies; decisions and waivers are written there. */
  folder: string;
  /** Null until it has been looked at. */
  facts: SeriesFacts | null;
}

export interface SeriesFacts {
  /** The newest; empty without any. */
  version: string;
  versions: number;
  patches: number;
  open: number;
  blocking: number;
  /** `2 of 5`: patches that somebody has reviewed; empty when nobody can have. */
  reviewed: string;
  /** Of the newest run of it. */
  run: { verdict: VerdictKind; version: string; ended: string } | null;
  /** Of the newest check of it, with what is waived now. */
  checks: { counts: Record<Severity, number>; version: string; untold: boolean } | null;
  /** `+25 % 64KB-h2g`; empty without a measurement. */
  perf: string;
  /** ISO date of the last mail or patch; empty when none says. */
  date: string;
  /** What could not be read, in one line. */
  trouble: string | null;
}

/** How a patch came into a version: as it was, or not. */
export type MatrixChange = PatchDiff['change'] | 'first';

export interface PatchMatrix {
  /** Oldest first. */
  versions: readonly string[];
  /** In the order of the newest version; those that were dropped last. */
  rows: readonly {
    subject: string;
    /** One for each version; null where the patch is not in it. */
    cells: readonly ({ patch: number; change: MatrixChange } | null)[];
  }[];
}

export interface CommentFilter {
  /** owed: what somebody has to answer; closed: what was decided on. */
  state: 'owed' | 'open' | 'closed' | 'all';
  /** A part of a name or an address; empty for everybody. */
  by: string;
  /** Empty for all. */
  version: string;
}

/** Which diff is asked for. */
export interface DiffWanted {
  series: string;
  version: string;
  /** 1-based. */
  patch: number;
  /** Null: the patch; else what changed in it since that version. */
  against: string | null;
}

export interface PatchScreen {
  /** Null as long as nobody has looked at one. */
  wanted: DiffWanted | null;
  rows: Loaded<DiffRows>;
  files: ListPlace;
  lines: ListPlace;
  /** Cells that the diff is shifted to the left by. */
  left: number;
  details: ListPlace;
  sideBySide: boolean;
  /** A comment to jump to as soon as the rows are there. */
  goTo: string | null;
}

export interface CommentsScreen {
  filter: CommentFilter;
  list: ListPlace;
  details: ListPlace;
}

export interface ListedRun {
  id: string;
  dir: string;
  state: 'finished' | 'running' | 'unfinished' | 'damaged';
  record: RunRecord | null;
  trouble: string | null;
}

export interface RunScreen {
  /** Newest first. */
  records: Loaded<readonly ListedRun[]>;
  /** Whether they were asked for. */
  asked: boolean;
  /** Of the four panes. */
  places: readonly ListPlace[];
  /** The run that the others are held against. */
  marked: string | null;
  /** A run to go to as soon as the records are there. */
  goTo: string | null;
  /** The consoles of a run, by its id; null lines until they are read. */
  logs: { id: string; consoles: Record<Machine, readonly string[]> | null } | null;
}

export interface ChecksScreen {
  /** The last check of the series, with what is waived now; null: it was never checked. */
  report: Loaded<CheckRecord | null>;
  perf: Loaded<PerfRecord | null>;
  /** All there are, for what is to be said of a finding. */
  rules: readonly ExplainedRule[];
  asked: boolean;
  /** Of the three panes. */
  places: readonly ListPlace[];
}

export interface MatrixScreen {
  /** Newest first. */
  records: Loaded<readonly MatrixRecord[]>;
  asked: boolean;
  /** Which of them is shown. */
  shown: number;
  /** Of the two panes. */
  places: readonly ListPlace[];
}

/** The series that was opened. */
export interface OpenSeries {
  name: string;
  folder: string;
  review: Loaded<Review>;
  versions: ListPlace;
  versionDetails: ListPlace;
  /** Which patch changed when; asked for with the screen of versions. */
  matrix: Loaded<PatchMatrix> | null;
  matrixPlace: ListPlace;
  patch: PatchScreen;
  comments: CommentsScreen;
  runs: RunScreen;
  checks: ChecksScreen;
  matrices: MatrixScreen;
}

/** A case that is to be run again, or a whole program. */
export type CaseAgain = ShownCase;

/** A line that is being typed. */
export interface Prompt {
  asks: 'search' | 'why' | 'person' | 'waive' | 'times';
  text: string;
  /** Of `why`: what is decided when it is given. */
  decision: { ids: readonly string[]; state: CommentState } | null;
  /** Of `waive`: which finding. */
  finding?: string;
  /** Of `times`: what is run so often. */
  again?: CaseAgain;
}

/** A choice by one key. */
export interface Choice {
  title: string;
  ids: readonly string[];
  answers: readonly {
    key: string;
    label: string;
    /** A state asks for the reason next. */
    does: CommentState | 'quit';
  }[];
}

export interface Undoable {
  folder: string;
  series: string;
  /** What was there before, and is now. */
  changed: { comments: readonly Decided[] } | ChangedWaiver;
  /** `c3f2a111 addressed`, for the words of the undo. */
  what: string;
}

export interface State {
  size: Size;
  screen: ScreenName;
  /** Which pane of each screen has the keys. */
  pane: Record<ScreenName, number>;
  series: Loaded<readonly SeriesRow[]>;
  seriesList: ListPlace;
  /** Whether the facts of the series were asked for. */
  factsAsked: boolean;
  open: OpenSeries | null;
  /** The run of this dashboard, of whichever series. */
  live: LiveRun | null;
  /** It is being prepared. */
  runStarts: boolean;
  /** The check of this dashboard, of whichever series, and what it is at. */
  checking: { series: string; what: string } | null;
  prompt: Prompt | null;
  choice: Choice | null;
  /** The keys of this place, scrolled; null when they are not shown. */
  help: ListPlace | null;
  /** What was looked for last. */
  search: string;
  /** The last thing there is to say; goes with the next key. */
  said: { text: string; tone: 'info' | 'error' } | null;
  undo: readonly Undoable[];
  /** The day, for ages: ISO date. */
  today: string;
}

export function startState(size: Size, today: string): State {
  return {
    ...{
      size,
      today,
      screen: 'series',
      pane: { series: 0, versions: 0, patch: 1, comments: 0, run: 0, checks: 0, matrix: 0 },
    },
    ...{ series: { is: 'loading' }, seriesList: AT_START, factsAsked: false, open: null, live: null },
    ...{ runStarts: false, checking: null },
    ...{ prompt: null, choice: null, help: null, search: '', said: null, undo: [] },
  };
}

export function openSeries(name: string, folder: string): OpenSeries {
  return {
    ...{ name, folder, review: { is: 'loading' }, versions: AT_START },
    ...{ versionDetails: AT_START, matrix: null, matrixPlace: AT_START },
    patch: {
      ...{ wanted: null, rows: { is: 'loading' }, files: AT_START, lines: AT_START, left: 0 },
      ...{ details: AT_START, sideBySide: false, goTo: null },
    },
    runs: {
      ...{ records: { is: 'loading' }, asked: false, marked: null, goTo: null, logs: null },
      places: [AT_START, AT_START, AT_START, AT_START],
    },
    checks: {
      ...{ report: { is: 'loading' }, perf: { is: 'loading' }, rules: [], asked: false },
      places: [AT_START, AT_START, AT_START],
    },
    matrices: { records: { is: 'loading' }, asked: false, shown: 0, places: [AT_START, AT_START] },
    comments: { filter: { state: 'owed', by: '', version: '' }, list: AT_START, details: AT_START },
  };
}

/** The value of what is there; null as long as it is not. */
export function there<T>(loaded: Loaded<T> | undefined): T | null {
  return loaded?.is === 'there' ? loaded.value : null;
}
