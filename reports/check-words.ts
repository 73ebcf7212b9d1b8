// SPDX-License-Identifier: MIT
/** How the reports on a check name places, counts and rules, and which findings they tell together. */
import {
  type CheckReport,
  type Finding,
  type Place,
  type RuleInfo,
  type RuleRun,
  SEVERITIES,
} from '../core/check.ts';
import { formatDuration } from '../core/duration.ts';
import { oneLine } from './layout.ts';
import { plural } from './words.ts';

/** `2/4 vsock: do a thing`, `cover letter`, `series`. */
export function partTitle(patch: number | null, { series }: CheckReport): string {
  if (patch === null) return 'series';
  if (patch === 0)
    return series.cover === null ? 'cover letter' : `cover letter: ${oneLine(series.cover.subject)}`;
  const subject = series.patches.find(({ index }) => index === patch)?.subject ?? '';
  return `${patch}/${series.total} ${oneLine(subject)}`.trimEnd();
}

/** Where in its patch: `subject`, `message line 3`, `net/x.c:12`, `net/x.c:12 before the patch`. */
export function spotOf({ on, file, line, side }: Place): string {
  if (file !== null) {
    if (line === null) return oneLine(file);
    return `${oneLine(file)}:${line}${side === 'old' ? ' before the patch' : ''}`;
  }
  if (line === null) return on;
  return `${on === 'cover' ? 'cover letter' : on} line ${line}`;
}

/** The whole place on one line: `2/4 net/x.c:12`, `cover letter line 3`, `series`. */
export function placeWords(place: Place, { series }: CheckReport): string {
  if (place.patch === null) return 'series';
  if (place.patch === 0) return place.line === null ? 'cover letter' : spotOf({ ...place, on: 'cover' });
  return `${place.patch}/${series.total} ${spotOf(place)}`;
}

/** `2 errors, 1 warning`: what is not there is not named; empty when nothing is. */
export function countWords({ counts }: CheckReport): string {
  return SEVERITIES.filter((one) => counts[one] > 0)
    .map((one) => plural(counts[one], one))
    .join(', ');
}

/**
 * `24 rules ran, 2 could not tell, 5 are not for this series, 3 were left out`
 * @param rules all there are
 */
export function rulesWords(report: CheckReport, rules: readonly RuleInfo[]): string {
  const ran = withState(report, 'ran').length;
  const [unknown, notForThis] = [
    withState(report, 'unknown').length,
    withState(report, 'not-for-this').length,
  ];
  const out = leftOut(report, rules).length;
  return [
    `${plural(ran, 'rule')} ran`,
    ...(unknown === 0 ? [] : [`${unknown} could not tell`]),
    ...(notForThis === 0 ? [] : [`${notForThis} ${notForThis === 1 ? 'is' : 'are'} not for this series`]),
    ...(out === 0 ? [] : [`${out} ${out === 1 ? 'was' : 'were'} left out`]),
  ].join(', ');
}

/** All of it on one line. */
export function summaryWords(report: CheckReport, rules: readonly RuleInfo[]): string {
  return summaryParts(report, rules).join('; ');
}

/** What was found, waived and run, and how long it took. */
export function summaryParts(report: CheckReport, rules: readonly RuleInfo[]): string[] {
  const found = countWords(report);
  // Nobody looked: that must not read as if nothing were wrong.
  const blind = report.rules.length > 0 && report.rules.every(({ state }) => state === 'unknown');
  return [
    found === '' ? (blind ? 'no rule could tell' : 'nothing found') : found,
    ...(report.waived === 0 ? [] : [`${report.waived} waived`]),
    rulesWords(report, rules),
    formatDuration(report.ms),
  ];
}

export function withState({ rules }: CheckReport, state: RuleRun['state']): RuleRun[] {
  return rules.filter((rule) => rule.state === state);
}

/** The rules of the profile that were not asked. */
export function leftOut({ rules, profile }: CheckReport, all: readonly RuleInfo[]): RuleInfo[] {
  const asked = new Set(rules.map(({ rule }) => rule));
  return all.filter((rule) => !asked.has(rule.id) && (rule.profile ?? profile) === profile);
}

/** Rules that could not tell for the same reason. */
export function unknownByReason(
  report: CheckReport,
): { rules: string[]; why: string; hint: string | null }[] {
  const groups = Map.groupBy(withState(report, 'unknown'), ({ why, hint }) => `${why}\0${hint}`);
  return [...groups.values()].map((runs) => ({
    rules: runs.map(({ rule }) => rule),
    why: runs[0]?.why ?? '',
    hint: runs[0]?.hint ?? null,
  }));
}

/** Findings of one rule on one file, message or mail that say the same: told once, with all their lines. */
export function groupEqual(findings: readonly Finding[]): Finding[][] {
  const key = ({ rule, type, severity, place, text, advice }: Finding): string =>
    [rule, type, severity, place.patch, place.file ?? place.on, text, advice].join('\0');
  return [...Map.groupBy(findings, key).values()];
}
