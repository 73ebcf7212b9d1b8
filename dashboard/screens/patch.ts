// SPDX-License-Identifier: MIT
/** A patch: files and hunks, the diff with what was said in place, and the thread of what one stands on. */
import type { CheckReport, Finding } from '../../core/check.ts';
import { type Comment, isOwed, type Review } from '../../core/review.ts';
import type { HunkLine } from '../../core/series.ts';
import { nameOf, stateWords, weightWords } from '../../reports/review-words.ts';
import type { Command } from '../keymap.ts';
import { paneRows, paneWidth } from '../layout.ts';
import { AT_START, jumped } from '../list.ts';
import { type OpenSeries, type PatchScreen, type State, there } from '../model.ts';
import { remembered } from '../remembered.ts';
import { type DiffRow, type DiffRows, ELSEWHERE } from '../rows/diff-rows.ts';
import { sideBySide } from '../rows/side-by-side.ts';
import type { Step } from '../step.ts';
import { fitted, type Line, line, type Style, shifted, span } from '../text.ts';
import { findingText, reportOf, waive } from './checks.ts';
import { threadOf } from './comments.ts';
import { actOnComment } from './deciding.ts';
import { showDiff } from './patch-choice.ts';
import type { PaneContent, Screen } from './screen.ts';
import { failedLines } from './series.ts';

const FILES = 0;
const DIFF = 1;
/** Narrower than this, two columns of code are none. */
const SIDE_BY_SIDE = 100;
const SHIFT = 8;

export const patchScreen: Screen = {
  content: (state, pane, width) => {
    const { open } = state;
    const base = { title: 'patch', head: null, count: 0, line: () => [], cursor: false };
    if (open === null) return { ...base, empty: ['no series is open: 1 shows them, Enter opens one'] };
    const { wanted, rows } = open.patch;
    if (wanted === null) {
      return { ...base, empty: ['no patch is chosen: 2 shows the versions, Enter goes to the first patch'] };
    }
    if (rows.is === 'loading')
      return { ...base, empty: [`reading patch ${wanted.patch} of ${wanted.version} …`] };
    if (rows.is === 'failed') return { ...base, empty: failedLines(rows) };
    if (pane === FILES) return filesContent(rows.value);
    if (pane === DIFF) return diffContent(open, rows.value, width);
    const review = there(open.review);
    if (findingAt(open) !== null) return findingPane(open, width);
    return review === null ? { ...base, empty: [] } : threadOf(review, commentAt(open, review), width);
  },
  place: ({ open }, pane) => {
    if (open === null) return AT_START;
    return [open.patch.files, open.patch.lines, open.patch.details][pane] ?? AT_START;
  },
  withPlace: (state, pane, place) =>
    withPatch(state, (patch) => {
      if (pane === FILES) return { ...patch, files: place };
      if (pane === DIFF) return followed({ ...patch, lines: place, details: AT_START });
      return { ...patch, details: place };
    }),
  act,
};

function withPatch(state: State, change: (patch: PatchScreen) => PatchScreen): State {
  const { open } = state;
  return open === null ? state : { ...state, open: { ...open, patch: change(open.patch) } };
}

/** The list of files goes along with the diff. */
function followed(patch: PatchScreen): PatchScreen {
  const parts = there(patch.rows)?.parts ?? [];
  const at = parts.findLastIndex(({ row }) => row <= patch.lines.cursor);
  return { ...patch, files: { ...patch.files, cursor: Math.max(0, at) } };
}

function act(state: State, command: Command): Step | string {
  const { open } = state;
  const review = there(open?.review);
  const wanted = open?.patch.wanted ?? null;
  if (open === null || review === null || wanted === null) return 'no patch is chosen: 2 shows the versions';
  if (command === 'waive') return waive(state, findingAt(open));
  const comment = commentAt(open, review);
  const decided = actOnComment(state, command, comment);
  if (decided !== null) return decided;
  const version = review.versions.find((one) => one.version === wanted.version);
  const rows = there(open.patch.rows);
  switch (command) {
    case 'previous':
    case 'next': {
      const numbers = version?.patches.map(({ index }) => index) ?? [];
      const other = numbers[numbers.indexOf(wanted.patch) + (command === 'next' ? 1 : -1)];
      if (other === undefined)
        return `it is the ${command === 'next' ? 'last' : 'first'} patch of ${wanted.version}`;
      return showDiff(state, { ...wanted, patch: other });
    }
    case 'previous-version':
    case 'next-version': {
      const at = review.versions.findIndex((one) => one.version === wanted.version);
      const other = review.versions[at + (command === 'next-version' ? 1 : -1)];
      if (other === undefined)
        return `${wanted.version} is the ${command === 'next-version' ? 'newest' : 'first'}`;
      const same = other.patches.find(({ index }) => index === wanted.patch) ?? other.patches[0];
      if (same === undefined) return `of ${other.version} no patch is there`;
      return showDiff(state, { version: other.version, patch: same.index, against: null });
    }
    case 'interdiff': {
      // The patch itself, then against each version before it, the nearest first.
      const at = review.versions.findIndex((one) => one.version === wanted.version);
      const before = review.versions
        .slice(0, Math.max(0, at))
        .map((one) => one.version)
        .toReversed();
      if (before.length === 0) return `${wanted.version} is the first: there is nothing to compare it with`;
      const against = before[wanted.against === null ? 0 : before.indexOf(wanted.against) + 1] ?? null;
      return showDiff(state, { ...wanted, against });
    }
    case 'side-by-side': {
      const width = paneWidth('patch', state.size, DIFF, DIFF);
      if (width < SIDE_BY_SIDE && !open.patch.sideBySide)
        return `side by side needs ${SIDE_BY_SIDE} columns, the diff has ${width}`;
      if (wanted.against !== null) return 'what changed between versions has no two sides: d shows the patch';
      return [
        withPatch(state, (patch) => ({ ...patch, sideBySide: !patch.sideBySide, lines: AT_START })),
        [],
      ];
    }
    case 'left':
    case 'right':
      if (command === 'left' && open.patch.left === 0) return 'these are the first columns';
      return [
        withPatch(state, (patch) => ({
          ...patch,
          left: Math.max(0, patch.left + (command === 'right' ? SHIFT : -SHIFT)),
        })),
        [],
      ];
    case 'in':
      return enter(state, open, rows);
    case 'next-hunk':
    case 'previous-hunk':
      return toPart(state, rows, command === 'next-hunk' ? 1 : -1);
    case 'next-comment':
    case 'previous-comment':
      return toComment(state, review, rows, command === 'next-comment' ? 1 : -1);
    case 'edit':
      return edit(state, open, rows);
    default:
      return 'not in a patch';
  }
}

function shownRows(patch: PatchScreen, rows: DiffRows): DiffRows {
  return patch.sideBySide && patch.wanted?.against === null ? sideBySide(rows) : rows;
}

/** In the list of files: to what is chosen. In the diff: to the thread of the comment. */
function enter(state: State, open: OpenSeries, rows: DiffRows | null): Step | string {
  if (rows === null) return 'nothing is there yet';
  const pane = state.pane.patch;
  const shown = shownRows(open.patch, rows);
  if (pane === FILES) {
    const part = shown.parts[open.patch.files.cursor];
    if (part === undefined) return 'there is no file';
    return [{ ...goToRow(state, part.row), pane: { ...state.pane, patch: DIFF } }, []];
  }
  const row = shown.rows[open.patch.lines.cursor];
  if (row?.kind === 'comment' || row?.kind === 'words' || row?.kind === 'finding') {
    return [{ ...state, pane: { ...state.pane, patch: 2 } }, []];
  }
  return 'Enter on a comment shows its thread, on a finding its rule';
}

/** Puts the cursor of the diff on a row. */
function goToRow(state: State, row: number): State {
  return withPatch(state, (patch) => {
    const rows = there(patch.rows);
    if (rows === null) return patch;
    const lines = jumped(patch.lines, row, shownRows(patch, rows).rows.length, paneRows(state.size));
    return followed({ ...patch, lines, details: AT_START });
  });
}

function toPart(state: State, rows: DiffRows | null, by: 1 | -1): Step | string {
  const patch = state.open?.patch;
  if (rows === null || patch === undefined) return 'nothing is there yet';
  const hunks = shownRows(patch, rows).parts.filter(({ kind }) => kind === 'hunk');
  const { cursor } = patch.lines;
  const next = by === 1 ? hunks.find(({ row }) => row > cursor) : hunks.findLast(({ row }) => row < cursor);
  if (next === undefined) return by === 1 ? 'there is no further hunk' : 'there is no hunk before';
  return [goToRow(state, next.row), []];
}

/** The next open one in this patch, else in the patches that follow. */
function toComment(state: State, review: Review, rows: DiffRows | null, by: 1 | -1): Step | string {
  const { open } = state;
  const wanted = open?.patch.wanted ?? null;
  if (rows === null || open === null || wanted === null) return 'nothing is there yet';
  const owed = new Map(review.comments.filter(isOwed).map((one) => [one.id, one]));
  const { cursor } = open.patch.lines;
  const shown = shownRows(open.patch, rows).rows;
  for (let at = cursor + by; at >= 0 && at < shown.length; at += by) {
    const row = shown[at];
    if (row?.kind === 'comment' && owed.has(row.id)) return [goToRow(state, at), []];
  }
  // Those of one version come in reading order.
  const here = new Set(
    review.versions.find(({ version }) => version === wanted.version)?.patches.map(({ index }) => index),
  );
  const others = [...owed.values()].filter(
    ({ version, anchor }) =>
      version === wanted.version &&
      here.has(anchor.patch ?? 0) &&
      anchor.patch !== null &&
      (by === 1 ? anchor.patch > wanted.patch : anchor.patch > 0 && anchor.patch < wanted.patch),
  );
  const next = by === 1 ? others[0] : others.at(-1);
  if (next === undefined || next.anchor.patch === null) {
    return `no open comment ${by === 1 ? 'follows' : 'comes before'} in ${wanted.version}: 4 shows all`;
  }
  return showDiff(state, { version: wanted.version, patch: next.anchor.patch, against: null }, next.id);
}

function edit(state: State, open: OpenSeries, rows: DiffRows | null): Step | string {
  const { wanted } = open.patch;
  if (rows === null || wanted === null) return 'nothing is there yet';
  if (wanted.against !== null)
    return 'what changed between versions has no lines of a file: d shows the patch';
  const shown = shownRows(open.patch, rows);
  const { cursor } = open.patch.lines;
  const part = shown.parts.findLast(({ row, kind }) => row <= cursor && kind === 'file');
  if (part === undefined || part.text === ELSEWHERE) return 'the cursor is on no file of the patch';
  for (let at = cursor; at >= part.row; at--) {
    const code = codeOf(shown.rows[at]);
    if (code === null) continue;
    const line = code.newLine ?? code.oldLine ?? 1;
    return [state, [{ do: 'edit', file: part.text, line }]];
  }
  return [state, [{ do: 'edit', file: part.text, line: 1 }]];
}

function codeOf(row: DiffRow | undefined): HunkLine | null {
  if (row?.kind === 'line') return row.line;
  return row?.kind === 'pair' ? (row.right ?? row.left) : null;
}

/** The rows that were asked for have come. */
export function rowsCame(state: State): State {
  const { open } = state;
  const rows = there(open?.patch.rows);
  if (open === null || rows === null) return state;
  const { goTo } = open.patch;
  const cleared = withPatch(state, (patch) => ({ ...patch, goTo: null }));
  if (goTo === null) return cleared;
  const at = shownRows(open.patch, rows).rows.findIndex(
    (row) => (row.kind === 'comment' || row.kind === 'finding') && row.id === goTo,
  );
  return at < 0 ? cleared : goToRow(cleared, at);
}

/** The comment that the cursor stands on. */
export function commentAt(open: OpenSeries, review: Review): Comment | null {
  const rows = there(open.patch.rows);
  if (rows === null) return null;
  const row = shownRows(open.patch, rows).rows[open.patch.lines.cursor];
  if (row?.kind !== 'comment' && row?.kind !== 'words') return null;
  return review.comments.find(({ id }) => id === row.id) ?? null;
}

/** The finding that the cursor stands on. */
function findingAt(open: OpenSeries): Finding | null {
  const rows = there(open.patch.rows);
  const row = rows === null ? undefined : shownRows(open.patch, rows).rows[open.patch.lines.cursor];
  return row?.kind !== 'finding' ? null : (reportOf(open)?.findings.find(({ id }) => id === row.id) ?? null);
}

function findingPane(open: OpenSeries, width: number): PaneContent {
  const lines = findingText(open, findingAt(open), width).trimEnd().split('\n');
  return {
    ...{ title: 'finding', head: null, count: lines.length, cursor: false, empty: [] },
    line: (row) => line(lines[row] ?? ''),
  };
}

function filesContent({ parts }: DiffRows): PaneContent {
  const files = parts.filter(({ kind }) => kind === 'file').length;
  return {
    ...{ title: `files: ${files}`, head: null, count: parts.length, cursor: true, empty: [] },
    line: (row) => {
      const part = parts[row];
      if (part === undefined) return [];
      // Before the name, which may be cut.
      const said = [
        ...(part.comments === 0 ? [] : [span(`(${part.comments}) `, { color: 'yellow' })]),
        ...(part.findings === 0 ? [] : [span(`!${part.findings} `, { color: 'cyan' })]),
      ];
      if (part.kind === 'hunk') return [span('  '), ...said, span(hunkName(part.text), { dim: true })];
      return [...said, span(part.text.split('/').at(-1) ?? part.text, { bold: true })];
    },
    text: (row) => parts[row]?.text ?? '',
  };
}

/** The function of a hunk, or where it begins. */
function hunkName(header: string): string {
  const match = /^@@ -\S+ \+(\d+)\S* @@ ?(.*)$/.exec(header.trim());
  return match === null ? header : match[2] === '' ? `line ${match[1]}` : (match[2] ?? '');
}

function diffContent(open: OpenSeries, rows: DiffRows, width: number): PaneContent {
  const { patch } = open;
  const shown = shownRows(patch, rows);
  const comments = commentsById(there(open.review) ?? NO_COMMENTS);
  const findings = findingsById(reportOf(open) ?? NO_FINDINGS);
  return {
    ...{ title: shown.title, head: null, count: shown.rows.length, cursor: true },
    line: (at) => {
      const row = shown.rows[at];
      return row === undefined ? [] : rowLine(row, { comments, findings }, { width, left: patch.left });
    },
    text: (at) => rowText(shown.rows[at]),
    empty: ['the patch is empty'],
  };
}

const NO_COMMENTS: Pick<Review, 'comments'> = { comments: [] };
const NO_FINDINGS: Pick<CheckReport, 'findings'> = { findings: [] };

const commentsById = remembered(
  ({ comments }: Pick<Review, 'comments'>) => new Map(comments.map((one) => [one.id, one])),
  () => '',
);
const findingsById = remembered(
  ({ findings }: Pick<CheckReport, 'findings'>) => new Map(findings.map((one) => [one.id, one])),
  () => '',
);

function rowText(row: DiffRow | undefined): string {
  if (row === undefined) return '';
  switch (row.kind) {
    case 'blank':
    case 'comment':
    case 'finding':
      return '';
    case 'line':
      return row.line.text;
    case 'change':
      return row.change.text;
    case 'pair':
      return `${row.left?.text ?? ''} ${row.right?.text ?? ''}`;
    default:
      return row.text;
  }
}

const MARKS = { context: ' ', add: '+', del: '-' } as const;
const LINE_STYLES: Record<keyof typeof MARKS, Style> = {
  context: {},
  add: { color: 'green' },
  del: { color: 'red' },
};
const CHANGE_STYLES: Record<' ' | '+' | '-', Style> = {
  ' ': { dim: true },
  '+': { color: 'green' },
  '-': { color: 'red' },
};

interface Said {
  comments: ReadonlyMap<string, Comment>;
  findings: ReadonlyMap<string, Finding>;
}

function rowLine(row: DiffRow, said: Said, { width, left }: { width: number; left: number }): Line {
  // Each side by itself: it was cut to its half.
  return row.kind === 'pair' ? pairLine(row, width, left) : shifted(wholeLine(row, said), left);
}

function wholeLine(row: Exclude<DiffRow, { kind: 'pair' }>, { comments, findings }: Said): Line {
  switch (row.kind) {
    case 'blank':
      return [];
    case 'message':
      return line(row.text);
    case 'notes':
      return line(row.text, { dim: true });
    case 'file':
      return line(row.text, { bold: true });
    case 'hunk':
      return line(row.text, { color: 'cyan' });
    case 'line':
      return codeLine(row);
    case 'finding':
      return findingLine(findings.get(row.id), row.id);
    case 'change':
      return line(`${row.change.mark} ${row.change.text}`, CHANGE_STYLES[row.change.mark]);
    case 'comment':
      return commentLine(comments.get(row.id), row.id);
    case 'words':
      return [span('  │ ', { color: 'yellow' }), span(row.text)];
  }
}

/** What a coverage record knows of an added line stands behind it. */
function codeLine({ line: { kind, text }, ran }: Extract<DiffRow, { kind: 'line' }>): Line {
  const code = span(`${MARKS[kind]}${text}`, LINE_STYLES[kind]);
  if (ran === undefined) return [code];
  return ran === 'ran'
    ? [code, span('  ran', { dim: true })]
    : [code, span('  never ran', { color: 'yellow' })];
}

function findingLine(finding: Finding | undefined, id: string): Line {
  if (finding === undefined) return line(`  ! ${id}`, { dim: true });
  const { severity, rule, text, waiver } = finding;
  const style: Style = waiver === null ? { color: FINDING_COLORS[severity], bold: true } : { dim: true };
  return [
    span(`  ! ${waiver === null ? severity : 'waived'} `, style),
    span(`${rule}: `, { bold: waiver === null }),
    span(text),
    span(` ${id}`, { dim: true }),
  ];
}

const FINDING_COLORS = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

function pairLine({ left, right }: Extract<DiffRow, { kind: 'pair' }>, width: number, shift: number): Line {
  const half = Math.floor((width - 3) / 2);
  const side = (one: typeof left): Line =>
    one === null ? [] : shifted(line(`${MARKS[one.kind]}${one.text}`, LINE_STYLES[one.kind]), shift);
  return [...fitted(side(left), half), span(' │ ', { dim: true }), ...fitted(side(right), half)];
}

function commentLine(comment: Comment | undefined, id: string): Line {
  if (comment === undefined) return line(`  ┌ ${id}`);
  const { author, replies } = comment;
  const words = [
    stateWords(comment),
    weightWords(comment),
    ...(replies.length === 0 ? [] : [`${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`]),
  ].filter((one) => one !== '');
  const style: Style = isOwed(comment)
    ? { color: comment.weight === 'blocking' ? 'red' : 'yellow', bold: true }
    : { dim: true };
  return [
    span(`  ┌ ${nameOf(author)} `, { bold: true }),
    span(words.join(', '), style),
    span(` ${id}`, { dim: true }),
  ];
}
