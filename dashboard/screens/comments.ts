// SPDX-License-Identifier: MIT
/** All that is owed: what an author works through. */
import type { Comment, Review } from '../../core/review.ts';
import { oneLine } from '../../reports/layout.ts';
import { formatComment } from '../../reports/review-comment.ts';
import { type OwedComment, owedOf } from '../../reports/review-owed.ts';
import { doubtOf, fateWords, nameOf, spotOf, stateWords, weightWords } from '../../reports/review-words.ts';
import { type ColumnOf, columnsFor } from '../columns.ts';
import { AT_START } from '../list.ts';
import type { CommentFilter, OpenSeries, State } from '../model.ts';
import { there } from '../model.ts';
import { remembered } from '../remembered.ts';
import type { Step } from '../step.ts';
import { line, type Span, span } from '../text.ts';
import { actOnComment } from './deciding.ts';
import { showDiff } from './patch-choice.ts';
import type { PaneContent, Screen } from './screen.ts';
import { failedLines } from './series.ts';

const NOT_OPEN = 'no series is open: 1 shows them, Enter opens one';
const STATES: readonly CommentFilter['state'][] = ['owed', 'open', 'closed', 'all'];

export const commentsScreen: Screen = {
  content: (state, pane, width) => {
    const { open } = state;
    const base = { title: 'comments', head: null, count: 0, line: () => [], cursor: false };
    if (open === null) return { ...base, empty: [NOT_OPEN] };
    if (open.review.is === 'loading') return { ...base, empty: [`reading the mails of ${open.name} …`] };
    if (open.review.is === 'failed') return { ...base, empty: failedLines(open.review) };
    const review = open.review.value;
    return pane === 0
      ? listOf(review, open.comments.filter, width)
      : threadOf(review, chosenComment(open), width);
  },
  place: ({ open }, pane) => (pane === 0 ? open?.comments.list : open?.comments.details) ?? AT_START,
  withPlace: (state, pane, place) => {
    const { open } = state;
    if (open === null) return state;
    const { comments } = open;
    if (pane === 1) return { ...state, open: { ...open, comments: { ...comments, details: place } } };
    const details = place.cursor === comments.list.cursor ? comments.details : AT_START;
    return { ...state, open: { ...open, comments: { ...comments, list: place, details } } };
  },
  act: (state, command) => {
    const { open } = state;
    const review = there(open?.review);
    if (open === null || review === null) return NOT_OPEN;
    const comment = chosenComment(open);
    switch (command) {
      case 'in':
        return comment === null ? 'there is no comment' : toItsHunk(state, review, comment);
      case 'filter-state': {
        const { filter } = open.comments;
        const next = STATES[(STATES.indexOf(filter.state) + 1) % STATES.length] ?? 'owed';
        return filtered(state, open, { ...filter, state: next });
      }
      case 'filter-version': {
        const { filter } = open.comments;
        const names = ['', ...review.versions.map(({ version }) => version).toReversed()];
        const version = names[(names.indexOf(filter.version) + 1) % names.length] ?? '';
        return filtered(state, open, { ...filter, version });
      }
      case 'filter-person':
        return [{ ...state, prompt: { asks: 'person', text: open.comments.filter.by, decision: null } }, []];
      default:
        return actOnComment(state, command, comment) ?? 'not in the list of comments';
    }
  },
};

/** The list begins anew, with other comments in it. */
export function filtered(state: State, open: OpenSeries, filter: CommentFilter): Step {
  const comments = { filter, list: AT_START, details: AT_START };
  return [{ ...state, open: { ...open, comments } }, []];
}

const shownComments = remembered(
  (review: Review, { state, by, version }: CommentFilter): OwedComment[] => {
    const all = owedOf(review, {
      all: state !== 'owed',
      ...(by === '' ? {} : { by }),
      ...(version === '' ? {} : { version }),
    }).comments;
    if (state === 'open') return all.filter(({ comment }) => comment.state === 'open');
    if (state === 'closed') return all.filter(({ comment }) => comment.state !== 'open');
    return all;
  },
  (filter) => JSON.stringify(filter),
);

export function chosenComment(open: OpenSeries): Comment | null {
  const review = there(open.review);
  if (review === null) return null;
  return shownComments(review, open.comments.filter)[open.comments.list.cursor]?.comment ?? null;
}

/** In the version it was said of: there its lines are as the reviewer saw them. */
function toItsHunk(state: State, review: Review, comment: Comment): Step | string {
  const version = review.versions.find((one) => one.version === comment.version);
  const { patch } = comment.anchor;
  if (version === undefined || patch === null || patch === 0) {
    return `${comment.id} is about the ${patch === 0 ? 'cover letter' : 'series'}: Tab shows its thread`;
  }
  if (!version.patches.some(({ index }) => index === patch)) {
    return `patch ${patch} of ${comment.version} is not here`;
  }
  return showDiff(state, { version: comment.version, patch, against: null }, comment.id);
}

function listOf(review: Review, filter: CommentFilter, width: number): PaneContent {
  const rows = shownComments(review, filter);
  const { head, line: cells } = commentColumns(rows, width);
  const words = [
    filter.state,
    ...(filter.by === '' ? [] : [`of ${filter.by}`]),
    ...(filter.version === '' ? [] : [`on ${filter.version}`]),
  ].join(', ');
  return {
    ...{ title: `comments: ${rows.length} ${words}`, head, count: rows.length, cursor: true },
    line: (row) => {
      const one = rows[row];
      return one === undefined ? [] : cells(one);
    },
    id: (row) => rows[row]?.comment.id,
    text: (row) => {
      const one = rows[row]?.comment;
      return one === undefined ? '' : `${one.id} ${one.author.name} ${one.anchor.file} ${one.text}`;
    },
    empty: emptyWords(review, filter),
  };
}

function emptyWords(review: Review, { state, by, version }: CommentFilter): string[] {
  if (review.comments.length === 0) return ['nobody has said anything on this series yet'];
  const plain = by === '' && version === '';
  if (plain && state === 'owed')
    return ['nothing is owed: every comment is dealt with', 's shows the others'];
  return [
    `no comment is ${state === 'all' ? 'there' : state}${by === '' ? '' : ` of ${by}`}${version === '' ? '' : ` on ${version}`}`,
    's, p and v change what is shown',
  ];
}

const COLUMNS: ColumnOf<OwedComment>[] = [
  { title: 'id', gives: 5, cell: ({ comment }) => span(comment.id, { dim: true }) },
  { title: 'who', gives: 0, cell: ({ comment }) => span(nameOf(comment.author)) },
  { title: 'on', gives: 0, cell: ({ comment }) => span(comment.version) },
  { title: 'patch', gives: 3, align: 'right', cell: ({ comment }) => span(patchWords(comment)) },
  { title: 'state', gives: 0, cell: ({ comment }) => stateCell(comment) },
  { title: 'where', gives: 2, cell: ({ comment }) => span(whereWords(comment)) },
  { title: 'since then', gives: 4, cell: fateCell },
  { title: 'says', gives: 1, grows: true, cell: ({ comment }) => span(oneLine(comment.text.slice(0, 300))) },
];

const commentColumns = remembered(
  (rows: readonly OwedComment[], width: number) => columnsFor(COLUMNS, rows, width),
  (width) => String(width),
);

function patchWords({ anchor }: Comment): string {
  if (anchor.patch === null) return '';
  return anchor.patch === 0 ? 'cover' : `${anchor.patch}`;
}

function whereWords({ anchor }: Comment): string {
  const file = anchor.file === null ? null : (anchor.file.split('/').at(-1) ?? anchor.file);
  const doubt = doubtOf(anchor) === '' ? '' : ' ?';
  if (file === null) return `${spotOf(anchor)}${doubt}`;
  return `${file}${anchor.line === null ? '' : `:${anchor.line}`}${doubt}`;
}

function stateCell(comment: Comment): Span {
  const words = [stateWords(comment), weightWords(comment)].filter((one) => one !== '').join(', ');
  if (comment.state !== 'open') return span(words, { color: 'green' });
  if (comment.weight === 'blocking') return span(words, { color: 'red', bold: true });
  return comment.asks ? span(words, { color: 'yellow' }) : span(words, { dim: true });
}

function fateCell({ comment, fate }: OwedComment): Span {
  return fate === null ? span('newest', { dim: true }) : span(fateWords(comment, fate));
}

const threadLines = remembered(
  (comment: Comment, review: Review, width: number) =>
    formatComment(review, comment, { width }).trimEnd().split('\n'),
  // A comment that somebody decides on is another object.
  (_review, width) => String(width),
);

/** The comment with its thread, as `respin review comment` has it. */
export function threadOf(review: Review, comment: Comment | null, width: number): PaneContent {
  const lines = comment === null ? [] : threadLines(comment, review, width);
  return {
    ...{ title: comment === null ? 'thread' : `thread of ${comment.id}`, head: null, cursor: false },
    count: lines.length,
    line: (row) => line(lines[row] ?? ''),
    empty: ['no comment is chosen'],
  };
}
