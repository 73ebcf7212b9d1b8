// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLines, lineRanges } from '../core/coverage.ts';
import { coverageRecord, fileOf, lineOf, PATH, READINGS } from './coverage-fixture.ts';
import { formatLcov } from './coverage-lcov.ts';
import { formatCoverageList } from './coverage-list.ts';
import { formatCoverage } from './coverage-table.ts';
import { coverageSummary } from './coverage-words.ts';

describe('the table', () => {
  const text = formatCoverage(coverageRecord());

  it('has the lines by file and patch', () => {
    expect(text).toContain(`file                              patch  added  code  ran  never  the others
net/vmw_vsock/virtio_transport.c  1/2        5     4    2      2  1 no code
                                  2/2        2     1    1      0  1 not built
tools/testing/vsock/vsock_test.c  2/2        1                    not a part of the kernel
                                             8     5    3      2  1 no code, 2 not built
`);
  });

  it('has what each program reached, and what it alone did', () => {
    expect(text).toContain(`program                 g2h  h2g  loopback  host  guest  ran  alone
boot, before the first                         0      1    1      0
vsock_test                2                    0      2    2      1
vsock_uring_test               2                      2    2      1
  only vsock_test: ${PATH}:312
  only vsock_uring_test: ${PATH}:320
`);
  });

  it('shows what never ran, with what stands around it', () => {
    expect(text).toContain(`${PATH}  patch 1/2 @@ -305,10 +305,22 @@ out_rcu:
  311     45  +        line_311();
  312     40  +        line_312();
  313  never  +        line_313();
  314  never  +        line_314();
  315          }
  316
`);
  });

  it('ends in a line for a mail', () => {
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      `3 of 5 added lines of code ran; 2 never did: ${PATH}:313-314`,
    );
  });

  it('tells of tests that failed, sources that are not built and counters that are lost', () => {
    const [first, ...rest] = READINGS;
    const record = coverageRecord({
      tests: {
        verdict: 'fail',
        why: 'a case failed',
        cases: { pass: 9, fail: 1 },
        failed: ['vsock_test g2h: reset: no'],
      },
      readings: [{ ...(first ?? READINGS[0]), taken: 0, lost: 'the machine is gone' } as never, ...rest],
    });
    const shown = formatCoverage(record);
    expect(shown).toMatch(
      /^tests {4}fail: a case failed \(9 pass, 1 fail\)\n {9}vsock_test g2h: reset: no$/m,
    );
    expect(shown).toMatch(
      /^lost {5}the host's counters of boot: the machine is gone; what ran there is not known$/m,
    );
    expect(shown).toMatch(/2 are not seen to, as counters were lost: .*:313-314\n$/);
    expect(shown).toMatch(/^ {2}313 {2}unseen {2}\+ {8}line_313/m);
    expect(shown).toMatch(/^boot, before the first +lost +1 +1 +0$/m);
    expect(shown).toMatch(/^ {9}not built: drivers\/net\/other\.c$/m);
  });

  it('says why there is none', () => {
    const error = {
      code: 'COVERAGE_NO_COUNTERS',
      message: 'no counters could be read: it died',
      hint: null,
      detail: null,
    };
    const none = coverageRecord({
      error,
      files: [],
      readings: [],
      tests: null,
      kernels: null,
      machine: null,
      profiled: [],
    });
    expect(formatCoverage(none)).toMatch(/\nno result: no counters could be read: it died\n$/);
    expect(formatCoverage(none, { withoutError: true })).not.toMatch(/no result/);
  });

  it('lets no control byte through, whatever a patch or a machine says', () => {
    const line = fc.record({
      line: fc.integer({ min: 1, max: 400 }),
      text: fc.string({ unit: 'binary' }),
      path: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(line, fc.option(fc.integer({ min: 10, max: 120 })), ({ line, text, path }, width) => {
        const hostile = coverageRecord({
          files: [fileOf({ path, lines: [lineOf(line, { text, hunk: text })] })],
        });
        const shown = formatCoverage(hostile, width === null ? {} : { width }) + formatLcov(hostile);
        expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f]/);
      }),
    );
  });
});

describe('the line for a mail', () => {
  it.each([
    [[lineOf(1, { counts: [[0, 1]] })], 'all 1 added line of code ran'],
    [[lineOf(1, { state: 'no-code' })], 'no code was made of the added lines'],
    [[lineOf(1)], `0 of 1 added line of code ran; 1 never did: ${PATH}:1`],
  ])('%#', (lines, text) => {
    expect(coverageSummary({ files: [fileOf({ lines })], counts: countLines(lines), readings: [] })).toBe(
      text,
    );
  });

  it('names a dozen places, and counts the others', () => {
    const lines = Array.from({ length: 15 }, (_, at) => lineOf(1 + at * 2));
    const text = coverageSummary({ files: [fileOf({ lines })], counts: countLines(lines), readings: [] });
    expect(text).toMatch(/:1,3,5,7,9,11,13,15,17,19,21,23 and 3 more places$/);
  });
});

describe('the tracefile', () => {
  it('has a section for each reading, as geninfo(1) says', () => {
    const sections = formatLcov(coverageRecord()).split('end_of_record\n');
    expect(sections).toHaveLength(READINGS.length + 1);
    expect(sections[3]).toBe(
      `TN:vsock_test_g2h_guest\nSF:${PATH}\nDA:311,40\nDA:312,40\nDA:313,0\nDA:314,0\nDA:320,0\nLF:5\nLH:2\n`,
    );
    expect(sections.at(-1)).toBe('');
  });

  it('has none of counters that are lost', () => {
    expect(
      formatLcov(coverageRecord({ readings: READINGS.map((one) => ({ ...one, taken: 0, lost: 'gone' })) })),
    ).toBe('');
  });
});

it('the list has a line for each record', () => {
  expect(formatCoverageList([])).toMatch(/^no coverage yet/);
  const record = coverageRecord();
  const text = formatCoverageList([
    { id: record.id, state: 'finished', record, trouble: null },
    { id: 'x', state: 'unfinished', record: null, trouble: 'it was ended before it was through' },
  ]);
  expect(text).toMatch(
    /^20261126-100000-vsock-rx-buffers-00aa {2}vsock-rx-buffers v1 {2}pass {3}3 of 5 ran$/m,
  );
  expect(text).toMatch(/^x .* unfinished: it was ended/m);
});

it('ranges are numbers in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60)), (numbers) => {
      const sorted = numbers.toSorted((a, b) => a - b);
      const back = lineRanges(sorted).flatMap((range) => {
        const [from = 0, to = from] = range.split('-').map(Number);
        return Array.from({ length: to - from + 1 }, (_, at) => from + at);
      });
      expect(back).toEqual(sorted);
    }),
  );
});
