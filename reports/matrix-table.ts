// SPDX-License-Identifier: MIT
/** A matrix as a terminal shows it: the table, what did not pass, and where its records are. */
import { formatDuration } from '../core/duration.ts';
import { printable } from '../core/escape.ts';
import type { MatrixCell, MatrixFailure, MatrixRecord } from '../core/matrix.ts';
import type { Direction } from '../core/run.ts';
import { displayWidth, formatTable } from '../core/table.ts';
import { paragraph } from './layout.ts';
import { cellName, columnName, directionWords, matrixCounts, rowName } from './matrix-words.ts';
import { STATUS_WORD } from './words.ts';

const GAP = '  ';

export interface MatrixTableOptions {
  /** Columns to fit in; no limit without it. */
  width?: number;
}

export function formatMatrix(record: MatrixRecord, { width }: MatrixTableOptions = {}): string {
  const parts = [grid(record, width), subjects(record), ...troubled(record, width), summary(record, width)];
  return parts.filter((part) => part !== '').join('\n');
}

/** The directions of all columns side by side where they fit, else a line for each column. */
function grid(record: MatrixRecord, width = Number.POSITIVE_INFINITY): string {
  const wide = sideBySide(record);
  const lines = wide.split('\n').map((line) => displayWidth(line));
  return Math.max(...lines) <= width ? wide : lineForEach(record);
}

function cellAt({ cells }: MatrixRecord, row: number, column: number): MatrixCell | undefined {
  return cells.find((cell) => cell.row === row && cell.column === column);
}

/** What a cell says of each direction; `-` where it was not run. */
function wordsAt(record: MatrixRecord, row: number, column: number): string[] {
  const cell = cellAt(record, row, column);
  return record.directions.map((direction) => {
    const one = cell?.directions.find((told) => told.direction === direction);
    return cell === undefined || one === undefined ? '-' : directionWords(cell, one);
  });
}

function sideBySide(record: MatrixRecord): string {
  const { rows, columns, directions } = record;
  const names = columns.map((column) => printable(columnName(column, columns)));
  const labels = rows.map(rowName);
  const left = Math.max(...labels.map(displayWidth));
  const words = rows.map((_, row) => columns.map((__, column) => wordsAt(record, row, column)));
  const widths = columns.map((_, column) => {
    const own = directions.map((direction, at) =>
      Math.max(displayWidth(direction), ...words.map((row) => displayWidth(row[column]?.[at] ?? ''))),
    );
    // The name of a column has to fit above its directions.
    const short =
      displayWidth(names[column] ?? '') - own.reduce((sum, one) => sum + one + GAP.length, -GAP.length);
    const last = own.length - 1;
    return own.map((one, at) => (at === last && short > 0 ? one + short : one));
  });
  const line = (label: string, cells: readonly (readonly string[])[]): string => {
    const text = cells.map((group, column) =>
      group.map((cell, at) => pad(cell, widths[column]?.[at] ?? 0)).join(GAP),
    );
    return `${pad(label, left)}${GAP}${text.join(`${GAP}${GAP}`)}`.trimEnd();
  };
  const wholes = widths.map((own) => own.reduce((sum, one) => sum + one + GAP.length, -GAP.length));
  const head = names.map((name, column) => pad(name, wholes[column] ?? 0)).join(`${GAP}${GAP}`);
  const lines = [
    ...(columns.length === 1 ? [] : [`${pad('', left)}${GAP}${head}`.trimEnd()]),
    line(
      '',
      columns.map(() => directions),
    ),
    ...labels.map((label, row) => line(label, words[row] ?? [])),
  ];
  return `${lines.join('\n')}\n`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

function lineForEach(record: MatrixRecord): string {
  const { rows, columns, directions } = record;
  const body = rows.flatMap((row, at) =>
    columns.map((column, place) => [
      place === 0 ? rowName(row) : '',
      printable(columnName(column, columns)),
      ...wordsAt(record, at, place),
    ]),
  );
  return formatTable([{ title: '' }, { title: '' }, ...directions.map((title) => ({ title }))], body);
}

/** Which patch the number of a row is. */
function subjects({ rows }: MatrixRecord): string {
  const named = rows.filter(({ subject }) => subject !== null);
  return named.map((row) => `${rowName(row)}  ${printable(row.subject ?? '')}\n`).join('');
}

/** What did not pass, cell by cell. */
function troubled(record: MatrixRecord, width?: number): string[] {
  return record.cells
    .filter((cell) => cell.verdict !== 'pass')
    .toSorted((a, b) => a.row - b.row || a.column - b.column)
    .map((cell) => formatMatrixCell(record, cell, width));
}

/** What did not pass of a cell, and why; what it came to where all did. */
export function formatMatrixCell(record: MatrixRecord, cell: MatrixCell, width?: number): string {
  const { error } = cell;
  const told = error === null ? merged(cell) : [{ label: 'error', text: `${error.code}: ${error.message}` }];
  const unrun = cell.directions
    .filter(({ counts }) => (counts['not-run'] ?? 0) > 0)
    .map(({ direction, counts }) => `${counts['not-run']} in ${direction}`);
  const missing = unrun.length === 0 ? [] : [{ label: 'not run', text: unrun.join(', ') }];
  const all = [...told, ...missing, ...cell.splats.map((text) => ({ label: 'SPLAT', text }))];
  const lines = [
    `${printable(cellName(record, cell))}: ${printable(cell.run)}`,
    ...all.map(({ label, text }) => paragraph(`  ${label.padEnd(7)}  `, text, width)),
    // A verdict that no case and no console explains.
    ...(all.length === 0 ? [paragraph('  ', cell.why, width)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** A case that fails in several directions for one reason is told once. */
function merged({ directions }: MatrixCell): { label: string; text: string }[] {
  const groups = new Map<string, { failure: MatrixFailure; seen: Direction[] }>();
  for (const { direction, failures } of directions) {
    for (const failure of failures) {
      const key = JSON.stringify([failure.program, failure.name, failure.status, failure.reason]);
      const group = groups.get(key) ?? { failure, seen: [] };
      group.seen.push(direction);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ failure: { program, name, status, reason }, seen }) => ({
    label: STATUS_WORD[status],
    text: `${program} “${name}” ${seen.join(', ')}: ${reason ?? 'no reason given'}`,
  }));
}

function summary(record: MatrixRecord, width?: number): string {
  const { series, columns, machine, error, id, rows } = record;
  const one = <T>(values: readonly T[]): T | undefined =>
    new Set(values).size === 1 ? values[0] : undefined;
  const tree = one(columns.map(({ tree }) => tree));
  const versions = [...new Set(rows.map(({ version }) => version))].join(', ');
  const ms = Date.parse(record.ended) - Date.parse(record.started);
  const lines: [string, string][] = [
    ['matrix', `${series.name} ${versions}${tree === undefined ? '' : ` on ${tree}`}, ${id}`],
    ...(machine === null
      ? []
      : ([
          [
            'machine',
            `${machine.mode}, QEMU ${machine.qemu}, ${machine.hostCpus}+${machine.guestCpus} vcpus`,
          ],
        ] as [string, string][])),
    ['result', `${matrixCounts(record)}, in ${formatDuration(Math.max(0, ms))}`],
    ...(error === null ? [] : ([['ended', `before its end: ${error.message}`]] as [string, string][])),
  ];
  return `${lines.map(([label, text]) => paragraph(label.padEnd(9), text, width)).join('\n')}\n`;
}

interface Listed {
  id: string;
  state: string;
  record: MatrixRecord | null;
  trouble: string | null;
}

/** A line for each record. */
export function formatMatrixList(records: readonly Listed[]): string {
  if (records.length === 0) return 'no matrix yet: respin matrix SERIES runs one\n';
  const rows = records.map(({ id, state, record, trouble }) => {
    if (record === null) return [id, '', `${state}: ${trouble ?? ''}`];
    const cut = record.error === null ? '' : `; ended early: ${record.error.message}`;
    const names = record.rows.map(rowName);
    const which = names.length > 4 ? `${names[0]} … ${names.at(-1)}` : names.join(', ');
    return [id, which, `${matrixCounts(record)}${cut}`];
  });
  const cells = rows.map((row) => row.map((cell) => printable(cell)));
  return formatTable([{ title: 'record' }, { title: 'of' }, { title: 'result' }], cells);
}
