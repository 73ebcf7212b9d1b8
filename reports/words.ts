// SPDX-License-Identifier: MIT
/** Words the reports share. */
import type { CaseStatus, RunRecord } from '../core/run.ts';

/** What a status is called where people read it; a failure stands out without colour. */
export const STATUS_WORD: Record<CaseStatus, string> = {
  pass: 'pass',
  fail: 'FAIL',
  xfail: 'xfail',
  skip: 'skip',
  'not-run': 'not run',
  flaky: 'flaky',
  unknown: 'unknown',
};

/** `vsock-rx-buffers v1`; `vsock-rx-buffers v1 2/4` with the first two of its patches; `base` without a series. */
export function seriesName({ series }: Pick<RunRecord, 'series'>): string {
  return series === null ? 'base' : `${series.name} ${stepName(series)}`;
}

/** `v1`; `v1 2/4` with the first two of its patches. */
function stepName({ version, patches, of }: NonNullable<RunRecord['series']>): string {
  return of === undefined ? version : `${version} ${patches.length}/${of}`;
}

/** `v1`, `v1 2/4`, `base`; with a machine that has the base's kernel: `v1, base host`. */
export function versionName({ series, variants }: Pick<RunRecord, 'series' | 'variants'>): string {
  if (series === null) return 'base';
  const base = (['host', 'guest'] as const).filter((machine) => variants[machine] === 'base');
  return `${stepName(series)}${base.length === 0 ? '' : `, base ${base.join(' and ')}`}`;
}

/** `debian:linux-source-6.12 (6.12.117)` */
export function treeName(record: { tree: Pick<RunRecord['tree'], 'source' | 'version'> }): string {
  const { source, version } = record.tree;
  // Not known where the tree could not be had.
  return version === '' ? source : `${source} (${version})`;
}

/** `only vsock_test:3 20x: `; nothing for a run of everything. */
export function partWords({ part }: Pick<RunRecord, 'part'>): string {
  if (part === undefined) return '';
  return `only ${part.cases.join(', ')}${part.times === 1 ? '' : ` ${part.times}x`}: `;
}

/** `1 case`, `2 cases`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Milliseconds between `started` and `ended`; null when a date cannot be read. */
export function tookMs(record: Pick<RunRecord, 'started' | 'ended'>): number | null {
  const ms = Date.parse(record.ended) - Date.parse(record.started);
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

const WORST_FIRST: readonly CaseStatus[] = ['fail', 'unknown', 'flaky', 'xfail', 'pass', 'skip', 'not-run'];

/** How many cases of a run have each status; what needs a look comes first. */
export function countStatuses(record: Pick<RunRecord, 'suites'>): [CaseStatus, number][] {
  const all = record.suites.flatMap((suite) => suite.cases);
  return WORST_FIRST.map((status): [CaseStatus, number] => [
    status,
    all.filter((one) => one.status === status).length,
  ]).filter(([, count]) => count > 0);
}
