// SPDX-License-Identifier: MIT
/** What a version claims of its speed, beside what a record of `respin perf` says of it. */
import type { MeasuredClaim } from '../core/measured-claims.ts';
import type { PerfChange, PerfRecord } from '../core/perf.ts';
import type { PerformanceClaim, ReviewVersion } from '../core/review.ts';
import { type Column, displayWidth, formatTable, truncate } from '../core/table.ts';
import { oneLine, paint, paragraph, type TextOptions } from './layout.ts';
import { claimed, performanceText } from './review-claims.ts';
import { plural, seriesName, treeName } from './words.ts';

const COLUMNS: Column[] = [
  { title: '  claim' },
  { title: 'claimed', align: 'right' },
  { title: 'measured (95 % interval)' },
  { title: 'verdict' },
];
const SHORTEST_NAME = 12;
const LONGEST_NAME = 60;

/**
 * The claims of a version as they are read, and what a record says of them.
 * @param shown undefined when the series has no version
 */
export function formatClaims(
  shown: ReviewVersion | undefined,
  against: { record: PerfRecord; claims: readonly MeasuredClaim[] } | null,
  { width, color }: TextOptions = {},
): string {
  if (shown === undefined) return 'no version of this series is there\n';
  const version = oneLine(shown.version);
  if (shown.performance.length === 0) return `${version} claims no performance\n`;
  const { bold } = paint(color);
  const several = shown.patches.length > 1;
  const claimed = performanceText(shown.performance, several, width);
  const parts = [`${bold(`performance, as ${version} claims it`)}\n${claimed}`];
  if (against !== null) {
    const measured = measuredText(against.claims, against.record, several, width);
    parts.push(`${bold('performance, as measured')}\n${measured}`);
  }
  return parts.join('\n');
}

/** The table, why a claim is not in the record, and what both sides were measured with. */
function measuredText(
  claims: readonly MeasuredClaim[],
  record: PerfRecord,
  several: boolean,
  width?: number,
): string {
  const rows = claims.map((one) => [
    claimed(one.claimed),
    one.measured === null ? '-' : changeText(one.measured.change),
    one.verdict,
  ]);
  const others = COLUMNS.slice(1).map(({ title }, at) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  );
  const left = (width ?? LONGEST_NAME) - others.reduce((sum, one) => sum + one + 2, 0) - 2;
  const room = width === undefined ? LONGEST_NAME : Math.min(LONGEST_NAME, Math.max(SHORTEST_NAME, left));
  const table = formatTable(
    COLUMNS,
    claims.map(({ claim }, at) => [`  ${truncate(nameOf(claim), room)}`, ...(rows[at] ?? [])]),
  );
  const lines = claims.flatMap(({ claim, why }) => {
    const where = several ? ` in ${claim.patch === 0 ? 'the cover letter' : `patch ${claim.patch}`}` : '';
    return why === null ? [] : [paragraph('  not measured: ', `${nameOf(claim)}${where}: ${why}`, width)];
  });
  const said = saidWith(claims.map(({ claim }) => claim));
  if (said !== '') lines.push(paragraph('  claimed:  ', said, width));
  lines.push(paragraph('  measured: ', measuredWith(claims, record), width));
  return `${table}${lines.map((line) => `${line}\n`).join('')}`;
}

/** The same for a script; samples stay in the record. */
export function measuredJson({ claim, claimed, verdict, measured, why }: MeasuredClaim): object {
  if (measured === null) return { ...claim, claimed, verdict, measured, why };
  const { of, change, interval, p, noise, real } = measured.change;
  return {
    ...claim,
    claimed,
    verdict,
    measured: { test: measured.test, of, change, interval, p, noise, real },
    why,
  };
}

/** What of a record is named beside every verdict. */
export function recordJson({ id, started, series, tree, machine, program, runs }: PerfRecord): object {
  const of = series === null ? null : { name: series.name, version: series.version };
  const { mode = null, clock = null } = machine ?? {};
  return { id, started, series: of, tree, mode, clock, program, runs };
}

function nameOf({ test, direction }: PerformanceClaim): string {
  return (
    [test, direction ?? '']
      .filter((part) => part !== '')
      .map(oneLine)
      .join(', ') || 'without a name'
  );
}

/** `+3.0% (+2.5 to +3.5)`; `~` where no change is measurable. */
function changeText({ change, interval: [low, high], real, of }: PerfChange): string {
  const percentile = of === 'throughput' ? '' : `${of} `;
  return `${percentile}${real ? `${signed(change)}%` : '~'} (${signed(low)} to ${signed(high)})`;
}

/** One digit behind the point. */
function signed(value: number): string {
  const text = value.toFixed(1);
  return `${Number(text) > 0 ? '+' : ''}${text.replace(/^-(?=[0.]+$)/, '')}`;
}

function saidWith(claims: readonly PerformanceClaim[]): string {
  const all = new Set([
    ...claims.flatMap(({ setup }) => setup ?? []),
    ...claims.flatMap(({ base }) => (base === null ? [] : `before is commit ${base}`)),
  ]);
  return [...all].join('; ');
}

/** The clock is named with what it does not count: its per cents are not those of a stopwatch. */
function measuredWith(claims: readonly MeasuredClaim[], record: PerfRecord): string {
  const { machine, program, runs, tree, error } = record;
  const clock = machine?.clock === 'wall' ? 'wall clock' : 'instruction clock (not seconds)';
  const tests = claims.flatMap(({ measured }) => measured?.test ?? []);
  const types = [...new Set(tests.map(({ type }) => type))];
  return [
    machine === null ? 'unknown machine' : `${clock}, ${machine.mode}`,
    tree.subject === null ? treeName(record) : `${treeName(record)} at ${tree.commit.slice(0, 12)}`,
    plural(runs, 'run'),
    [program.name, ...threadsOf(tests.map(({ threads }) => threads)), ...types].join(', '),
    seriesName(record),
    ...(error === null ? [] : [`it ended early: ${error.code}`]),
  ].join('; ');
}

function threadsOf(threads: readonly number[]): string[] {
  if (threads.length === 0) return [];
  const [least, most] = [Math.min(...threads), Math.max(...threads)];
  return [least === most ? plural(least, 'thread') : `${least} to ${most} threads`];
}
