// SPDX-License-Identifier: MIT
/** What changed between two versions of a hunk or of a message: a diff of diffs, as git range-diff prints it. */
import type { Hunk } from '../../core/series.ts';
import { lineDiff } from './line-diff.ts';
import { lineWeight } from './line-likeness.ts';

/**
 * same: line for line, wherever in the file. context: the same lines are added and removed at the
 * same place, only what stands around them is another. changed: anything more. added, dropped: one
 * version has nothing of it.
 */
export type InterdiffKind = 'same' | 'context' | 'changed' | 'added' | 'dropped';

export interface InterdiffLine {
  mark: ' ' | '-' | '+';
  /** Of a hunk with its own column: `+`, `-`, ` `, or `\` for the words on a missing newline. */
  text: string;
  /** Index into the hunk's lines, or the message's; null on the side that does not have the line. */
  before: number | null;
  after: number | null;
}

export interface Interdiff {
  kind: InterdiffKind;
  /** All lines of both, the unchanged ones too. */
  lines: InterdiffLine[];
}

interface Item {
  text: string;
  index: number;
}

const COLUMN = { context: ' ', add: '+', del: '-' } as const;

/**
 * Line numbers and the heading are not compared. Two hunks that both are null are the same.
 * A change that moved past a line of its context, or to a place with none of its context, is changed.
 */
export function interdiffOfHunks(before: Hunk | null, after: Hunk | null): Interdiff {
  const a = before === null ? [] : itemsOf(before);
  const b = after === null ? [] : itemsOf(after);
  if (before === null || after === null) return { kind: oneSided(before, after), lines: compare(a, b) };
  const changesA = a.filter(isChange);
  const changesB = b.filter(isChange);
  const alike =
    changesA.length === changesB.length && changesA.every(({ text }, at) => text === changesB[at]?.text);
  if (!alike) return { kind: 'changed', lines: compare(a, b) };
  // What is added and removed stays: only the context between can differ, so that is compared alone.
  const gapsA = gapsOf(a);
  const gapsB = gapsOf(b);
  const gaps = gapsA.map((gap, at) => compare(gap, gapsB[at] ?? []));
  if (gaps.flat().every(({ mark }) => mark !== ' ') || movedPast(gaps)) {
    const lines = compare(a, b);
    return { kind: lines.every(({ mark }) => mark === ' ') ? 'same' : 'changed', lines };
  }
  const lines = gaps.flatMap((gap, at) => {
    const [one, other] = [changesA[at], changesB[at]];
    if (one === undefined || other === undefined) return gap;
    return [...gap, { mark: ' ' as const, text: one.text, before: one.index, after: other.index }];
  });
  if (lines.every(({ mark }) => mark === ' ')) return { kind: 'same', lines };
  return { kind: elsewhere(gaps) ? 'changed' : 'context', lines };
}

/**
 * Commit messages, notes or cover letters by lines, trailing white space aside; indices are 0-based.
 * The kind is never context; an empty text counts as none.
 */
export function interdiffOfMessages(before: string, after: string): Interdiff {
  const a = linesOf(before);
  const b = linesOf(after);
  const lines = compare(a, b);
  if (lines.every(({ mark }) => mark === ' ')) return { kind: 'same', lines };
  if (a.length > 0 && b.length > 0) return { kind: 'changed', lines };
  return { kind: a.length === 0 ? 'added' : 'dropped', lines };
}

function linesOf(text: string): Item[] {
  if (text.trim() === '') return [];
  const lines = text.split('\n').map((line, index) => ({ text: line.trimEnd(), index }));
  while (lines.at(-1)?.text === '') lines.pop();
  return lines;
}

function oneSided(before: Hunk | null, after: Hunk | null): InterdiffKind {
  if (before === null) return after === null ? 'same' : 'added';
  return 'dropped';
}

function itemsOf(hunk: Hunk): Item[] {
  return hunk.lines.flatMap((line, index) => {
    const item = { text: COLUMN[line.kind] + line.text, index };
    return line.noNewline ? [item, { text: '\\ No newline at end of file', index }] : [item];
  });
}

function isChange(item: Item): boolean {
  return !item.text.startsWith(' ');
}

function compare(a: readonly Item[], b: readonly Item[]): InterdiffLine[] {
  return lineDiff(
    a.map(({ text }) => text),
    b.map(({ text }) => text),
  ).map((step) => {
    const one = step.before === null ? undefined : a[step.before];
    const other = step.after === null ? undefined : b[step.after];
    return {
      mark: one === undefined ? '+' : other === undefined ? '-' : ' ',
      text: (one ?? other)?.text ?? '',
      before: one?.index ?? null,
      after: other?.index ?? null,
    };
  });
}

/** The context before each change, and behind the last one. */
function gapsOf(items: readonly Item[]): Item[][] {
  let gap: Item[] = [];
  const gaps = [gap];
  for (const item of items) {
    if (isChange(item)) {
      gap = [];
      gaps.push(gap);
    } else gap.push(item);
  }
  return gaps;
}

/** Whether a line that stood behind a change now stands before it, or the other way round. */
function movedPast(gaps: readonly InterdiffLine[][]): boolean {
  const filled = gaps.filter((gap) => gap.length > 0);
  return filled.some((left, at) => {
    const right = filled[at + 1];
    if (right === undefined) return false;
    const end = left.slice(left.findLastIndex(({ mark }) => mark === ' ') + 1);
    const stays = right.findIndex(({ mark }) => mark === ' ');
    const start = stays < 0 ? right : right.slice(0, stays);
    const crossing = new Set(end.map(({ mark, text }) => mark + text));
    return start.some(({ mark, text }) => crossing.has((mark === '-' ? '+' : '-') + text));
  });
}

/** Whether both versions have telling context and nothing of it is the same. */
function elsewhere(gaps: readonly InterdiffLine[][]): boolean {
  const telling = gaps.flat().filter(({ text }) => lineWeight(text) > 0.3);
  const marks = new Set(telling.map(({ mark }) => mark));
  return marks.has('-') && marks.has('+') && !marks.has(' ');
}
