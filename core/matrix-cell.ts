// SPDX-License-Identifier: MIT
/** A run record → the cell it fills. */
import type { MatrixCell, MatrixDirection } from './matrix.ts';
import type { CaseResult, CaseStatus, Direction, RunRecord, VerdictKind } from './run.ts';
import { groupSplats } from './splat-groups.ts';

/** What is worth a line of its own. */
const TOLD: readonly CaseStatus[] = ['fail', 'unknown', 'flaky'];

export function cellOf(
  record: RunRecord,
  directions: readonly Direction[],
  { row, column, known }: Pick<MatrixCell, 'row' | 'column' | 'known'>,
): MatrixCell {
  const { id, verdict, why, error } = record;
  return {
    ...{ row, column, run: id, known, verdict, why },
    error: error === null ? null : { code: error.code, message: error.message },
    directions: directions.map((direction) => directionOf(record, direction)),
    splats: groupSplats(record.splats).map(({ first }) => `${first.machine}: ${first.title}`),
    ms: Math.max(0, Date.parse(record.ended) - Date.parse(record.started)),
  };
}

function directionOf({ suites }: RunRecord, direction: Direction): MatrixDirection {
  const own = suites.filter((suite) => suite.direction === direction);
  // What stands for a program as a whole is no case of it; that it passed in the end is what its cases say.
  const cases = own.flatMap((suite) => suite.cases).filter(({ id, status }) => id >= 0 || status !== 'pass');
  const counts: MatrixDirection['counts'] = {};
  for (const { status } of cases) counts[status] = (counts[status] ?? 0) + 1;
  const failures = own.flatMap(({ program, cases }) =>
    cases
      .filter(({ status }) => TOLD.includes(status))
      .map(({ name, status, reason }) => ({ program, name, status, reason })),
  );
  return { direction, verdict: verdictOf(cases), counts, failures };
}

/** The worst of its cases; null where none was run. */
function verdictOf(cases: readonly Pick<CaseResult, 'status'>[]): VerdictKind | null {
  const has = (status: CaseStatus): boolean => cases.some((one) => one.status === status);
  if (has('fail')) return 'fail';
  if (has('unknown')) return 'unknown';
  // The program ended before it, and no case says why.
  if (has('not-run')) return has('pass') || has('flaky') ? 'unknown' : null;
  if (has('flaky')) return 'flaky';
  return cases.length === 0 ? null : 'pass';
}
