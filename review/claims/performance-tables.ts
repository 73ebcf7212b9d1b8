// SPDX-License-Identifier: MIT
/** Tables with a column for before and one for after, drawn with bars or with blanks. */
import { readMeasure, unitOf } from './measures.ts';

export interface TableRow {
  test: string;
  before: string;
  after: string;
  /** The cell of the change; empty without one. */
  change: string;
  /** From the heading of the column or of the test; null when only the values can tell. */
  unit: string | null;
}

interface Columns {
  count: number;
  bars: boolean;
  before: number;
  after: number;
  change: number | null;
  unit: string | null;
  percent: boolean;
}

const BEFORE =
  /^(?:before|base ?line|base|old|unpatched|vanilla|stock|mainline|orig(?:inal)?|without|w\/o)(?!\w)/i;
const AFTER = /^(?:after|patched|new|with|w\/)(?![\w/])/i;
const CHANGE = /^(?:change|diff(?:erence)?|delta|Δ|%|gain|improvement|improv\.|speed-?up|impact)(?!\w)/i;
const WIDEST = 1000;

/**
 * Reads the table whose header stands at a line.
 * @returns its rows and the line behind it; null when no table begins there
 */
export function readTable(lines: readonly string[], at: number): { rows: TableRow[]; end: number } | null {
  const columns = columnsOf(lines[at] ?? '');
  if (columns === null) return null;
  const rows: TableRow[] = [];
  let end = at + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (line.length > WIDEST || line.trim() === '') break;
    if (/^[\s|+:=-]+$/.test(line)) continue;
    const row = rowOf(line, columns);
    if (row !== null) rows.push(row);
    else if (!columns.bars || !line.includes('|')) break;
  }
  return rows.length > 0 ? { rows, end } : null;
}

function columnsOf(line: string): Columns | null {
  if (
    line.length > WIDEST ||
    !/(?:before|base|old|unpatched|vanilla|stock|mainline|orig|w\/o|without)/i.test(line)
  )
    return null;
  const bars = line.includes('|');
  for (const cells of bars ? [barCells(line)] : [wideCells(line), line.trim().split(/\s+/)]) {
    const only = (pattern: RegExp): number | null => {
      const found = cells.flatMap((cell, index) => (cell.length <= 40 && pattern.test(cell) ? [index] : []));
      return found.length === 1 ? (found[0] ?? null) : null;
    };
    const [before, after, change] = [only(BEFORE), only(AFTER), only(CHANGE)];
    if (before === null || after === null || cells.length > 12) continue;
    return {
      count: cells.length,
      bars,
      before,
      after,
      change,
      unit: bracketedUnit(cells[before] ?? '') ?? bracketedUnit(cells[after] ?? ''),
      percent: change !== null && cells[change]?.includes('%') === true,
    };
  }
  return null;
}

function rowOf(line: string, columns: Columns): TableRow | null {
  const candidates = columns.bars ? [barCells(line)] : [wideCells(line), joinedCells(line)];
  for (const cells of candidates) {
    // The column of the tests may have no heading.
    const shift = cells.length - columns.count;
    if (shift !== 0 && (shift !== 1 || columns.bars)) continue;
    const before = cells[columns.before + shift] ?? '';
    const after = cells[columns.after + shift] ?? '';
    if (readMeasure(before) === null || readMeasure(after) === null) continue;
    const change = columns.change === null ? '' : (cells[columns.change + shift] ?? '');
    const used = [columns.before, columns.after, columns.change].map((index) => (index ?? -9) + shift);
    const test = cells
      .filter((_, index) => !used.includes(index))
      .join(' ')
      .trim();
    const percent = columns.percent && !change.includes('%') && /^[+−-]?\d[\d.]*$/.test(change);
    return {
      test,
      before,
      after,
      change: percent ? `${change}%` : change,
      unit: columns.unit ?? bracketedUnit(test),
    };
  }
  return null;
}

function barCells(line: string): string[] {
  const cells = line.split('|').map((cell) => cell.trim());
  if (cells[0] === '') cells.shift();
  if (cells.at(-1) === '') cells.pop();
  return cells;
}

/** Parted by two blanks or more, or tabs. */
function wideCells(line: string): string[] {
  return line.trim().split(/ {2,}|\t+ */);
}

/** Parted by one blank, with `21.63 Gb/s` as one cell. */
function joinedCells(line: string): string[] {
  const cells: string[] = [];
  for (const word of line.trim().split(/\s+/)) {
    const last = cells.at(-1);
    if (last !== undefined && /^[\d.,]+$/.test(last) && unitOf(word) !== null)
      cells[cells.length - 1] = `${last} ${word}`;
    else cells.push(word);
  }
  return cells;
}

/** `before (Gb/s)` */
function bracketedUnit(cell: string): string | null {
  const unit = /[([]([^()[\]]{1,24})[)\]]/.exec(cell)?.[1]?.trim();
  return unit !== undefined && unitOf(unit) !== null ? unit : null;
}
