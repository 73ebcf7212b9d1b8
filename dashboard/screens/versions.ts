// SPDX-License-Identifier: MIT
/** The versions of a series, and beside them all that is known of the chosen one. */
import { isOwed, type Review, type ReviewVersion } from '../../core/review.ts';
import { formatReview } from '../../reports/review-show.ts';
import { takenWords } from '../../reports/review-words.ts';
import { type ColumnOf, columnsFor } from '../columns.ts';
import { type OpenSeries, type State, there } from '../model.ts';
import type { Step } from '../step.ts';
import { line, type Span, span } from '../text.ts';
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
    return pane === 0 ? listOf(review, state, width) : detailsOf(review, chosen(open), width);
  },
  place: ({ open }, pane) => (pane === 0 ? open?.versions : open?.versionDetails) ?? { cursor: 0, top: 0 },
  withPlace: (state, pane, place) => {
    const { open } = state;
    if (open === null) return state;
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
const PANE_TITLES = ['versions', 'details'];

/** Newest first. */
function versionsOf(review: Review): ReviewVersion[] {
  return review.versions.toReversed();
}

function chosen(open: OpenSeries): ReviewVersion | null {
  const review = there(open.review);
  return review === null ? null : (versionsOf(review)[open.versions.cursor] ?? null);
}

function listOf(review: Review, { today }: State, width: number): PaneContent {
  const rows = versionsOf(review);
  const { head, line: cells } = columnsFor(columnsOf(review, today), rows, width);
  return {
    ...{ title: `versions of ${review.series}`, head, count: rows.length, cursor: true },
    line: (row) => {
      const one = rows[row];
      return one === undefined ? [] : cells(one);
    },
    empty: ['no version of it is there'],
  };
}

function columnsOf(review: Review, today: string): ColumnOf<ReviewVersion>[] {
  const said = Map.groupBy(review.comments, ({ version }) => version);
  const of = ({ version }: ReviewVersion) => said.get(version) ?? [];
  return [
    { title: 'version', gives: 0, cell: ({ version }) => span(version, { bold: true }) },
    { title: 'date', gives: 2, cell: ({ date }) => span(date) },
    { title: 'age', gives: 3, align: 'right', cell: ({ date }) => span(ageWords(date, today)) },
    { title: 'patches', gives: 1, align: 'right', cell: patchesCell },
    { title: 'lines', gives: 4, align: 'right', cell: linesCell },
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

function detailsOf(review: Review, version: ReviewVersion | null, width: number): PaneContent {
  const text = version === null ? '' : formatReview(review, version.version, { width });
  const lines = text.trimEnd().split('\n');
  return {
    ...{ title: version === null ? '' : version.version, head: null, count: lines.length, cursor: false },
    line: (row) => line(lines[row] ?? ''),
    empty: [],
  };
}
