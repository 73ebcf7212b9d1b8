// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Kernels, PerfSample } from '../../core/perf.ts';
import { changesOf, compareSamples } from './changes.ts';
import { perfTests } from './tests.ts';

const BASE: Kernels = { host: 'base', guest: 'base' };
const PATCHED: Kernels = { host: 'patched', guest: 'patched' };
const TESTS = perfTests({
  ...{ directions: ['h2g'], messages: [65_536], types: ['stream'], threads: 64 },
  ...{ measure: 'throughput', clock: 'instructions', program: 'vsock-load', bytes: null, emulated: true },
});

let boots = 0;
const sample = (set: number, gbps: number, over: Partial<PerfSample> = {}): PerfSample => ({
  ...{ test: '64KB-h2g-stream', kernels: set === 0 ? BASE : PATCHED, set, boot: ++boots, gbps },
  latency: null,
  ...{ warmUp: [], rounds: [], cpu: null },
  ...over,
});

describe('a change', () => {
  it('is called one when no run of the one is like a run of the other', () => {
    const change = compareSamples(
      [100, 100.1, 99.9, 100, 100.2],
      [101, 101.1, 100.9, 101, 101.2],
      'instructions',
    );
    expect(change.real).toBe(true);
    expect(change.beforeMean).toBeCloseTo(100.04, 9);
    expect(change.afterMean).toBeCloseTo(101.04, 9);
    expect(change.change).toBeCloseTo(1, 1);
    expect(change.p).toBeCloseTo(2 / 252, 9);
  });

  it('is none where the runs overlap', () => {
    const { real, p } = compareSamples(
      [100, 100.1, 99.9, 100, 101.05],
      [101, 101.1, 100.9, 101, 101.2],
      'instructions',
    );
    expect(real).toBe(false);
    expect(p).toBeGreaterThan(0.01);
  });

  it('is none within what the same kernel shows against itself', () => {
    // Apart, but two such sets of the first would be as well.
    const { real, p, noise } = compareSamples(
      [90, 91, 98, 99, 99.5],
      [99.6, 99.7, 99.8, 99.9, 100],
      'instructions',
    );
    expect(p).toBeLessThan(0.01);
    expect(noise).toBeGreaterThan(5);
    expect(real).toBe(false);
  });

  it('is one of a kernel that has become unsteady', () => {
    const before = [99.8, 100.1, 100, 99.9, 100.2, 100, 99.9, 100.1, 100, 100];
    const after = before.map((one, at) => (at % 2 === 0 ? one * 0.99 : one * 0.7));
    expect(compareSamples(before, after, 'instructions')).toMatchObject({ real: true, noise: 0.7 });
  });

  it('is none below what the clock is good for', () => {
    const [before, after] = [
      [100, 100.01, 100, 100, 100.01],
      [100.3, 100.31, 100.3, 100.3, 100.31],
    ];
    expect(compareSamples(before, after, 'instructions')).toMatchObject({ real: false, noise: 0.7 });
    const more = after.map((one) => one + 1);
    expect(compareSamples(before, more, 'instructions').real).toBe(true);
    expect(compareSamples(before, more, 'wall')).toMatchObject({ real: false, noise: 2 });
  });
});

describe('changesOf', () => {
  it('holds each set against the first', () => {
    const samples = [sample(0, 1), sample(0, 1.1), sample(1, 2), sample(1, 2.1), sample(2, 3)];
    const changes = changesOf(TESTS, samples, [BASE, PATCHED, PATCHED], 'instructions');
    expect(changes.map(({ after, afterMean }) => [after, afterMean])).toEqual([
      [PATCHED, 2.05],
      [PATCHED, 3],
    ]);
  });

  it('keeps two sets with the same kernels apart', () => {
    const samples = [sample(0, 1), sample(1, 1.5, { kernels: BASE })];
    const [change] = changesOf(TESTS, samples, [BASE, BASE], 'instructions');
    expect(change).toMatchObject({ beforeMean: 1, afterMean: 1.5, real: false });
  });

  it('tells latency by two percentiles', () => {
    const latency = { p50: 100, p99: 300, count: 10 };
    const tests = TESTS.map((test) => ({ ...test, measure: 'latency' as const }));
    const samples = [sample(0, 0, { gbps: null, latency }), sample(1, 0, { gbps: null, latency })];
    expect(
      changesOf(tests, samples, [BASE, PATCHED], 'instructions').map(({ of, beforeMean }) => [
        of,
        beforeMean,
      ]),
    ).toEqual([
      ['p50', 100],
      ['p99', 300],
    ]);
  });

  it('says nothing of a set without samples', () => {
    expect(changesOf(TESTS, [sample(0, 1)], [BASE, PATCHED], 'instructions')).toEqual([]);
  });
});
