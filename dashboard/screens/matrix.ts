// SPDX-License-Identifier: MIT
/** Where the series holds: versions or patches × trees, kernels and machines, as `respin matrix` ran them. */
import { formatDuration } from '../../core/duration.ts';
import type { MatrixCell, MatrixRecord } from '../../core/matrix.ts';
import type { Direction } from '../../core/run.ts';
import { formatMatrixCell } from '../../reports/matrix-table.ts';
import { columnName, directionWords, matrixCounts, rowName } from '../../reports/matrix-words.ts';
import { type ColumnOf, columnsFor } from '../columns.ts';
import { AT_START } from '../list.ts';
import { type OpenSeries, type State, there } from '../model.ts';
import { remembered } from '../remembered.ts';
import type { Message, Step } from '../step.ts';
import { type Color, line, type Span, span } from '../text.ts';
import type { PaneContent, Screen } from './screen.ts';
import { failedLines } from './series.ts';

const RUNS = 0;

/** A line of the matrix: a row in one of its columns; null: it was not run. */
interface Place {
  row: string;
  column: string;
  cell: MatrixCell | null;
}

export const matrixScreen: Screen = {
  content: (state, pane, width) => {
    const { open } = state;
    const base = { head: null, count: 0, line: () => [], cursor: false };
    if (open === null)
      return { ...base, title: 'matrix', empty: ['no series is open: 1 shows them, Enter opens one'] };
    const record = shownRecord(open);
    if (record === null) return { ...base, title: 'matrix', empty: emptyWords(open) };
    return pane === RUNS ? listOf(open, record, width) : detailsOf(open, record, width);
  },
  place: ({ open }, pane) => open?.matrices.places[pane] ?? AT_START,
  withPlace: (state, pane, place) => {
    const { open } = state;
    if (open === null) return state;
    const { matrices } = open;
    const other = pane === RUNS && place.cursor !== matrices.places[RUNS]?.cursor;
    const places = other ? [place, AT_START] : matrices.places.with(pane, place);
    return { ...state, open: { ...open, matrices: { ...matrices, places } } };
  },
  act: (state, command): Step | string => {
    const { open } = state;
    if (open === null) return 'no series is open: 1 shows them';
    const cell = chosenCell(open);
    switch (command) {
      case 'in':
        return cell === null ? 'it was not run' : toRun(state, open, cell.run);
      case 'copy':
        return cell === null ? 'it was not run' : [state, [{ do: 'copy', text: cell.run }]];
      case 'previous':
        return other(state, open, 1);
      case 'next':
        return other(state, open, -1);
      default:
        return 'not on this screen';
    }
  },
};

function shownRecord({ matrices }: OpenSeries): MatrixRecord | null {
  return there(matrices.records)?.[matrices.shown] ?? null;
}

function emptyWords({ name, matrices: { records } }: OpenSeries): readonly string[] {
  if (records.is === 'failed') return failedLines(records);
  if (records.is === 'loading') return ['reading the records …'];
  return ['there is no matrix yet', `respin matrix ${name} runs every version, in every direction`];
}

function chosenCell(open: OpenSeries): MatrixCell | null {
  const record = shownRecord(open);
  return record === null ? null : (placesOf(record)[open.matrices.places[RUNS]?.cursor ?? 0]?.cell ?? null);
}

/** Older is further down the list of records. */
function other(state: State, open: OpenSeries, by: 1 | -1): Step | string {
  const { matrices } = open;
  const count = there(matrices.records)?.length ?? 0;
  const shown = matrices.shown + by;
  if (shown < 0) return 'this is the newest';
  if (shown >= count) return 'there is none before it';
  const next = { ...matrices, shown, places: [AT_START, AT_START] };
  return [{ ...state, open: { ...open, matrices: next } }, []];
}

function toRun(state: State, open: OpenSeries, id: string): Step {
  const runs = { ...open.runs, goTo: id, asked: true };
  const next: State = { ...state, screen: 'run', pane: { ...state.pane, run: 1 }, open: { ...open, runs } };
  return [next, [{ do: 'load-runs', series: open.name }]];
}

function placesOf({ rows, columns, cells }: MatrixRecord): Place[] {
  return rows.flatMap((row, at) =>
    columns.map((column, place) => ({
      row: rowName(row),
      column: columnName(column, columns),
      cell: cells.find((one) => one.row === at && one.column === place) ?? null,
    })),
  );
}

const tableOf = remembered(
  (record: MatrixRecord, width: number) => {
    const places = placesOf(record);
    return { places, ...columnsFor(columnsOf(record), places, width) };
  },
  (width) => String(width),
);

function columnsOf({ columns, directions }: MatrixRecord): ColumnOf<Place>[] {
  return [
    { title: '', gives: 0, cell: ({ row }) => span(row, { bold: true }) },
    ...(columns.length === 1
      ? []
      : [{ title: '', gives: 1, cell: ({ column }: Place) => span(column), grows: true as const }]),
    ...directions.map(
      (direction): ColumnOf<Place> => ({
        title: direction,
        gives: 0,
        cell: ({ cell }) => wordsIn(cell, direction),
      }),
    ),
    {
      title: 'time',
      gives: 2,
      align: 'right',
      cell: ({ cell }) => span(cell === null ? '' : formatDuration(cell.ms), { dim: true }),
    },
  ];
}

const COLORS: readonly [RegExp, Color][] = [
  [/^(?:FAIL|no )/, 'red'],
  [/^(?:unknown|flaky)/, 'yellow'],
  [/^pass/, 'green'],
];

function wordsIn(cell: MatrixCell | null, direction: Direction): Span {
  const one = cell?.directions.find((told) => told.direction === direction);
  const words = cell === null || one === undefined ? '-' : directionWords(cell, one);
  const color = COLORS.find(([pattern]) => pattern.test(words))?.[1];
  return span(words, color === undefined ? { dim: true } : { color });
}

function listOf({ matrices }: OpenSeries, record: MatrixRecord, width: number): PaneContent {
  const { places, head, line: cells } = tableOf(record, width);
  const count = there(matrices.records)?.length ?? 0;
  const which = count > 1 ? ` (${matrices.shown + 1} of ${count})` : '';
  return {
    ...{
      title: `matrix of ${record.started.slice(0, 10)}${which}`,
      head,
      count: places.length,
      cursor: true,
    },
    line: (row) => {
      const place = places[row];
      return place === undefined ? [] : cells(place);
    },
    id: (row) => `${record.id} ${row}`,
    empty: [],
  };
}

function detailsOf(open: OpenSeries, record: MatrixRecord, width: number): PaneContent {
  const cell = chosenCell(open);
  const subjects = record.rows.flatMap((row) =>
    row.subject === null ? [] : [`${rowName(row)}  ${row.subject}`],
  );
  const text = [
    ...(cell === null ? ['it was not run'] : formatMatrixCell(record, cell, width).trimEnd().split('\n')),
    '',
    matrixCounts(record),
    ...(record.error === null ? [] : [`ended before its end: ${record.error.message}`]),
    ...(subjects.length === 0 ? [] : ['', ...subjects]),
  ];
  return {
    ...{ title: 'details', head: null, count: text.length, cursor: false, empty: [] },
    line: (row) => line(text[row] ?? ''),
  };
}

/** A matrix that has ended is shown; who looks at an older one stays there. */
export function matricesCame(
  state: State,
  { series, records }: Extract<Message, { type: 'matrices' }>,
): State {
  const { open } = state;
  if (open === null || open.name !== series) return state;
  const before = shownRecord(open);
  const found =
    records.is === 'there' && before !== null ? records.value.findIndex(({ id }) => id === before.id) : -1;
  const shown = open.matrices.shown === 0 || found < 0 ? 0 : found;
  return { ...state, open: { ...open, matrices: { ...open.matrices, records, shown } } };
}

export function missingMatrices(state: State): Step {
  const { open, screen } = state;
  if (open === null || screen !== 'matrix' || open.matrices.asked) return [state, []];
  const asked = { ...open, matrices: { ...open.matrices, asked: true } };
  return [{ ...state, open: asked }, [{ do: 'load-matrices', series: open.name }]];
}
