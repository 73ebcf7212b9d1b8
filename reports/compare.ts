// SPDX-License-Identifier: MIT
/** Two run records → what changed between them. */
import { formatDuration } from '../core/duration.ts';
import { printable } from '../core/escape.ts';
import type { CaseResult, CaseStatus, Direction, RunRecord, Splat } from '../core/run.ts';
import { groupSplats } from '../core/splat-groups.ts';
import { formatTable } from '../core/table.ts';
import { partWords, plural, STATUS_WORD, seriesName, treeName } from './words.ts';

export interface CaseChange {
  program: string;
  direction: Direction;
  name: string;
  /** null: the run does not have the case. */
  before: CaseStatus | null;
  after: CaseStatus | null;
  reason: string | null;
}

export interface RunComparison {
  before: RunRecord;
  after: RunRecord;
  /** Runs in which no case ran: of these and the other there is nothing to compare but times. */
  untested: ('before' | 'after')[];
  /** Cases whose status differs, or that only one run has, where the other was asked for everything. */
  cases: CaseChange[];
  /** How many cases both runs have, with the same status. */
  unchanged: number;
  splatsGone: Splat[];
  splatsNew: Splat[];
  /** Stages both or one of them timed; milliseconds. */
  timings: { stage: string; before: number | null; after: number | null }[];
}

/** Compares by program, direction and case name; numbers move between versions. */
export function compareRuns(before: RunRecord, after: RunRecord): RunComparison {
  const untested = (['before', 'after'] as const).filter((which) => !isTested({ before, after }[which]));
  const old = untested.length > 0 ? new Map<string, Found>() : casesOf(before);
  const now = untested.length > 0 ? new Map<string, Found>() : casesOf(after);
  const cases: CaseChange[] = [];
  let unchanged = 0;
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const a = old.get(key);
    const b = now.get(key);
    const any = b ?? a;
    if (any === undefined) continue;
    if (a !== undefined && b !== undefined && a.result.status === b.result.status) {
      unchanged += 1;
      continue;
    }
    // What was not asked for is not gone.
    if ((a === undefined && before.part !== undefined) || (b === undefined && after.part !== undefined))
      continue;
    const { program, direction } = any;
    cases.push({
      program,
      direction,
      name: any.result.name,
      before: a?.result.status ?? null,
      after: b?.result.status ?? null,
      reason: (b ?? a)?.result.reason ?? null,
    });
  }
  const stages = new Set([...Object.keys(before.timings), ...Object.keys(after.timings)]);
  const timings = [...stages].map((stage) => ({
    stage,
    before: before.timings[stage] ?? null,
    after: after.timings[stage] ?? null,
  }));
  // What was not looked for is not gone.
  const splatsGone =
    untested.length > 0 || after.part !== undefined ? [] : missing(before.splats, after.splats);
  return {
    before,
    after,
    untested,
    cases,
    unchanged,
    splatsGone,
    splatsNew: before.part === undefined ? missing(after.splats, before.splats) : [],
    timings,
  };
}

function isTested({ suites }: RunRecord): boolean {
  return suites.some(({ cases }) => cases.some(({ attempts }) => attempts > 0));
}

interface Found {
  program: string;
  direction: Direction;
  result: CaseResult;
}

function casesOf(record: RunRecord): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const { program, direction, cases } of record.suites) {
    const seen = new Map<string, number>();
    for (const result of cases) {
      const nth = seen.get(result.name) ?? 0;
      seen.set(result.name, nth + 1);
      found.set([program, direction, result.name, nth].join('\0'), { program, direction, result });
    }
  }
  return found;
}

/** Splats of `from` whose like is not in `others`: same machine, kind and title. */
function missing(from: readonly Splat[], others: readonly Splat[]): Splat[] {
  const key = (one: Splat): string => [one.machine, one.kind, one.title].join('\0');
  const known = new Set(others.map(key));
  return groupSplats(from)
    .map((group) => group.first)
    .filter((one) => !known.has(key(one)));
}

/** The comparison as text for a terminal of `width` columns. */
export function formatComparison(comparison: RunComparison, width = 80): string {
  const { before, after } = comparison;
  const runs = formatTable(
    [{ title: '' }, { title: 'verdict' }, { title: 'series' }, { title: 'tree', wrap: true }],
    [before, after].map((record, i) => [
      i === 0 ? 'before' : 'after',
      record.verdict,
      printable(`${partWords(record)}${seriesName(record)}`),
      printable(treeName(record)),
    ]),
    { width },
  );
  const word = (status: CaseStatus | null): string => (status === null ? 'no such' : STATUS_WORD[status]);
  const changed = comparison.cases.map((one) => [
    printable(`${one.program} ${one.direction}`),
    printable(one.name),
    `${word(one.before)} -> ${word(one.after)}`,
  ]);
  const cases =
    changed.length === 0
      ? ''
      : formatTable([{ title: 'suite' }, { title: 'case', wrap: true }, { title: 'status' }], changed, {
          width,
        });
  const splats = [
    ...comparison.splatsNew.map((one) => `new splat   ${one.machine}: ${printable(one.title)}\n`),
    ...comparison.splatsGone.map((one) => `splat gone  ${one.machine}: ${printable(one.title)}\n`),
  ].join('');
  const timings = comparison.timings.map(({ stage, before: a, after: b }) => [
    printable(stage),
    a === null ? '-' : formatDuration(a),
    b === null ? '-' : formatDuration(b),
    a === null || b === null ? '' : difference(a, b),
  ]);
  const times =
    timings.length === 0
      ? ''
      : formatTable(
          [
            { title: 'stage' },
            { title: 'before', align: 'right' },
            { title: 'after', align: 'right' },
            { title: 'difference', align: 'right' },
          ],
          timings,
        );
  const same =
    comparison.untested.length > 0
      ? comparison.untested
          .map((which) => `nothing was tested ${which}: ${printable(comparison[which].why)}\n`)
          .join('')
      : `${plural(changed.length, 'case')} changed, ${comparison.unchanged} unchanged\n`;
  return [runs, cases, splats, times, same].filter((part) => part !== '').join('\n');
}

function difference(before: number, after: number): string {
  const sign = after >= before ? '+' : '-';
  return `${sign}${formatDuration(Math.abs(after - before))}`;
}
