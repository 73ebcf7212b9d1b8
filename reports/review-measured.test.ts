// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { MeasuredClaim } from '../core/measured-claims.ts';
import type { PerfRecord } from '../core/perf.ts';
import type { PerformanceClaim } from '../core/review.ts';
import { displayWidth } from '../core/table.ts';
import { perfChange, perfRecord, perfTest } from '../test/fixtures/perf-record.ts';
import { patchOf, versionOf } from './review-fixture.ts';
import { formatClaims, measuredJson, recordJson } from './review-measured.ts';

const CLAIM: PerformanceClaim = {
  ...{ test: '64KB', direction: 'g2h', before: 10, after: 11.8, unit: 'Gb/s', change: 18 },
  ...{ computedChange: 18, right: true, setup: null, base: null, patch: 1 },
};
const test = perfTest('64KB-g2h');
const measuredOf = (some: Partial<MeasuredClaim> = {}): MeasuredClaim => ({
  ...{ claim: CLAIM, claimed: 18, verdict: 'holds', why: null },
  measured: { test, change: perfChange(test.id, 15.2) },
  ...some,
});
const NOT: Partial<MeasuredClaim> = { verdict: 'not measured', measured: null, why: 'it names no size' };

/** What stands below the claims as they are read. */
function measuredPart(claims: MeasuredClaim[], record: Partial<PerfRecord> = {}, width?: number): string[] {
  const shown = versionOf('v8', { performance: claims.map(({ claim }) => claim) });
  const against = { record: perfRecord(record), claims };
  const text = formatClaims(shown, against, width === undefined ? {} : { width });
  return text.split('performance, as measured\n')[1]?.split('\n') ?? [];
}

describe('formatClaims', () => {
  it('has no digits that nobody measured, and no sign of nothing', () => {
    const change = (value: number, room: number, real: boolean) =>
      measuredOf({ measured: { test, change: perfChange(test.id, value, room, { real, of: 'p99' }) } });
    const [, ...rows] = measuredPart([measuredOf(), change(-3.26, 0.04, true), change(0, 0.04, false)]);
    expect(rows.slice(0, 3).map((row) => row.trim())).toEqual([
      '64KB, g2h     +18%  +15.2% (+14.7 to +15.7)   holds',
      '64KB, g2h     +18%  p99 -3.3% (-3.3 to -3.2)  holds',
      '64KB, g2h     +18%  p99 ~ (0.0 to 0.0)        holds',
    ]);
  });

  it('says why a claim is not measured, and of which patch it is', () => {
    const one = measuredOf({ ...NOT, claim: { ...CLAIM, test: '', direction: null, patch: 2 } });
    const shown = versionOf('v8', { performance: [one.claim], patches: [patchOf(), patchOf({ index: 2 })] });
    const text = formatClaims(shown, { record: perfRecord(), claims: [one] });
    expect(text).toMatch(/^ {2}without a name +\+18% +- +not measured$/m);
    expect(text).toContain('  not measured: without a name in patch 2: it names no size\n');
  });

  it('names both sides: what was claimed with what, what was measured with what', () => {
    const claim = { ...CLAIM, setup: 'uperf, 64 threads', base: '95ec6bce2a0b' };
    const few = measuredOf({ measured: { test: { ...test, threads: 1 }, change: perfChange(test.id, 1) } });
    const lines = measuredPart([measuredOf({ claim }), few, measuredOf({ claim })]);
    expect(lines.slice(4, 5)).toEqual(['  claimed:  uperf, 64 threads; before is commit 95ec6bce2a0b']);
    expect(lines[5]).toMatch(/; 5 runs; vsock-load, 1 to 64 threads, stream; virtio-\S+ v8$/);
  });

  it.each<[Partial<PerfRecord>, RegExp]>([
    [{}, /measured: instruction clock \(not seconds\), tcg\+svm; git:linux#95ec6bce2a0b \(6.1.0\) at 95ec6/],
    [{ machine: null, series: null }, /measured: unknown machine; .*; base$/],
    [{ runs: 1 }, /; 1 run; vsock-load, 64 threads/],
    [{ tree: { ...perfRecord().tree, subject: null } }, /\(6.1.0\); 5 runs/],
    [
      { error: { code: 'PERF_DIED', message: 'x', hint: null, detail: null } },
      /; it ended early: PERF_DIED$/,
    ],
  ])('names clock, mode, tree and runs of %j', (record, line) => {
    expect(measuredPart([measuredOf()], record).find((one) => one.includes('measured:'))).toMatch(line);
  });

  it('calls a wall clock one', () => {
    const { machine } = perfRecord();
    if (machine === null) throw new Error('the record has a machine');
    const lines = measuredPart([measuredOf()], { machine: { ...machine, clock: 'wall', mode: 'kvm+kvm' } });
    expect(lines[2]).toMatch(/^ {2}measured: wall clock, kvm\+kvm; /);
  });

  it('fits a terminal, and lets nothing hostile through', () => {
    const bad = `\x1b[2J\x07${'long '.repeat(40)}\n\u202e`;
    const claim = { ...CLAIM, test: bad, direction: bad, unit: bad, setup: bad };
    const { series, tree } = perfRecord();
    const lines = measuredPart(
      [measuredOf({ claim, verdict: 'could not tell' }), measuredOf({ ...NOT, claim, why: bad })],
      { series: series === null ? null : { ...series, name: bad }, tree: { ...tree, source: bad } },
      80,
    );
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    expect(lines.join('')).not.toMatch(/[\x00-\x1f\u202e]/);
  });

  it('says that there is nothing', () => {
    expect(formatClaims(versionOf('v8'), null)).toBe('v8 claims no performance\n');
    expect(formatClaims(undefined, null)).toBe('no version of this series is there\n');
  });
});

it('is a plain object for a script, without the samples', () => {
  expect(measuredJson(measuredOf())).toEqual({
    ...CLAIM,
    ...{ claimed: 18, verdict: 'holds', why: null },
    measured: {
      ...{ test, of: 'throughput', change: 15.2, interval: [14.7, 15.7] },
      ...{ p: 0.008, noise: 0.5, real: true },
    },
  });
  expect(measuredJson(measuredOf(NOT))).toMatchObject({ verdict: 'not measured', measured: null });
  expect(recordJson(perfRecord({ machine: null, series: null }))).toMatchObject({
    ...{ series: null, mode: null, clock: null, runs: 5 },
  });
});
