// SPDX-License-Identifier: MIT
/**
 * A run record → JUnit XML, in the common subset that Jenkins and GitLab read: a
 * testsuite for each program and direction, one for the consoles, one for the verdict.
 */
import type { CaseResult, RunRecord, SuiteResult } from '../core/run.ts';
import { groupSplats } from '../core/splat-groups.ts';
import { seriesName, tookMs, treeName } from './words.ts';
import { xmlAttribute, xmlContent } from './xml.ts';

interface TestCase {
  name: string;
  seconds: number;
  outcome: 'pass' | 'failure' | 'error' | 'skipped';
  message: string;
  /** More text inside the element, or of a passing case. */
  text: string;
}

interface TestSuite {
  name: string;
  cases: TestCase[];
  properties: [string, string][];
}

/** The document. A verdict of fail always shows a failure, one of unknown an error. */
export function formatJunit(record: RunRecord): string {
  const suites = [...record.suites.map((suite) => suiteOf(suite)), consoles(record), verdict(record)];
  const all = suites.flatMap((suite) => suite.cases);
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  lines.push(`<testsuites name="respin"${counts(all)} time="${((tookMs(record) ?? 0) / 1000).toFixed(3)}">`);
  suites.forEach((suite, id) => {
    const time = suite.cases.reduce((sum, one) => sum + one.seconds, 0);
    const stamp = record.started.replace(/\.\d+Z$|Z$/, '');
    lines.push(
      `  <testsuite name="${xmlAttribute(suite.name)}" id="${id}" package="respin"${counts(suite.cases)} time="${time.toFixed(3)}" timestamp="${xmlAttribute(stamp)}" hostname="localhost">`,
    );
    lines.push('    <properties>');
    for (const [name, value] of [...common(record), ...suite.properties])
      lines.push(`      <property name="${xmlAttribute(name)}" value="${xmlAttribute(value)}"/>`);
    lines.push('    </properties>');
    for (const one of suite.cases) lines.push(...testCase(suite.name, one));
    lines.push('    <system-out/>', '    <system-err/>', '  </testsuite>');
  });
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function counts(cases: readonly TestCase[]): string {
  const of = (outcome: TestCase['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  return ` tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}

function testCase(suite: string, one: TestCase): string[] {
  const open = `    <testcase classname="${xmlAttribute(suite)}" name="${xmlAttribute(one.name)}" time="${one.seconds.toFixed(3)}"`;
  if (one.outcome === 'pass') {
    if (one.text === '') return [`${open}/>`];
    return [`${open}>`, `      <system-out>${xmlContent(one.text)}</system-out>`, '    </testcase>'];
  }
  const tag = one.outcome;
  const message = `message="${xmlAttribute(one.message)}"`;
  const inner =
    tag === 'skipped'
      ? `<skipped ${message}/>`
      : `<${tag} type="${tag}" ${message}>${xmlContent(one.text)}</${tag}>`;
  return [`${open}>`, `      ${inner}`, '    </testcase>'];
}

function suiteOf(suite: SuiteResult): TestSuite {
  const name = `${suite.program}.${suite.direction}`;
  const properties: [string, string][] = [
    ['host log', suite.logs.host],
    ['guest log', suite.logs.guest],
  ];
  if (suite.skipped !== null) {
    const skipped = {
      name: '(suite)',
      seconds: 0,
      outcome: 'skipped' as const,
      message: suite.skipped,
      text: '',
    };
    return { name, cases: [skipped], properties };
  }
  return { name, cases: suite.cases.map((one) => caseOf(one, suite)), properties };
}

function caseOf(one: CaseResult, suite: SuiteResult): TestCase {
  const logs = one.logs ?? suite.logs;
  const sides = `host: ${one.host}\nguest: ${one.guest}\nattempts: ${one.attempts}\nlogs: ${logs.host} ${logs.guest}`;
  const reason = one.reason ?? 'no reason given';
  const base = {
    name: one.name,
    seconds: (one.ms ?? 0) / 1000,
    message: reason,
    text: `${reason}\n${sides}`,
  };
  switch (one.status) {
    case 'pass':
      return { ...base, outcome: 'pass', text: '' };
    case 'flaky':
      return { ...base, outcome: 'pass', text: `flaky, passed when repeated: ${base.text}` };
    case 'skip':
      return { ...base, outcome: 'skipped', message: one.reason ?? 'skipped' };
    case 'not-run':
      return { ...base, outcome: 'skipped', message: 'did not run: the program ended before it' };
    case 'xfail':
      return { ...base, outcome: 'skipped', message: `expected failure: ${reason}` };
    case 'fail':
      return { ...base, outcome: 'failure' };
    case 'unknown':
      return { ...base, outcome: 'error' };
  }
}

function consoles(record: RunRecord): TestSuite {
  const found = groupSplats(record.splats).map(({ first, count }): TestCase => {
    const where = first.where === null ? '' : ` in ${first.where}`;
    const often = count > 1 ? ` (${count} times)` : '';
    return {
      name: `${first.machine}: ${first.title}${where}`,
      seconds: 0,
      // With a verdict other than fail the splat was not held against the series; it is shown all the same.
      outcome: record.verdict === 'fail' ? 'failure' : record.verdict === 'unknown' ? 'error' : 'pass',
      message: `${first.title}${often}, ${first.log}:${first.line}`,
      text: `${first.log}:${first.line}\n${first.text}`,
    };
  });
  const clean: TestCase = { name: 'no splat', seconds: 0, outcome: 'pass', message: '', text: '' };
  return { name: 'consoles', cases: found.length > 0 ? found : [clean], properties: [] };
}

function verdict(record: RunRecord): TestSuite {
  const { error } = record;
  const told = error === null ? '' : [error.message, error.hint, error.detail].filter(Boolean).join('\n');
  const outcome = record.verdict === 'fail' ? 'failure' : record.verdict === 'unknown' ? 'error' : 'pass';
  const text = [record.verdict, told].filter(Boolean).join('\n');
  const one: TestCase = { name: 'verdict', seconds: 0, outcome, message: record.why, text };
  return {
    name: 'respin',
    cases: [{ ...one, text: outcome === 'pass' ? `${text}: ${record.why}` : text }],
    properties: [],
  };
}

function common(record: RunRecord): [string, string][] {
  const { machine } = record;
  return [
    ['run', record.id],
    ['series', seriesName(record)],
    ['tree', treeName(record)],
    ['verdict', record.verdict],
    ...(record.part === undefined ? [] : ([['only', record.part.cases.join(', ')]] as [string, string][])),
    ...(machine === null
      ? []
      : ([
          ['mode', machine.mode],
          ['qemu', machine.qemu],
        ] as [string, string][])),
  ];
}
