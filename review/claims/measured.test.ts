// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PerfRecord } from '../../core/perf.ts';
import type { PerformanceClaim } from '../../core/review.ts';
import { BASE, PATCHED, perfChange, perfRecord, perfTest } from '../../test/fixtures/perf-record.ts';
import { judge, measureClaims } from './measured.ts';
import { performanceOf } from './performance.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../test/fixtures/review/v8-review.txt'), 'utf8');

const claimOf = (some: Partial<PerformanceClaim> = {}): PerformanceClaim => ({
  ...{ test: '64KB', direction: 'g2h', before: 10, after: 11, unit: 'Gb/s', change: null },
  ...{ computedChange: 10, right: null, setup: null, base: null, patch: 1 },
  ...some,
});
const one = (some: Partial<PerformanceClaim>, record: PerfRecord = perfRecord()) => {
  const [found] = measureClaims([claimOf(some)], record);
  if (found === undefined) throw new Error('one claim has one answer');
  return found;
};
const tests = (...some: Parameters<typeof perfTest>[]): Partial<PerfRecord> => {
  const made = some.map((args) => perfTest(...args));
  return { tests: made, changes: made.map(({ id }) => perfChange(id, 10)) };
};

describe('measureClaims', () => {
  it('holds the table of the web page against a record', () => {
    const found = measureClaims(performanceOf(page, 1), perfRecord());
    expect(found.map(({ claimed, verdict, measured }) => [measured?.test.id, claimed, verdict])).toEqual([
      ['64KB-g2h-stream', 18, 'holds'],
      ['16B-g2h-stream', 46, 'not seen'],
      ['64KB-h2g-stream', 67, 'smaller'],
      ['16B-h2g-stream', 28, 'other way'],
    ]);
    expect(found[2]?.measured?.change).toMatchObject({ change: 3, interval: [2.5, 3.5] });
  });

  it.each<[string, Partial<PerformanceClaim>, number]>([
    ['what is printed, when it is right', { change: 18, computedChange: 18.3, right: true }, 18],
    ['the values, when it is wrong', { change: 48, computedChange: 28.2, right: false }, 28.2],
    ['the values, when none is printed', { change: null, computedChange: 28.2 }, 28.2],
    ['the values, when it is rough', { change: 20, computedChange: 18.3, right: null }, 18.3],
    ['a sign where a word has it', { change: 20, computedChange: -20, right: true }, -20],
    ['0', { change: 0, computedChange: 0, right: true }, 0],
    ['no measurable change', { change: 0, computedChange: 0.6, right: true }, 0],
    ['none within the noise, whatever the values', { change: 0, computedChange: 4, right: null }, 0],
    ['the values, when a printed 0 is wrong', { change: 0, computedChange: 4, right: false }, 4],
  ])('judges %s', (_, claim, claimed) => {
    expect(one(claim).claimed).toBe(claimed);
  });

  it.each<[Partial<PerformanceClaim>, RegExp]>([
    [{ unit: 'pps' }, /^pps is not what the record measures$/],
    [{ unit: '' }, /^its values have no unit$/],
    [{ unit: 'us' }, /^the record has no such latency test$/],
    [{ direction: null }, /direction/],
    [{ direction: 'loopback' }, /^the record has no such throughput test$/],
    [{ test: 'throughput' }, /^it does not say how large the messages are$/],
    [{ test: '64KB and 16B' }, /more than one size/],
    [{ test: '4K' }, /^the record has no such throughput test$/],
    [{ test: '64KB, 16 threads' }, /no such throughput test; there is 64KB-g2h-stream$/],
    [{ test: '64KB seqpacket' }, /no such throughput test; there is 64KB-g2h-stream$/],
  ])('%j is not measured', (claim, why) => {
    expect(one(claim)).toMatchObject({
      verdict: 'not measured',
      measured: null,
      why: expect.stringMatching(why),
    });
  });

  it.each<[Partial<PerformanceClaim>]>([
    [{ test: '64 KiB' }],
    [{ test: '64k, 64 threads, SOCK_STREAM' }],
    [{ unit: 'msgs/s' }],
    [{ unit: '', test: '64KB throughput' }],
    [{ setup: 'one thread, SEQPACKET' }],
  ])('%j is the one test that fits', (claim) => {
    expect(one(claim).measured?.test.id).toBe('64KB-g2h-stream');
  });

  it('tells tests apart by threads and type, of the name or of the line above', () => {
    const record = perfRecord(
      tests(
        ['64KB-g2h', { id: 'a', threads: 1 }],
        ['64KB-g2h', { id: 'b' }],
        ['64KB-g2h', { id: 'c', threads: 1, type: 'seqpacket' }],
      ),
    );
    const of = (claim: Partial<PerformanceClaim>) => one(claim, record);
    expect(of({}).why).toBe('the record has more than one such test: a, b, c');
    expect(of({ test: '64KB, 64 threads' }).measured?.test.id).toBe('b');
    expect(of({ test: '64KB, SOCK_SEQPACKET' }).measured?.test.id).toBe('c');
    expect(of({ setup: 'uperf w/ 64 threads, SOCK_STREAM' }).measured?.test.id).toBe('b');
    // No test has 16 threads; the type still tells.
    expect(of({ setup: '16 threads, SOCK_SEQPACKET' }).measured?.test.id).toBe('c');
    expect(of({ test: '64KB, 1 thread', setup: '64 threads, SOCK_STREAM' }).measured?.test.id).toBe('a');
  });

  it('takes a time for a latency, of p50 unless the claim says p99', () => {
    const record = perfRecord({
      tests: [perfTest('64KB-g2h'), perfTest('64B-g2h', { measure: 'latency' })],
      changes: [
        perfChange('64B-g2h-stream', -10, 0.5, { of: 'p50' }),
        perfChange('64B-g2h-stream', -4, 0.5, { of: 'p99' }),
      ],
    });
    const of = (test: string) => one({ test, unit: 'us', computedChange: -10 }, record);
    expect(of('64B latency')).toMatchObject({ verdict: 'holds', measured: { change: { of: 'p50' } } });
    expect(of('64B, p99')).toMatchObject({ verdict: 'smaller', measured: { change: { of: 'p99' } } });
    expect(of('64B, p99.9').why).toBe('the record has the percentiles p50 and p99');
    expect(one({}, record).why).toBe('the test 64KB-g2h-stream of the record has no result');
  });

  it('looks only at the series on both machines against the base', () => {
    const half = perfChange('64KB-g2h-stream', 5, 0.5, { after: { host: 'patched', guest: 'base' } });
    const whole = perfChange('64KB-g2h-stream', 10);
    expect(one({}, perfRecord({ changes: [half, whole] })).measured?.change).toBe(whole);
    const same = perfChange('64KB-g2h-stream', 0, 0.5, { after: BASE });
    const later = perfChange('64KB-g2h-stream', 0, 0.5, { before: PATCHED });
    for (const changes of [[half], [same], [later], []]) {
      expect(one({}, perfRecord({ changes })).why).toMatch(/series on both machines against the base/);
    }
  });
});

describe('judge', () => {
  it.each<[number, number, number, string]>([
    // claimed, measured, half of its interval
    [18, 18.2, 0.5, 'holds'],
    [18, 13.1, 0.5, 'holds'],
    [18, 12.9, 0.5, 'smaller'],
    [18, 22.9, 0.5, 'holds'],
    [18, 23.1, 0.5, 'larger'],
    [18, -18, 0.5, 'other way'],
    [18, 40, 20, 'holds'],
    [-20, -3, 0.5, 'smaller'],
    [-20, -40, 0.5, 'larger'],
    [-20, 3, 0.5, 'other way'],
    [1, 2.4, 0.5, 'holds'],
    [1, 2.6, 0.5, 'larger'],
    [0, 1.4, 0.5, 'holds'],
    [0, -5, 0.5, 'larger'],
    [0.3, -0.6, 0.1, 'holds'],
  ])('claimed %d, measured %d ± %d: %s', (claimed, change, room, verdict) => {
    expect(judge(claimed, perfChange('x', change, room))).toBe(verdict);
  });

  it.each<[number, number, number, number, string]>([
    // claimed, measured, half of its interval, noise
    [18, 0.1, 0.5, 0.5, 'not seen'],
    [-25, 5, 20, 0.5, 'not seen'],
    // What a real change would have been called to hold is not said to be unseen.
    [-18, 5, 20, 0.5, 'could not tell'],
    [15, 7.9, 4.7, 0.5, 'could not tell'],
    [18, 0.5, 0.3, 0.7, 'not seen'],
    [18, 5, 20, 0.5, 'could not tell'],
    [18, 0.1, 0.5, 30, 'could not tell'],
    [-0.4, 0.1, 0.5, 0.5, 'holds'],
    [0, 0.1, 0.5, 0.5, 'holds'],
    [0, 0.1, 5, 0.5, 'could not tell'],
  ])('claimed %d, measured no change, %d ± %d with noise %d: %s', (claimed, change, room, noise, verdict) => {
    expect(judge(claimed, perfChange('x', change, room, { real: false, noise }))).toBe(verdict);
  });

  it('of fewer runs than can show a change nothing is told', () => {
    const samples = { before: [1, 1, 1, 1], after: [1.17, 1.17, 1.17, 1.17] };
    for (const claimed of [18, 40, 0])
      expect(judge(claimed, perfChange('x', 17, 0.5, { real: false, samples }))).toBe('could not tell');
  });
});
