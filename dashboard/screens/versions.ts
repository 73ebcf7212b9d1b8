// SPDX-License-Identifier: MIT
/** The versions of a series, and beside them all that is known of the chosen one. */
import { isOwed, type Review, type ReviewVersion } from '../../core/review.ts';
import { isOfVersion, type RunRecord } from '../../core/run.ts';
import { countWords } from '../../reports/check-words.ts';
import { formatReview } from '../../reports/review-show.ts';
import { takenWords } from '../../reports/review-words.ts';
import { type ColumnOf, columnsFor } from '../columns.ts';
import { panesOf } from '../layout.ts';
import { AT_START } from '../list.ts';
import { type MatrixChange, type OpenSeries, type State, there } from '../model.ts';
import { remembered } from '../remembered.ts';
import type { Step } from '../step.ts';
import { type Color, line, type Span, span, VERDICT_COLORS } from '../text.ts';
import { ageWords } from '../words.ts';
import { showDiff } from './patch-choice.ts';
import type { PaneContent, Screen } from './screen.ts';
import { failedLines } from './series.ts';

export const versionsScreen: Screen = {
  content: (state, pane, width) => {
    const { open } = state;
    const base = { title: PANE_TITLES[pane] ?? '', head: null, count: 0, line: () => [], cursor: false };
    if (open === null) return { ...base, empty: [NOT_OPEN] };
    if (open.review.is === 'loading') return { ...base, empty: [`reading the mails of ${open.name} …`] };
    if (open.review.is === 'failed') return { ...base, empty: failedLines(open.review) };
    const review = open.review.value;
    if (pane === MATRIX) return matrixOf(open, width);
    return pane === 0 ? listOf(review, state, width) : detailsOf(review, chosen(open), width);
  },
  place: ({ open }, pane) => [open?.versions, open?.versionDetails, open?.matrixPlace][pane] ?? AT_START,
  withPlace: (state, pane, place) => {
    const { open } = state;
    if (open === null) return state;
    if (pane === MATRIX) return { ...state, open: { ...open, matrixPlace: place } };
    if (pane === 1) return { ...state, open: { ...open, versionDetails: place } };
    const other = place.cursor !== open.versions.cursor;
    const versionDetails = other ? { cursor: 0, top: 0 } : open.versionDetails;
    return { ...state, open: { ...open, versions: place, versionDetails } };
  },
  act: (state, command): Step | string => {
    const { open } = state;
    const review = there(open?.review);
    if (open === null || review === null) return NOT_OPEN;
    const version = chosen(open);
    if (version === null) return 'there is no version';
    const first = version.patches[0];
    switch (command) {
      case 'in':
        return first === undefined
          ? `of ${version.version} no patch is there`
          : showDiff(state, { version: version.version, patch: first.index, against: null });
      case 'interdiff': {
        const before = review.versions[review.versions.indexOf(version) - 1];
        if (before === undefined)
          return `${version.version} is the first: there is nothing to compare it with`;
        if (first === undefined) return `of ${version.version} no patch is there`;
        const wanted = { version: version.version, patch: first.index, against: before.version };
        return showDiff(state, wanted);
      }
      default:
        return 'not in the list of versions';
    }
  },
};

const NOT_OPEN = 'no series is open: 1 shows them, Enter opens one';
const PANE_TITLES = ['versions', 'details', 'patches'];
const MATRIX = 2;

/** Newest first. */
function versionsOf(review: Review): ReviewVersion[] {
  return review.versions.toReversed();
}

function chosen(open: OpenSeries): ReviewVersion | null {
  const review = there(open.review);
  return review === null ? null : (versionsOf(review)[open.versions.cursor] ?? null);
}

const SIGNS: Record<MatrixChange, { sign: string; color?: Color }> = {
  ...{ first: { sign: ' ' }, unchanged: { sign: '=' }, added: { sign: 'new', color: 'green' } },
  ...{ message: { sign: 'msg', color: 'cyan' }, diff: { sign: 'diff', color: 'yellow' } },
  ...{ both: { sign: 'both', color: 'yellow' }, dropped: { sign: 'gone' }, unknown: { sign: '?' } },
};

function matrixOf({ matrix, name }: OpenSeries, width: number): PaneContent {
  const base = { title: 'patches × versions', head: null, count: 0, line: () => [], cursor: false };
  if (matrix === null || matrix.is === 'loading')
    return { ...base, empty: [`reading the patches of ${name} …`] };
  if (matrix.is === 'failed') return { ...base, empty: failedLines(matrix) };
  const { versions, rows } = matrix.value;
  type Row = (typeof rows)[number];
  const columns: ColumnOf<Row>[] = [
    { title: 'patch', gives: 0, grows: true, cell: ({ subject }) => span(subject) },
    // When it is narrow the oldest go first.
    ...versions.map(
      (title, at): ColumnOf<Row> => ({
        ...{ title, gives: versions.length - at },
        cell: (row) => matrixCell(row.cells[at] ?? null),
      }),
    ),
  ];
  const { head, line: cells } = columnsFor(columns, rows, width);
  return {
    ...{ title: 'patches × versions', head, count: rows.length, cursor: false, empty: [] },
    line: (row) => {
      const one = rows[row];
      return one === undefined ? [] : cells(one);
    },
  };
}

function matrixCell(cell: { patch: number; change: MatrixChange } | null): Span {
  if (cell === null) return span('·', { dim: true });
  const { sign, color } = SIGNS[cell.change];
  return span(`${cell.patch} ${sign}`.trimEnd(), color === undefined ? {} : { color });
}

/** What the screen shows and is not there yet. */
export function missingMatrix(state: State): Step {
  const { open, screen, size } = state;
  if (open === null || screen !== 'versions' || open.matrix !== null || open.review.is !== 'there')
    return [state, []];
  if (!panesOf('versions', size, state.pane.versions).some(({ pane }) => pane === MATRIX)) return [state, []];
  const { name: series, folder } = open;
  return [
    { ...state, open: { ...open, matrix: { is: 'loading' } } },
    [{ do: 'load-matrix', series, folder }],
  ];
}

function listOf(review: Review, { today, open }: State, width: number): PaneContent {
  const rows = versionsOf(review);
  const { head, line: cells } = columnsFor(columnsOf(review, today, open), rows, width);
  return {
    ...{ title: `versions of ${review.series}`, head, count: rows.length, cursor: true },
    line: (row) => {
      const one = rows[row];
      return one === undefined ? [] : cells(one);
    },
    empty: ['no version of it is there'],
  };
}

function columnsOf(review: Review, today: string, open: OpenSeries | null): ColumnOf<ReviewVersion>[] {
  const runs = there(open?.runs.records) ?? [];
  const checked = there(open?.checks.report);
  const said = Map.groupBy(review.comments, ({ version }) => version);
  const of = ({ version }: ReviewVersion) => said.get(version) ?? [];
  return [
    { title: 'version', gives: 0, cell: ({ version }) => span(version, { bold: true }) },
    { title: 'date', gives: 2, cell: ({ date }) => span(date) },
    { title: 'age', gives: 3, align: 'right', cell: ({ date }) => span(ageWords(date, today)) },
    { title: 'patches', gives: 1, align: 'right', cell: patchesCell },
    { title: 'lines', gives: 4, align: 'right', cell: linesCell },
    {
      ...{ title: 'run', gives: 1 },
      cell: ({ version }) =>
        verdictCell(
          runs.find(({ record }) => record?.series?.version === version && isOfVersion(record))?.record,
        ),
    },
    {
      ...{ title: 'checks', gives: 6 },
      cell: ({ version }) =>
        span(checked?.series.version === version ? countWords(checked) || 'nothing found' : ''),
    },
    {
      ...{ title: 'open', gives: 0, align: 'right' },
      cell: (one) => {
        const open = of(one).filter(isOwed).length;
        return span(`${open}`, open === 0 ? { dim: true } : { color: 'yellow' });
      },
    },
    {
      ...{ title: 'closed', gives: 1, align: 'right' },
      cell: (one) => span(`${of(one).filter(({ state }) => state !== 'open').length}`, { dim: true }),
    },
    { title: 'state', gives: 5, grows: true, cell: (one) => span(takenWords(one)) },
  ];
}

function verdictCell(record: RunRecord | null | undefined): Span {
  if (record == null) return span('-', { dim: true });
  const { verdict } = record;
  return span(verdict === 'fail' ? 'FAIL' : verdict, { color: VERDICT_COLORS[verdict] });
}

function patchesCell({ patches, total }: ReviewVersion): Span {
  return patches.length === total
    ? span(`${total}`)
    : span(`${patches.length} of ${total}`, { color: 'yellow' });
}

function linesCell({ patches }: ReviewVersion): Span {
  const files = patches.flatMap((one) => one.files);
  const sum = (of: 'added' | 'removed'): number => files.reduce((all, one) => all + (one[of] ?? 0), 0);
  return span(`+${sum('added')} -${sum('removed')}`);
}

const versionLines = remembered(
  (review: Review, version: string, width: number) =>
    formatReview(review, version, { width }).trimEnd().split('\n'),
  (version, width) => `${version} ${width}`,
);

function detailsOf(review: Review, version: ReviewVersion | null, width: number): PaneContent {
  const lines = version === null ? [] : versionLines(review, version.version, width);
  return {
    ...{ title: version === null ? '' : version.version, head: null, count: lines.length, cursor: false },
    line: (row) => line(lines[row] ?? ''),
    empty: [],
  };
}
