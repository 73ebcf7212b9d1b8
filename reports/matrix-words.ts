// SPDX-License-Identifier: MIT
/** How the rows, columns and cells of a matrix are called. */
import type { MatrixCell, MatrixColumn, MatrixDirection, MatrixRecord, MatrixRow } from '../core/matrix.ts';
import type { VerdictKind } from '../core/run.ts';
import { plural } from './words.ts';

/** Codes of a series that is not there as kernels. */
const NOT_APPLIED = ['PATCH_DOES_NOT_APPLY', 'ALREADY_APPLIED', 'WRONG_TREE'];

export const VERDICT_WORD: Record<VerdictKind, string> = {
  pass: 'pass',
  fail: 'FAIL',
  flaky: 'flaky',
  unknown: 'unknown',
};

/** Rows and columns, whatever is in the cells. */
interface MatrixShape {
  rows: readonly MatrixRow[];
  columns: readonly MatrixColumn[];
}

/** `v2`; `v2 3/4` for the first three of its patches. */
export function rowName({ version, patches, of }: Pick<MatrixRow, 'version' | 'patches' | 'of'>): string {
  return patches === of ? version : `${version} ${patches}/${of}`;
}

/** What sets a column apart from the others: tree, whose kernels, which kernels. Empty where there is one. */
export function columnName(column: MatrixColumn, columns: readonly MatrixColumn[]): string {
  const differs = (of: (one: MatrixColumn) => string): boolean => new Set(columns.map(of)).size > 1;
  return [
    ...(differs(({ tree }) => tree) ? [column.tree] : []),
    ...(differs(profileName) ? [profileName(column)] : []),
    ...(differs(machinesName) ? [machinesName(column)] : []),
  ].join(', ');
}

/** `fast`, `debug host`, `debug` */
function profileName({ profiles: { host, guest } }: MatrixColumn): string {
  if (host === guest) return host;
  return host === 'fast' ? `${guest} guest` : guest === 'fast' ? `${host} host` : `${host},${guest}`;
}

/** `base host, patched guest` */
function machinesName({ variants: { host, guest } }: MatrixColumn): string {
  return `${host} host, ${guest} guest`;
}

/** Row and column of a cell in words: `v3, base host, patched guest`. */
export function cellName(
  { rows, columns }: MatrixShape,
  { row, column }: Pick<MatrixCell, 'row' | 'column'>,
): string {
  const [one, other] = [rows[row], columns[column]];
  if (one === undefined || other === undefined) return '';
  const name = columnName(other, columns);
  return `${rowName(one)}${name === '' ? '' : `, ${name}`}`;
}

/** `pass 31`, `FAIL 1 of 31`, `no build`; what a console alone told is `FAIL splat`. */
export function directionWords(cell: MatrixCell, { verdict, counts }: MatrixDirection): string {
  const { error } = cell;
  if (error !== null && verdict === null) {
    if (cell.verdict !== 'fail') return 'unknown';
    return NOT_APPLIED.includes(error.code) ? 'no apply' : 'no build';
  }
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (isWhereItFailed(cell, verdict)) return cell.splats.length > 0 ? 'FAIL splat' : 'FAIL';
  const bad = worse(cell, verdict);
  if (bad !== null) return `${VERDICT_WORD[bad]}${cell.splats.length > 0 ? ' splat' : ''}`;
  if (verdict === null) return '-';
  if (verdict === 'pass') return `pass ${counts.pass ?? 0}`;
  // What did not run has no result either; where a case failed that is told below.
  const none = verdict === 'unknown' ? (counts['not-run'] ?? 0) : 0;
  return `${VERDICT_WORD[verdict]} ${(counts[verdict] ?? 0) + none} of ${all}`;
}

/** A machine died there, and that is what the run failed of. */
export function isWhereItFailed(cell: MatrixCell, own: MatrixDirection['verdict']): boolean {
  return (
    cell.verdict === 'fail' && own === 'unknown' && !cell.directions.some(({ verdict }) => verdict === 'fail')
  );
}

/** The verdict of the run, where that is worse than what any of its cases says. */
function worse({ verdict, directions }: MatrixCell, own: MatrixDirection['verdict']): VerdictKind | null {
  if (verdict !== 'fail' && verdict !== 'unknown') return null;
  const told = directions.some((one) => one.verdict === 'fail' || one.verdict === 'unknown');
  return told || own === 'fail' || own === 'unknown' ? null : verdict;
}

/** A cell on a line: `g2h pass 31  h2g FAIL 1 of 31  loopback pass 31`. */
export function cellLine(cell: MatrixCell): string {
  return cell.directions.map((one) => `${one.direction} ${directionWords(cell, one)}`).join('  ');
}

/** `4 runs: 1 FAIL, 3 pass; 2 of them from before` */
export function matrixCounts({ cells, rows, columns }: MatrixShape & Pick<MatrixRecord, 'cells'>): string {
  const kinds: readonly VerdictKind[] = ['fail', 'unknown', 'flaky', 'pass'];
  const counts = kinds
    .map((kind) => [kind, cells.filter(({ verdict }) => verdict === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${VERDICT_WORD[kind]}`);
  const missing = rows.length * columns.length - cells.length;
  const all = [...counts, ...(missing === 0 ? [] : [`${missing} not run`])].join(', ');
  const known = cells.filter((one) => one.known).length;
  const before = known === 0 ? '' : `; ${known === cells.length ? 'all' : known} from earlier records`;
  return `${plural(rows.length * columns.length, 'run')}: ${all}${before}`;
}
