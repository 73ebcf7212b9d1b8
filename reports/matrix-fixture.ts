// SPDX-License-Identifier: MIT
/** A matrix as `respin matrix` makes one, for tests. */
import { MATRIX_SCHEMA, type MatrixCell, type MatrixColumn, type MatrixRecord } from '../core/matrix.ts';
import { DIRECTIONS, type Direction, type VerdictKind } from '../core/run.ts';

const FAST = { host: 'fast', guest: 'fast' };

export function column(host: 'base' | 'patched', guest: 'base' | 'patched'): MatrixColumn {
  return { tree: 'debian:linux-source-6.12', profiles: FAST, variants: { host, guest } };
}

export const SIZES = 'SOCK_STREAM/SOCK_SEQPACKET rx buffer sizes';

/** A cell in which `sizes` fails in these directions. */
export function cell(row: number, column: number, failing: readonly Direction[] = []): MatrixCell {
  const verdict: VerdictKind = failing.length > 0 ? 'fail' : 'pass';
  return {
    ...{ row, column, run: `20261127-00000${row}-demo-000${column}`, known: false, verdict, ms: 27_000 },
    why: verdict === 'pass' ? '93 cases passed' : `${SIZES} failed`,
    error: null,
    directions: DIRECTIONS.map((direction) =>
      failing.includes(direction)
        ? {
            ...{ direction, verdict: 'fail', counts: { pass: 30, fail: 1 } },
            failures: [
              { program: 'vsock_test', name: SIZES, status: 'fail', reason: 'host: recv timed out' },
            ],
          }
        : { direction, verdict: 'pass', counts: { pass: 31 }, failures: [] },
    ),
    splats: failing.length > 0 ? ['guest: kernel BUG at net/core/skbuff.c:206!'] : [],
  };
}

export function matrixRecord(more: Partial<MatrixRecord> = {}): MatrixRecord {
  const row = (version: string) => ({ version, patches: 4, of: 4, subject: null });
  return {
    ...{ schema: MATRIX_SCHEMA, id: '20261127-000000-demo-0000', respin: '0.1.0', argv: ['matrix'], exit: 1 },
    ...{ started: '2026-11-27T00:00:00.000Z', ended: '2026-11-27T00:01:30.000Z' },
    series: { name: 'demo', title: 'demo: do it' },
    rows: [row('v1'), row('v2')],
    columns: [column('patched', 'patched')],
    directions: [...DIRECTIONS],
    probes: false,
    machine: {
      ...{ mode: 'tcg+svm', reason: '', qemu: '10.0.2', hostCpus: 2, guestCpus: 1, cpus: 2 },
      ...{ timeScale: 8, stepTimeout: 20 },
    },
    cells: [cell(0, 0), cell(1, 0, ['h2g'])],
    error: null,
    ...more,
  };
}
