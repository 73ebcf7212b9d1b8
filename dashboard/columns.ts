// SPDX-License-Identifier: MIT
/** A table whose less important columns give way when the terminal is narrow. */
import { displayWidth } from '../core/table.ts';
import { fitted, type Line, type Span, span } from './text.ts';

export interface ColumnOf<T> {
  title: string;
  cell(row: T): Span;
  /** The highest gives way first; 0 always stays. */
  gives: number;
  align?: 'right';
  /** It takes what the others leave, and no more than it needs. */
  grows?: true;
}

export interface Columns<T> {
  head: Line;
  line(row: T): Line;
}

const GAP = 2;
/** A column that grows is not shown in less. */
const NARROWEST = 16;

export function columnsFor<T>(
  columns: readonly ColumnOf<T>[],
  rows: readonly T[],
  width: number,
): Columns<T> {
  const needs = new Map(
    columns.map((column) => [
      column,
      rows.reduce(
        (most, row) => Math.max(most, displayWidth(column.cell(row).text)),
        displayWidth(column.title),
      ),
    ]),
  );
  const need = (column: ColumnOf<T>): number => needs.get(column) ?? 0;
  let shown = [...columns];
  const least = (): number =>
    shown.reduce((sum, one) => sum + GAP + (one.grows ? Math.min(NARROWEST, need(one)) : need(one)), -GAP);
  while (least() > width && shown.some(({ gives }) => gives > 0)) {
    const first = shown.reduce((most, one) => (one.gives > most.gives ? one : most));
    shown = shown.filter((one) => one !== first);
  }
  const fixed = shown.reduce((sum, one) => sum + GAP + (one.grows ? 0 : need(one)), -GAP);
  const growing = shown.filter(({ grows }) => grows).length;
  const room = growing === 0 ? 0 : Math.floor(Math.max(0, width - fixed) / growing);
  const cells = (of: (column: ColumnOf<T>) => Span): Line =>
    shown.flatMap((column, at) => {
      const wide = column.grows ? Math.min(need(column), room) : need(column);
      const one = of(column);
      const gap = at === 0 ? [] : [{ text: ' '.repeat(GAP) }];
      const before = column.align === 'right' ? ' '.repeat(Math.max(0, wide - displayWidth(one.text))) : '';
      return [...gap, ...fitted([{ ...one, text: before + one.text }], wide)];
    });
  return {
    head: cells(({ title }) => span(title, { dim: true })),
    line: (row) => cells(({ cell }) => cell(row)),
  };
}
