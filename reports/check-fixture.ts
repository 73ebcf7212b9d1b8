// SPDX-License-Identifier: MIT
/** For the tests of the reports on checks: reports made by hand, with rules of their own. */
import {
  CHECK_SCHEMA,
  type CheckReport,
  type Finding,
  type Place,
  type RuleInfo,
  type RuleRun,
  type Severity,
} from '../core/check.ts';

export const HUNK = '@@ -10,2 +10,4 @@ static int vsock_open(struct socket *sock)';
export const FILE = 'net/vmw_vsock/af_vsock.c';
export const LINK = 'https://docs.kernel.org/process/coding-style.html';

export function ruleOf(id: string, some: Partial<RuleInfo> = {}): RuleInfo {
  return {
    ...{ id, kind: 'source', severity: 'warning', title: `what ${id} wants`, link: LINK, needs: 'mails' },
    ...{ explanation: `Why there is ${id}.\n\nWhat to do.` },
    ...some,
  };
}

/** One of each kind; the second is for netdev alone. */
export const RULES: readonly RuleInfo[] = [
  ruleOf('long-line', { kind: 'series', severity: 'warning' }),
  ruleOf('xmas-tree', { profile: 'netdev', severity: 'note' }),
  ruleOf('people', { kind: 'people', needs: 'tree' }),
  ruleOf('builds', { kind: 'build', severity: 'error', needs: 'build' }),
];

export function runOf(rule: string, some: Partial<RuleRun> = {}): RuleRun {
  return { ...{ rule, kind: 'source', state: 'ran', why: null, hint: null, ms: 3 }, ...some };
}

export function placeAt(line: number, some: Partial<Place> = {}): Place {
  return { ...{ on: 'line', patch: 1, file: FILE, hunk: HUNK, side: 'new', line }, ...some };
}

export function placeIn(on: Place['on'], patch: number | null, line: number | null = null): Place {
  return { on, patch, file: null, hunk: null, side: null, line };
}

export function findingOf(id: string, some: Partial<Finding> = {}): Finding {
  return {
    ...{ id, rule: 'long-line', type: null, severity: 'warning', place: placeAt(12), waiver: null },
    ...{ quote: '\tint a;', text: 'the line is too long', advice: 'break it' },
    ...some,
  };
}

/** A report with its counts and exit status as the engine would have them. */
export function reportOf(findings: readonly Finding[], some: Partial<CheckReport> = {}): CheckReport {
  const open = findings.filter(({ waiver }) => waiver === null);
  const count = (severity: Severity): number => open.filter((one) => one.severity === severity).length;
  const counts = { error: count('error'), warning: count('warning'), note: count('note') };
  const rules = some.rules ?? RULES.map(({ id, kind }) => runOf(id, { kind }));
  const unknown = rules.some(({ state }) => state === 'unknown');
  return {
    schema: CHECK_SCHEMA,
    series: {
      ...{ name: 'a-series', title: 'vsock: two things', version: 'v2' },
      cover: { subject: 'vsock: two things', origin: 'v2/0000-cover-letter.patch' },
      total: 2,
      patches: [
        { index: 1, subject: 'vsock: do a thing', origin: 'v2/0001-vsock-do-a-thing.patch' },
        { index: 2, subject: 'vsock: do another', origin: 'thread.mbox#3' },
      ],
    },
    ...{ tree: null, profile: 'netdev', findings: [...findings], voidWaivers: [], rules, counts },
    ...{ waived: findings.length - open.length, ms: 1234 },
    exit: counts.error > 0 ? 1 : unknown ? 3 : 0,
    ...some,
  };
}
