// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../core/run.ts';
import { compareRuns, formatComparison } from './compare.ts';
import { formatJunit } from './junit.ts';
import { formatRunList } from './run-list.ts';
import { formatTap } from './tap.ts';
import { formatVerdict, verdictLines } from './verdict-table.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../test/fixtures/reports');
const NAMES = ['fail', 'pass', 'unknown'] as const;

function read(name: string): string {
  return readFileSync(path.join(FIXTURES, name), 'utf8');
}

function record(name: (typeof NAMES)[number]): RunRecord {
  return JSON.parse(read(`${name}.json`)) as RunRecord;
}

/** Every open element is closed, in order; gives the names in the order they open. */
function elements(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  const body = xml.replace(/^<\?xml [^>]*\?>\n/, '');
  for (const [, end, name = '', attributes = '', empty] of body.matchAll(
    /<(\/)?([\w-]+)((?:\s+[\w-]+="[^"<]*")*)(\/)?>/g,
  )) {
    void attributes;
    if (end !== undefined) expect(open.pop()).toBe(name);
    else {
      seen.push(name);
      if (empty === undefined) open.push(name);
    }
  }
  expect(open).toEqual([]);
  expect(body.replace(/<\/?[\w-]+(?:\s+[\w-]+="[^"<]*")*\/?>/g, '')).not.toMatch(
    /[<>]|&(?!(?:lt|gt|amp|quot|#9);)/,
  );
  // Characters XML 1.0 has no place for.
  expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  return seen;
}

describe('a run of some cases alone', () => {
  const part = { cases: ['vsock_test:21', 'probe-user'], times: 20 };
  const some = (): RunRecord => {
    const whole = record('pass');
    const suites = whole.suites.map((suite) => ({ ...suite, cases: suite.cases.slice(0, 1) }));
    return { ...whole, part, suites };
  };

  it('says so wherever it is shown', () => {
    const run = some();
    expect(formatVerdict(run)).toMatch(
      /^part +vsock_test:21, probe-user, 20 times each: the verdict is of these alone$/m,
    );
    expect(formatRunList([{ id: run.id, state: 'finished', record: run, trouble: null }], 200)).toContain(
      'only vsock_test:21, probe-user 20x: ',
    );
    expect(formatTap(run)).toContain('only: "vsock_test:21, probe-user"');
    expect(formatJunit(run)).toContain('<property name="only" value="vsock_test:21, probe-user"/>');
  });

  it('is compared by what it has', () => {
    const { cases, unchanged } = compareRuns(record('pass'), some());
    expect(cases).toEqual([]);
    expect(unchanged).toBe(some().suites.flatMap(({ cases: own }) => own).length);
    expect(compareRuns(some(), record('pass')).cases).toEqual([]);
    // Nor is it new what it did not look for.
    const splat = record('fail').splats;
    expect(splat.length).toBeGreaterThan(0);
    expect(compareRuns(some(), { ...record('pass'), splats: splat }).splatsNew).toEqual([]);
    expect(formatComparison(compareRuns(some(), record('pass')), 200)).toContain(
      'only vsock_test:21, probe-user 20x: ',
    );
  });

  it('how many attempts of a case failed stands with its logs', () => {
    const run = some();
    const [suite] = run.suites;
    const [one] = suite?.cases ?? [];
    if (suite === undefined || one === undefined) throw new Error('no case');
    const flaky = { ...one, status: 'flaky' as const, attempts: 20, failed: 3, reason: 'host: no' };
    expect(formatVerdict({ ...run, suites: [{ ...suite, cases: [flaky] }] }, { width: 200 })).toContain(
      '; 3 of 20 attempts failed',
    );
  });
});

it('each line of a case says what can be run again, wrapped or not', () => {
  const failed = record('fail');
  for (const width of [40, 80, 200]) {
    const lines = verdictLines(failed, { width });
    expect(lines.map(({ text }) => `${text}\n`).join('')).toBe(formatVerdict(failed, { width }));
    const about = lines.flatMap((one) => one.about ?? []);
    for (const suite of failed.suites) {
      for (const { name, id } of suite.cases) {
        const found = about.find(
          (one) => one.program === suite.program && (id < 0 ? null : name) === one.name,
        );
        expect(found?.directions.length, name).toBeGreaterThan(0);
      }
    }
  }
  const double = verdictLines(failed).find(({ text }) => text.includes('double bind connect'));
  const where = failed.suites.filter(({ cases }) =>
    cases.some((one) => one.name.includes('double bind') && one.status !== 'pass'),
  );
  expect(double?.about?.directions).toEqual(where.map(({ direction }) => direction));
});

it('a probe has a line, and what did not pass in it is named below', () => {
  const passed = record('pass');
  const [suite] = passed.suites;
  if (suite === undefined) throw new Error('no suite');
  const cases = suite.cases.slice(0, 3).map((one, at) => ({
    ...{ ...one, ms: 400, name: `case ${at}` },
    ...(at === 1 ? { status: 'fail' as const, reason: 'host: no' } : { status: 'pass' as const }),
  }));
  const probe = { ...suite, program: 'probe-user', direction: 'h2g' as const, cases };
  const text = formatVerdict({ ...passed, suites: [...passed.suites, probe] });
  expect(text).toMatch(/^probe +h2g\nuser +1 FAIL, 2 pass 1\.2s$/m);
  expect(text).not.toMatch(/case 2/);
  expect(text).toMatch(/^FAIL +probe-user h2g \d+ case 1\n +host: no$/m);
});

describe('an expected failure', () => {
  const passed = record('pass');
  const reason = 'known to be so (guest: Broken pipe)';
  const suites = passed.suites.map((suite) => ({
    ...suite,
    cases: suite.cases.map((one) => (one.id === 3 ? { ...one, status: 'xfail' as const, reason } : one)),
  }));
  const expected: RunRecord = { ...passed, suites };

  it('is shown once with its directions, and counted', () => {
    const text = formatVerdict(expected);
    expect(text.match(/^xfail /gm)).toHaveLength(1);
    expect(text).toMatch(/^xfail {4}vsock_test “[^(]*” \(g2h, h2g,\s+loopback\)\n {9}known to be so$/m);
    expect(text).toMatch(/\d+ xfail, \d+ pass/);
  });

  it('is TODO in TAP and a skip in JUnit: not held against anybody', () => {
    const tap = formatTap(expected);
    expect(tap).toMatch(/^ {4}not ok \d+ - .* # TODO known to be so/m);
    expect(tap).not.toMatch(/^not ok/m);
    const xml = formatJunit(expected);
    expect(elements(xml)).toContain('skipped');
    expect(xml).toContain('expected failure: known to be so');
    expect(elements(xml)).not.toContain('failure');
  });
});

it('no text of a record reaches the terminal as it is', () => {
  const hostile = JSON.parse(read('fail.json').replaceAll('vsock_test', 'vsock\\u009b2J')) as RunRecord;
  const before = { ...hostile, suites: [] };
  for (const text of [formatVerdict(hostile), formatComparison(compareRuns(before, hostile))]) {
    expect(text).toContain('vsock\\x9b2J');
    expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  }
});

describe('golden files', () => {
  it.each(NAMES)('verdict of %s', (name) => {
    expect(formatVerdict(record(name))).toBe(read(`${name}.verdict.txt`));
  });
  it('leaves what an error shows as it is, and readable', () => {
    const failed = record('unknown');
    const shown =
      '  316 |\tint a;              |   318 int a;\n  !                 b = c;\n\nhunk @@ -1 +1 @@';
    if (failed.error !== null) failed.error.detail = shown;
    const text = formatVerdict(failed, { width: 40 });
    for (const line of shown.split('\n')) expect(text).toContain(line === '' ? '\n\n' : `         ${line}\n`);
  });
  it('says which kernels a mixed run had', () => {
    const mixed = record('pass');
    mixed.variants = { host: 'base', guest: 'patched' };
    if (mixed.kernels !== null) mixed.kernels.guest.profile = 'debug';
    expect(formatVerdict(mixed, { width: 200 })).toContain(
      'kernels  host 6.12.117 base, fast profile; guest 6.12.117 patched, debug profile\n',
    );
  });
  it.each(NAMES)('JUnit of %s', (name) => {
    expect(formatJunit(record(name))).toBe(read(`${name}.junit.xml`));
  });
  it.each(NAMES)('TAP of %s', (name) => {
    expect(formatTap(record(name))).toBe(read(`${name}.tap`));
  });
  it('a run that tested nothing makes nothing good', () => {
    const text = formatComparison(compareRuns(record('fail'), record('unknown')), 200);
    expect(text).toContain(`nothing was tested after: ${record('unknown').why}`);
    expect(text).not.toMatch(/no such|gone|changed/);
  });
  it('comparison', () => {
    expect(formatComparison(compareRuns(record('fail'), record('pass')))).toBe(read('compare.txt'));
  });
  it('list', () => {
    const finished = NAMES.map((name) => {
      const one = record(name);
      return { id: one.id, state: 'finished' as const, record: one, trouble: null };
    });
    const trouble = 'no run.json: it goes on, or was killed';
    const unfinished = { id: '20261122-140000-x-7788', state: 'unfinished' as const, record: null, trouble };
    expect(formatRunList([...finished, unfinished])).toBe(read('run-list.txt'));
    expect(formatRunList([])).toBe('no runs yet\n');
  });
});

it('a verdict fits 80 columns but for names one may want to copy', () => {
  for (const name of NAMES)
    for (const line of formatVerdict(record(name)).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('the error that ended a run is left to who prints it elsewhere, the verdict is not', () => {
  const error = {
    code: 'TREE_NO_PACKAGE',
    message: 'apt knows no package x',
    hint: 'what to do',
    detail: null,
  };
  const ended = { ...record('unknown'), error, why: error.message };
  expect(formatVerdict(ended)).toMatch(/^error +TREE_NO_PACKAGE: /m);
  const brief = formatVerdict(ended, { withoutError: true });
  expect(brief).not.toMatch(/^error|^hint/m);
  expect(brief).toMatch(/^unknown +apt knows no package x$/m);
});

it('a tree whose version was never known is named without one', () => {
  const source = 'debian:linux-source-6.12';
  const text = formatVerdict({
    ...record('unknown'),
    tree: { source, version: '', commit: '', sha256: null },
  });
  expect(text).toMatch(new RegExp(`on ${source},`));
});

describe('JUnit', () => {
  it.each(NAMES)('%s says the verdict in what a CI counts', (name) => {
    const xml = formatJunit(record(name));
    const seen = elements(xml);
    expect(seen.includes('failure')).toBe(name === 'fail');
    expect(seen.includes('error')).toBe(name !== 'pass');
    const total = /<testsuites [^>]*tests="(\d+)"/.exec(xml)?.[1];
    expect(seen.filter((one) => one === 'testcase')).toHaveLength(Number(total));
  });

  it.skipIf(spawnSync('xmllint', ['--version']).error !== undefined)('xmllint reads it', () => {
    for (const name of NAMES) {
      const done = spawnSync('xmllint', ['--noout', '-'], { input: formatJunit(record(name)) });
      expect(String(done.stderr)).toBe('');
    }
  });
});

it('hostile words stay words in every report', () => {
  const base = record('fail');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (word) => {
      const text = `${word}\x1b[2J\u202e]]>"'<&\ufffe\n#\\`;
      const hostile: RunRecord = {
        ...base,
        why: text,
        error: { code: 'X', message: text, hint: text, detail: text },
        suites: base.suites.map((suite) => ({
          ...suite,
          skipped: suite.skipped === null ? null : text,
          cases: suite.cases.map((one) => ({ ...one, name: `${one.id}${text}`, reason: text })),
        })),
        splats: base.splats.map((one) => ({ ...one, title: text, where: text, text })),
      };
      const control = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/;
      elements(formatJunit(hostile));
      expect(formatJunit(hostile)).not.toMatch(control);
      expect(formatVerdict(hostile)).not.toMatch(control);
      expect(formatComparison(compareRuns(base, hostile))).not.toMatch(control);
      const tap = formatTap(hostile);
      expect(tap).not.toMatch(control);
      // Each line is one of TAP's: nothing a name says can pass for another.
      const lines = tap.trimEnd().split('\n');
      for (const line of lines)
        expect(line).toMatch(
          /^(?: {4})?(?:TAP version 14|# Subtest: |1\.\.\d+|(?:not )?ok \d+ - | {2}(?:---|\.\.\.|\w+: ))/,
        );
    }),
    { numRuns: 60 },
  );
});

describe('comparison', () => {
  it('nothing changed', () => {
    const same = compareRuns(record('pass'), record('pass'));
    expect(same).toMatchObject({ cases: [], unchanged: 15, splatsGone: [], splatsNew: [] });
  });

  it('a case only one run has', () => {
    const after = record('pass');
    after.suites[0]?.cases.splice(0, 1);
    const { cases } = compareRuns(record('pass'), after);
    expect(cases).toMatchObject([{ name: 'SOCK_STREAM connection reset', before: 'pass', after: null }]);
  });

  it('numbers that moved are no change', () => {
    const after = record('pass');
    for (const suite of after.suites) for (const one of suite.cases) one.id += 10;
    expect(compareRuns(record('pass'), after).cases).toEqual([]);
  });
});
