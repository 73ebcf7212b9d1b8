// SPDX-License-Identifier: MIT
/** A series that cannot be read as one: that is a finding, too. */
import { CHECK_SCHEMA, type CheckProfile, type CheckReport } from '../../core/check.ts';
import type { RespinError } from '../../core/errors.ts';
import type { Series } from '../../core/series.ts';
import { findingsOf } from './findings.ts';
import { SERIES } from './places.ts';
import type { Rule } from './rule.ts';
import { readable } from './rules/readable.ts';

/** @param error of readSeries, with blame `series` */
export function unreadableReport(
  error: RespinError,
  request: { name: string; profile: CheckProfile; rules: readonly Rule[] },
): CheckReport {
  const { name, profile, rules } = request;
  const series: Series = {
    ...{ name, title: name, version: '', source: name, tree: null, baseCommit: null, cover: null },
    patches: [],
  };
  const advice = error.hint === undefined ? {} : { advice: error.hint };
  const findings = findingsOf(
    readable,
    [{ place: SERIES, quote: null, text: error.message, ...advice }],
    series,
  );
  const others = rules.filter(({ id }) => id !== readable.id);
  return {
    schema: CHECK_SCHEMA,
    series: { name, title: name, version: '', cover: null, total: 0, patches: [] },
    tree: null,
    profile,
    findings,
    voidWaivers: [],
    rules: [
      { rule: readable.id, kind: readable.kind, state: 'ran', why: null, hint: null, ms: 0 },
      ...others.map(({ id, kind }) => {
        const why = 'the series cannot be read';
        return { rule: id, kind, state: 'unknown' as const, why, hint: null, ms: 0 };
      }),
    ],
    counts: { error: findings.length, warning: 0, note: 0 },
    waived: 0,
    exit: 1,
    ms: 0,
  };
}
