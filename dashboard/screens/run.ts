// SPDX-License-Identifier: MIT
/** The run that goes on, and those that were: stages, cases × directions, splats, the consoles of both machines. */
import { formatDuration } from '../../core/duration.ts';
import type { Machine, RunRecord } from '../../core/run.ts';
import { compareRuns, formatComparison } from '../../reports/compare.ts';
import { oneLine } from '../../reports/layout.ts';
import { caseLines, type ReportLine, verdictLines } from '../../reports/verdict-table.ts';
import { countStatuses, partWords, STATUS_WORD, tookMs, versionName } from '../../reports/words.ts';
import { isSelectable } from '../../tools/run-vsock-test/programs.ts';
import { panesOf, paneWidth } from '../layout.ts';
import { AT_START, type ListPlace } from '../list.ts';
import type { LiveRun, LiveStage } from '../live-run.ts';
import { type CaseAgain, type ListedRun, type OpenSeries, type State, there } from '../model.ts';
import { remembered } from '../remembered.ts';
import { only, type Step, say } from '../step.ts';
import { type Color, type Line, line, span, VERDICT_COLORS } from '../text.ts';
import { againWords } from '../words.ts';
import type { PaneContent, Screen } from './screen.ts';

const RUNS = 0;
const RESULT = 1;
const CONSOLES: readonly (Machine | null)[] = [null, null, 'host', 'guest'];

/** What stands in the list: the run that goes on first, then the records, newest first. */
type Row = { live: LiveRun } | { run: ListedRun };

export const runScreen: Screen = {
  content: (state, pane, width) => {
    const { open } = state;
    const base = { head: null, count: 0, line: () => [], cursor: false };
    if (open === null)
      return { ...base, title: 'runs', empty: ['no series is open: 1 shows them, Enter opens one'] };
    if (pane === RUNS) return listOf(state, open);
    const row = chosenRow(state, open);
    if (row === null) return { ...base, title: 'result', empty: emptyWords(open) };
    const machine = CONSOLES[pane] ?? null;
    if (machine !== null) return consoleOf(open, row, machine);
    const lines = resultLines(open, row, width).map((one) => one.line);
    return { ...textPane('result', lines), cursor: true };
  },
  place: ({ open }, pane) => placeOf(open, pane),
  withPlace: (state, pane, place) => {
    const { open } = state;
    if (open === null) return state;
    const places = open.runs.places.with(pane, place);
    // Another run, from its beginning.
    const other = pane === RUNS && place.cursor !== placeOf(open, RUNS).cursor;
    const fresh = other ? [place, AT_START, AT_START, AT_START] : places;
    return { ...state, open: { ...open, runs: { ...open.runs, places: fresh } } };
  },
  act: (state, command): Step | string => {
    const { open, live } = state;
    if (open === null) return 'no series is open: 1 shows them';
    const row = chosenRow(state, open);
    switch (command) {
      case 'start':
        return runsAlready(state) ?? startRun(state, open);
      case 'again':
        return runsAlready(state) ?? askTimes(state, open, row);
      case 'cancel':
        if (state.runStarts) return [state, [{ do: 'cancel-run' }]];
        if (live === null || live.ended !== null) return 'no run goes on';
        return [{ ...state, live: { ...live, cancelled: true } }, [{ do: 'cancel-run' }]];
      case 'in':
        if (row === null) return 'nothing was run yet: r runs it';
        return [{ ...state, pane: { ...state.pane, run: RESULT } }, []];
      case 'compare':
        return comparing(state, open, row);
      case 'copy':
        if (row === null || 'live' in row) return 'a run that goes on has no record yet';
        return [state, [{ do: 'copy', text: row.run.id }]];
      default:
        return 'not on this screen';
    }
  },
};

/** Why no run can be started; null when one can. */
function runsAlready({ live, runStarts }: State): string | null {
  if (runStarts) return 'a run is being prepared: x cancels it';
  return live !== null && live.ended === null ? `a run of ${live.series} goes on: x cancels it` : null;
}

/** Starts a run of the series: of everything, or of a case alone, so many times. */
export function startRun(state: State, open: OpenSeries, part?: CaseAgain & { times: number }): Step {
  const already = runsAlready(state);
  if (already !== null) return say(state, already);
  const which = part === undefined ? {} : { only: part };
  return [
    { ...state, runStarts: true, pane: { ...state.pane, run: RESULT } },
    [{ do: 'start-run', series: open.name, ...which }],
  ];
}

/** Often enough to see a case that fails one time in three. */
const TIMES = '10';

function askTimes(state: State, open: OpenSeries, row: Row | null): Step | string {
  const how = 'a runs again what the cursor is on in a result: the line of a case, or of a probe';
  if (row === null || state.pane.run !== RESULT) return how;
  const width = paneWidth('run', state.size, RESULT, RESULT);
  const about = resultLines(open, row, width)[placeOf(open, RESULT).cursor]?.about ?? null;
  if (about === null) return how;
  // One that cannot be told which cases to run is run whole.
  const again = isSelectable(about.program) ? about : { ...about, name: null };
  return only({ ...state, prompt: { asks: 'times', text: TIMES, decision: null, again } });
}

function placeOf(open: OpenSeries | null, pane: number): ListPlace {
  return open?.runs.places[pane] ?? AT_START;
}

function rowsOf({ live }: State, open: OpenSeries): Row[] {
  const records = (there(open.runs.records) ?? []).map((run): Row => ({ run }));
  return live === null || live.series !== open.name ? records : [{ live }, ...records];
}

function chosenRow(state: State, open: OpenSeries): Row | null {
  return rowsOf(state, open)[placeOf(open, RUNS).cursor] ?? null;
}

/** The first = marks a run, the second says against which. */
function comparing(state: State, open: OpenSeries, row: Row | null): Step | string {
  if (row === null || 'live' in row || row.run.record === null)
    return 'a run without a record cannot be compared';
  const { id } = row.run;
  const marked = open.runs.marked === id ? null : id;
  const runs = { ...open.runs, marked };
  const text =
    marked === null ? 'no run is marked any more' : `${id} is marked: the others are held against it`;
  return [{ ...state, open: { ...open, runs }, said: { text, tone: 'info' } }, []];
}

const COLORS: Record<string, Color> = VERDICT_COLORS;

function listOf(state: State, open: OpenSeries): PaneContent {
  const { records } = open.runs;
  const rows = rowsOf(state, open);
  const base = { title: `runs of ${open.name}`, head: null, cursor: true };
  if (records.is === 'failed') return { ...base, count: 0, line: () => [], empty: [records.what] };
  const empty = emptyWords(open);
  return {
    ...base,
    count: rows.length,
    empty,
    id: (at) => {
      const row = rows[at];
      return row === undefined || 'run' in row ? row?.run.id : (row.live.ended?.id ?? 'live');
    },
    line: (at) => {
      const row = rows[at];
      if (row === undefined) return [];
      return 'live' in row ? liveRow(row.live) : recordRow(row.run, open.runs.marked);
    },
  };
}

function emptyWords({ runs: { records } }: OpenSeries): string[] {
  if (records.is === 'failed') return [records.what];
  return [records.is === 'loading' ? 'reading the records …' : 'nothing was run yet: r runs it'];
}

function liveRow(live: LiveRun): Line {
  const word =
    live.verdict?.verdict ?? (live.ended !== null ? 'ended' : live.cancelled ? 'ending' : 'running');
  const color = COLORS[word] ?? 'cyan';
  const only = live.only === null ? '' : `  only ${live.only.program}`;
  return [
    span(word, { color, bold: true }),
    span(`  now, ${formatDuration(live.now - live.began)}`),
    span(only, { dim: true }),
  ];
}

function recordRow({ id, state, record }: ListedRun, marked: string | null): Line {
  const when = `${id.slice(4, 6)}-${id.slice(6, 8)} ${id.slice(9, 11)}:${id.slice(11, 13)}`;
  const mark = id === marked ? '=' : ' ';
  if (record === null) return line(`${mark} ${when}  ${state}`, { dim: true });
  const { verdict } = record;
  const color = COLORS[verdict];
  const counts = countStatuses(record).map(([status, count]) => `${count} ${STATUS_WORD[status]}`);
  const took = tookMs(record);
  return [
    span(`${mark} ${when}  `),
    span((verdict === 'fail' ? 'FAIL' : verdict).padEnd(8), color === undefined ? {} : { color, bold: true }),
    // The list is narrow: what was run stands before what came of it.
    span(partWords(record), { bold: true }),
    span(`${versionName(record)} ${took === null ? '' : formatDuration(took)}  `),
    span(counts.join(', '), { dim: true }),
  ];
}

/** A line of a result, and what can be run again of it. */
interface ResultLine {
  line: Line;
  about: CaseAgain | null;
}

function resultLines(open: OpenSeries, row: Row, width: number): readonly ResultLine[] {
  return 'live' in row ? liveLines(row.live, width) : recordLines(open, row.run, width);
}

function mere(one: Line): ResultLine {
  return { line: one, about: null };
}

function coloured({ text, about }: ReportLine): ResultLine {
  return { line: verdictLine(text), about };
}

function recordLines(open: OpenSeries, run: ListedRun, width: number): readonly ResultLine[] {
  const { record, trouble, dir } = run;
  if (record === null)
    return [`${run.id}: ${trouble ?? run.state}`, `what there is of it lies in ${dir}`].map((text) =>
      mere(line(text)),
    );
  const marked = there(open.runs.records)?.find(({ id }) => id === open.runs.marked)?.record ?? null;
  return marked === null || marked.id === record.id
    ? [...shownLines(record, width), mere(line(`record   ${dir}`))]
    : comparedLines(record, marked, width);
}

const shownLines = remembered(
  (record: RunRecord, width: number) => verdictLines(record, { width }).map(coloured),
  (width) => String(width),
);

const comparedLines = remembered(
  (record: RunRecord, before: RunRecord, width: number) =>
    formatComparison(compareRuns(before, record), width)
      .trimEnd()
      .split('\n')
      .map((text) => mere(verdictLine(text))),
  (before, width) => `${before.id} ${width}`,
);

/** Words that a result is known by, where they stand alone. */
const RESULT_WORD = /\b(?:FAIL|pass|xfail|flaky|unknown|not run)\b/g;
const WORD_COLORS: Record<string, Color> = {
  ...{ FAIL: 'red', pass: 'green', xfail: 'yellow', flaky: 'yellow', unknown: 'yellow', 'not run': 'yellow' },
};

function verdictLine(text: string): Line {
  const spans = [];
  let at = 0;
  for (const match of text.matchAll(RESULT_WORD)) {
    const color = WORD_COLORS[match[0]];
    if (color === undefined) continue;
    spans.push(span(text.slice(at, match.index)), span(match[0], { color }));
    at = match.index + match[0].length;
  }
  return [...spans, span(text.slice(at))];
}

function liveLines(live: LiveRun, width: number): ResultLine[] {
  const { stages, notes, splats, verdict, ended } = live;
  const cases = caseLines({ suites: [...live.suites] }, width).map(coloured);
  const above = [
    ...(live.only === null ? [] : [line(`only ${againWords(live.only)}`, { bold: true }), line('')]),
    ...stages.map((stage) => stageLine(stage, live.now)),
    ...notes.map((text) => line(`note: ${oneLine(text)}`, { color: 'yellow' })),
    ...(cases.length === 0 ? [] : [line('')]),
  ];
  const below = [
    ...splats.flatMap(({ machine, title, text }) => [
      line(''),
      line(`${machine}: ${title}`, { color: 'red', bold: true }),
      ...text
        .trimEnd()
        .split('\n')
        .map((one) => line(`  ${one}`)),
    ]),
    ...(verdict === null
      ? []
      : [
          line(''),
          line(`${verdict.verdict}: ${verdict.why}`, {
            bold: true,
            color: COLORS[verdict.verdict] ?? 'cyan',
          }),
        ]),
    ...(ended === null || ended.trouble === '' ? [] : [line(''), line(ended.trouble, { color: 'red' })]),
  ];
  return [...above.map(mere), ...cases, ...below.map(mere)];
}

const MARKS = { running: '▸', done: '✓', cached: '✓', failed: '✗' } as const;
const STAGE_COLORS = { running: 'cyan', done: 'green', cached: 'green', failed: 'red' } as const;

function stageLine({ stage, state, began, ms, detail }: LiveStage, now: number): Line {
  const time = state === 'cached' ? 'cached' : formatDuration(state === 'running' ? now - began : ms);
  return [
    span(`${MARKS[state]} ${stage}`.padEnd(10), { color: STAGE_COLORS[state], bold: true }),
    span(`${oneLine(detail)}  `),
    span(time, { dim: true }),
  ];
}

function consoleOf(open: OpenSeries, row: Row, machine: Machine): PaneContent {
  const title = `console of the ${machine}`;
  if ('live' in row) {
    const lines = row.live.consoles[machine];
    return {
      ...rawPane(title, lines),
      empty: ['it has not printed anything yet'],
    };
  }
  const { logs } = open.runs;
  if (logs === null || logs.id !== row.run.id || logs.consoles === null) {
    return { ...textPane(title, []), empty: ['reading its log …'] };
  }
  const lines = logs.consoles[machine];
  return {
    ...rawPane(title, lines),
    empty: ['the record has no such console'],
  };
}

/** A line is made of what is shown alone: a console has thousands. */
function rawPane(title: string, lines: readonly string[]): PaneContent {
  return {
    ...{ title, head: null, count: lines.length, cursor: false, empty: [] },
    line: (row) => line(lines[row] ?? ''),
    text: (row) => lines[row] ?? '',
  };
}

function textPane(title: string, lines: readonly Line[]): PaneContent {
  return {
    ...{ title, head: null, count: lines.length, cursor: false, empty: [] },
    line: (row) => lines[row] ?? [],
  };
}

/** To the run that another screen has asked for, once the records are there. */
export function wentToRun(state: State): State {
  const { open } = state;
  if (open === null || open.runs.goTo === null || open.runs.records.is !== 'there') return state;
  const { goTo } = open.runs;
  const at = rowsOf(state, open).findIndex((row) => 'run' in row && row.run.id === goTo);
  const runs = { ...open.runs, goTo: null };
  if (at < 0) {
    const said = { text: `the record of ${goTo} is not there any more`, tone: 'error' } as const;
    return { ...state, open: { ...open, runs }, said };
  }
  const places = [{ cursor: at, top: at }, AT_START, AT_START, AT_START];
  return { ...state, open: { ...open, runs: { ...runs, places } } };
}

/** What is shown and not there yet: the records, the consoles of the chosen run. */
export function missingRuns(state: State): Step {
  const { open, screen } = state;
  if (open === null || (screen !== 'run' && screen !== 'versions')) return [state, []];
  const { runs } = open;
  // First what the screen is for.
  if (!runs.asked && (screen === 'run' || open.review.is === 'there')) {
    const asked = { ...open, runs: { ...runs, asked: true } };
    return [{ ...state, open: asked }, [{ do: 'load-runs', series: open.name }]];
  }
  if (screen !== 'run') return [state, []];
  const row = chosenRow(state, open);
  const seen = panesOf('run', state.size, state.pane.run).some(({ pane }) => CONSOLES[pane] != null);
  if (!seen || row === null || 'live' in row || runs.logs?.id === row.run.id) return [state, []];
  const { id, dir } = row.run;
  const asked = { ...open, runs: { ...runs, logs: { id, consoles: null } } };
  return [{ ...state, open: asked }, [{ do: 'load-consoles', series: open.name, id, dir }]];
}

/** Panes that are at their end stay there when more comes, as `tail -f` does. */
export function followedEnds(before: State, after: State, rows: number): State {
  const { open } = after;
  if (open === null || before.open === null) return after;
  const places = open.runs.places.map((place, pane): ListPlace => {
    if (pane === RUNS) return place;
    const width = paneWidth('run', after.size, after.pane.run, pane);
    const was = runScreen.content(before, pane, width).count;
    const is = runScreen.content(after, pane, width).count;
    if (was === is) return place;
    const top = Math.max(0, is - rows);
    // Where there is a cursor, whoever has moved it off the last line reads there.
    if (pane === RESULT) return place.cursor >= was - 1 ? { cursor: Math.max(0, is - 1), top } : place;
    return place.top >= was - rows ? { cursor: top, top } : place;
  });
  return { ...after, open: { ...open, runs: { ...open.runs, places } } };
}
