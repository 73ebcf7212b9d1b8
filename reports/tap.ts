// SPDX-License-Identifier: MIT
/** A run record → TAP 14 (testanything.org/tap-version-14-specification): a subtest for each suite. */
import { printable } from '../core/escape.ts';
import type { CaseResult, RunRecord, SuiteResult } from '../core/run.ts';
import { groupSplats } from '../core/splat-groups.ts';

interface Point {
  ok: boolean;
  name: string;
  skip?: string;
  /** An expected failure: TODO in TAP, not ok and not held against anybody. */
  todo?: string;
  /** Shown as a YAML block when the point is not ok, or was flaky. */
  details?: Record<string, string | number | null>;
}

/** The document: suites, the consoles, and the verdict as the last test point. */
export function formatTap(record: RunRecord): string {
  const lines = ['TAP version 14'];
  let number = 0;
  for (const suite of record.suites) {
    number += 1;
    const name = `${suite.program} ${suite.direction}`;
    if (suite.skipped !== null) {
      lines.push(...point(number, { ok: true, name, skip: suite.skipped }, ''));
      continue;
    }
    lines.push(
      ...subtest(
        number,
        name,
        suite.cases.map((one) => caseOf(one, suite)),
      ),
    );
  }
  const splats = groupSplats(record.splats).map(({ first, count }): Point => {
    const { machine, kind, where, log, line, boot, title } = first;
    // As in the JUnit report: not held against the series unless the verdict says so.
    return {
      ok: record.verdict === 'pass' || record.verdict === 'flaky',
      name: `${machine}: ${title}`,
      details: { kind, where, log, line, boot, count },
    };
  });
  number += 1;
  lines.push(...subtest(number, 'consoles', splats.length > 0 ? splats : [{ ok: true, name: 'no splat' }]));
  number += 1;
  const good = record.verdict === 'pass' || record.verdict === 'flaky';
  const { error } = record;
  const details = {
    verdict: record.verdict,
    why: record.why,
    ...(record.part === undefined ? {} : { only: record.part.cases.join(', ') }),
    exit: record.exit,
    run: record.id,
    ...(error === null ? {} : { error: `${error.code}: ${error.message}`, hint: error.hint }),
  };
  lines.push(...point(number, { ok: good, name: `verdict: ${record.verdict}`, details }, ''));
  lines.push(`1..${number}`);
  return `${lines.join('\n')}\n`;
}

function caseOf(one: CaseResult, suite: SuiteResult): Point {
  if (one.status === 'pass') return { ok: true, name: one.name };
  if (one.status === 'skip') return { ok: true, name: one.name, skip: one.reason ?? 'skipped' };
  // The failure that kept it from running is a test point of its own.
  if (one.status === 'not-run') return { ok: true, name: one.name, skip: 'did not run' };
  const { status, reason, host, guest, attempts, ms } = one;
  const details = {
    status,
    reason,
    host,
    guest,
    attempts,
    ms,
    host_log: suite.logs.host,
    guest_log: suite.logs.guest,
  };
  const todo = status === 'xfail' ? { todo: reason ?? 'expected failure' } : {};
  return { ok: status === 'flaky', name: one.name, details, ...todo };
}

function subtest(number: number, name: string, points: readonly Point[]): string[] {
  return [
    `# Subtest: ${described(name)}`,
    `    1..${points.length}`,
    ...points.flatMap((one, i) => point(i + 1, one, '    ')),
    ...point(number, { ok: points.every((one) => one.ok || one.todo !== undefined), name }, ''),
  ];
}

function point(number: number, one: Point, indent: string): string[] {
  const skip = one.skip === undefined ? '' : ` # SKIP ${described(one.skip)}`;
  const todo = one.todo === undefined ? '' : ` # TODO ${described(one.todo)}`;
  const lines = [`${indent}${one.ok ? 'ok' : 'not ok'} ${number} - ${described(one.name)}${skip}${todo}`];
  if (one.details === undefined) return lines;
  lines.push(`${indent}  ---`);
  for (const [key, value] of Object.entries(one.details)) {
    // A JSON string is a YAML string, whatever it holds.
    const shown = typeof value === 'string' ? JSON.stringify(printable(value)) : String(value);
    lines.push(`${indent}  ${key}: ${shown}`);
  }
  lines.push(`${indent}  ...`);
  return lines;
}

/** `#` begins a directive and `\` escapes. */
function described(text: string): string {
  return printable(text).replace(/[\\#]/g, '\\$&');
}
