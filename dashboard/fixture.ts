// SPDX-License-Identifier: MIT
/** A dashboard without a disk, for tests: what is to be done outside is kept, and what comes of it the test says. */
import type { Comment, Review } from '../core/review.ts';
import type { FileDiff } from '../core/series.ts';
import {
  anchorAt,
  commentOf,
  FILE,
  fileOf,
  HUNK,
  patchOf,
  reviewOf,
  versionOf,
} from '../reports/review-fixture.ts';
import { frameOf, frameRows } from './frame.ts';
import { type SeriesFacts, type SeriesRow, type Size, type State, startState } from './model.ts';
import { type DiffRows, patchRows } from './rows/diff-rows.ts';
import type { Effect, Message } from './step.ts';
import { textOf } from './text.ts';
import { update } from './update.ts';

export const FACTS: SeriesFacts = {
  ...{
    version: 'v2',
    versions: 2,
    patches: 1,
    open: 2,
    blocking: 0,
    reviewed: '0 of 1',
    run: null,
    checks: null,
  },
  ...{ perf: '', date: '2026-11-20', trouble: null },
};

export function rowOf(name: string, facts: Partial<SeriesFacts> | null = {}): SeriesRow {
  const known = facts === null ? null : { ...FACTS, ...facts };
  return { name, title: `the title of ${name}`, folder: `/patches/${name}`, facts: known };
}

/** Two comments in its second version: on lines 12 and 13. */
export function twoComments(): Comment[] {
  return [
    commentOf('c1111111'),
    commentOf('c2222222', { anchor: anchorAt({ line: 13 }), text: 'And this leaks.\nDoes it not?' }),
  ];
}

export function reviewWith(comments: Comment[] = twoComments()): Review {
  const patches = () => [patchOf({ files: [fileOf()] })];
  return reviewOf(
    [versionOf('v1', { patches: patches() }), versionOf('v2', { patches: patches() })],
    comments,
  );
}

export function fileDiff(): FileDiff {
  const text = ['{', 'int b;', 'int c;', '}'];
  return {
    ...{ oldPath: FILE, newPath: FILE, change: 'modified', binary: false },
    hunks: [
      {
        ...{ header: HUNK, heading: '', oldStart: 10, oldCount: 3, newStart: 11, newCount: 4 },
        lines: [
          { kind: 'context', text: text[0] ?? '', oldLine: 10, newLine: 11 },
          { kind: 'del', text: 'int a;', oldLine: 11, newLine: null },
          { kind: 'add', text: text[1] ?? '', oldLine: null, newLine: 12 },
          { kind: 'add', text: text[2] ?? '', oldLine: null, newLine: 13 },
          { kind: 'context', text: text[3] ?? '', oldLine: 12, newLine: 14 },
        ],
      },
    ],
  };
}

export function diffRows(comments: readonly Comment[] = twoComments()): DiffRows {
  const patch = {
    title: 'v2 1/1 use the helper',
    message: ['Use it.'],
    notes: ['a note'],
    files: [fileDiff()],
  };
  return patchRows(patch, comments);
}

/** Keys are pressed, news comes, and the screen is read. */
export class Desk {
  state: State;
  /** What was asked for since the last look. */
  effects: Effect[] = [];

  constructor(size: Size = { columns: 100, rows: 30 }) {
    this.state = startState(size, '2026-11-26');
  }

  send(...messages: Message[]): this {
    for (const message of messages) {
      const [state, effects] = update(this.state, message);
      this.state = state;
      this.effects.push(...effects);
    }
    return this;
  }

  /** By name, `enter`, or one character each. */
  press(...keys: string[]): this {
    return this.send(...keys.map((key): Message => ({ type: 'key', key })));
  }

  type(text: string): this {
    return this.press(...[...text].map((char) => (char === ' ' ? 'space' : char)));
  }

  asked(): Effect[] {
    const { effects } = this;
    this.effects = [];
    return effects;
  }

  get rows(): string[] {
    return frameRows(frameOf(this.state)).map((row) => textOf(row).trimEnd());
  }

  get screen(): string {
    return this.rows.join('\n');
  }

  get footer(): string {
    return this.rows.at(-1) ?? '';
  }

  /** The series of the fixture, opened, with its review. */
  opened(review: Review = reviewWith()): this {
    const name = review.series;
    this.send(
      { type: 'series', series: { is: 'there', value: [rowOf(name)] } },
      { type: 'key', key: 'enter' },
    );
    this.send({ type: 'review', name, review: { is: 'there', value: review } });
    this.asked();
    return this;
  }

  /** And its first patch. */
  inPatch(rows: DiffRows = diffRows()): this {
    this.opened().press('enter');
    const wanted = this.state.open?.patch.wanted ?? null;
    if (wanted === null) throw new Error('no patch was asked for');
    this.send({ type: 'diff', wanted, rows: { is: 'there', value: rows } });
    this.asked();
    return this;
  }
}
