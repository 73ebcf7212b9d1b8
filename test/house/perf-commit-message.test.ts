// SPDX-License-Identifier: MIT
/** What `respin perf` writes into a commit message is what `respin review` reads out of it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCommitMessage } from '../../reports/perf-commit-message.ts';
import { changeOf, latencyRecord, perfRecord, wallRecord } from '../../reports/perf-fixture.ts';
import { performanceOf } from '../../review/claims/performance.ts';

const message = (text: string): string => `vsock/virtio: larger receive buffers\n\nSome words.\n\n${text}`;

it('the four tests are read back, with the changes that were called changes', () => {
  const claims = performanceOf(message(formatCommitMessage(perfRecord())), 1);
  expect(
    claims.map(({ test, direction, before, after, unit, change, right }) =>
      [test, direction, before, after, unit, change, right].join(' '),
    ),
  ).toEqual([
    '64KB g2h 1.52 1.57 Gb/s 3.3 true',
    // No measurable change.
    '16B g2h 8.02 8.02 Mb/s 0 true',
    '64KB h2g 0.83 1.08 Gb/s 30 true',
    '16B h2g 7.61 7.45 Mb/s -2.1 true',
  ]);
});

it('seconds and latencies are read back as well', () => {
  const wall = performanceOf(message(formatCommitMessage(wallRecord())), 1);
  expect(wall.map(({ change, right }) => [change, right])).toEqual([
    [0, null],
    [0, null],
    [31, true],
    [0, null],
  ]);
  const latency = performanceOf(message(formatCommitMessage(latencyRecord())), 1);
  expect(latency.map(({ test, unit, change, right }) => [test, unit, change, right])).toEqual([
    ['64B, p50 latency', 'us', -15, true],
    ['64B, p99 latency', 'us', 0, true],
  ]);
});

it('whatever the figures, the percentage is the one that follows from them', () => {
  const value = fc.double({ min: 1e-7, max: 400, noNaN: true });
  const factor = fc.double({ min: 0.2, max: 5, noNaN: true });
  fc.assert(
    fc.property(value, factor, (before, by) => {
      const [test] = perfRecord().tests;
      if (test === undefined) throw new Error('no test');
      const change = changeOf(test.id, [before], [before * by], { real: true });
      const text = formatCommitMessage(perfRecord({ tests: [test], changes: [change] }));
      const [claim, ...more] = performanceOf(message(text), 1);
      expect(more).toEqual([]);
      expect(claim?.right).toBe(true);
      expect(Math.abs((claim?.change ?? Number.NaN) - change.change)).toBeLessThan(1);
    }),
  );
});
