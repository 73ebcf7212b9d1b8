// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { PerfRecord } from '../core/perf.ts';
import { displayWidth } from '../core/table.ts';
import { changeOf, latencyRecord, matrixRecord, perfRecord, wallRecord } from './perf-fixture.ts';
import { measuredOf } from './perf-measured.ts';
import { formatPerfPlot } from './perf-plot.ts';
import { scaleOf } from './perf-scale.ts';

it('shows runs, means and intervals of a test on one scale', () => {
  const record = wallRecord();
  const text = formatPerfPlot({
    ...record,
    ...{ tests: record.tests.slice(2), changes: record.changes.slice(2) },
  });
  expect(text).toBe(`vsock-rx-buffers v2: vsock/virtio: larger receive buffers
machine  kvm+kvm (/dev/kvm, nested), QEMU 10.0.2, 2+2 vcpus, wall clock

64KB h2g  +31.4 % (p 0.008)
  base           ├••─────┼─────•─•┤                                   0.827 Gb/s
  patched                                 •├───•──────┼────•─••──┤    1.087 Gb/s
           ╵0.7       ╵0.8       ╵0.9        ╵1.0       ╵1.1       ╵1.2 Gb/s

16B h2g  ~ (p 0.71)
  base                ├──•─•────────────•┼─────────────•───•┤          7.58 Mb/s
  patched          • ├─────•───────────┼──────•───•─•────┤             7.50 Mb/s
           ╵6.5          ╵7.0          ╵7.5          ╵8.0          ╵8.5 Mb/s

shown    • a run, ├─┼─┤ mean and its 95 % interval, ~ no measurable change
clock    seconds of this machine (AMD EPYC, 2 cores, kvm+kvm, vcpus pinned), and
         all that slows it: load average 0.2 to 1.1, 0.00 to 0.90 % stolen
`);
});

it('says of each pair of kernels what it came to', () => {
  const text = formatPerfPlot(matrixRecord(), { width: 120 });
  expect(text).toMatch(/^ {2}host base, guest patched .*1\.079 Gb\/s {2}\+30\.0 %$/m);
  expect(text).toMatch(/^ {2}host patched, guest base .*0\.830 Gb\/s {2}~$/m);
});

it.each([80, 120])('fits %i columns, with colours, and in ASCII', (width) => {
  for (const record of [perfRecord(), wallRecord(), latencyRecord(), matrixRecord()]) {
    const text = formatPerfPlot(record, { width });
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    expect(formatPerfPlot(record, { width, ascii: true })).not.toMatch(/[^\n -~]/);
    const colored = formatPerfPlot(record, { width, color: true });
    expect(colored).not.toBe(text);
    expect(colored.replace(/\x1b\[\d*m/g, '')).toBe(text);
  }
});

it('a test without result is named; a record that cannot say what its figures are worth has no plot', () => {
  const record = perfRecord();
  expect(formatPerfPlot({ ...record, changes: record.changes.slice(1) })).toContain(
    '64KB g2h\n  not measured\n',
  );
  for (const some of [{ machine: null }, { boots: [] }, { changes: [] }] as Partial<PerfRecord>[]) {
    const text = formatPerfPlot(wallRecord(some));
    expect(text).toContain('no plot  ');
    expect(text).not.toMatch(/[GM]b\/s/);
  }
});

it('no text of a record reaches the terminal as it is', () => {
  const { series } = perfRecord();
  const text = formatPerfPlot(perfRecord({ series: series && { ...series, title: '\x1b[2J\u202e' } }));
  expect(text).toContain('\\x1b[2J\\u202e');
  expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
});

it('the scale holds all there is, and does not blow up what is next to nothing', () => {
  for (const record of [perfRecord(), wallRecord(), latencyRecord(), matrixRecord()]) {
    for (const one of measuredOf(record)) {
      const { at } = scaleOf(one);
      for (const { samples, interval } of one.rows)
        for (const value of [...samples, ...interval]) {
          expect(at(value)).toBeGreaterThanOrEqual(0);
          expect(at(value)).toBeLessThanOrEqual(1);
        }
    }
  }
  const { tests } = perfRecord();
  const changes = [changeOf('64KB-g2h-stream', [1, 1, 1], [1.001, 1.001, 1.001])];
  const [same] = measuredOf({ tests: tests.slice(0, 1), changes });
  if (same === undefined) throw new Error('nothing measured');
  const { at } = scaleOf(same);
  expect(at(1.001) - at(1)).toBeLessThan(0.06);
});

it('nothing is drawn left of zero, and zeros have a scale', () => {
  const { tests } = perfRecord();
  for (const [before, after] of [
    [
      [0.1, 2, 0.2],
      [0.1, 3, 0.3],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ] as const) {
    const change = changeOf('64KB-g2h-stream', before, after, { change: 0, interval: [-9, 9], real: false });
    const text = formatPerfPlot(perfRecord({ tests: tests.slice(0, 1), changes: [change] }));
    expect(text).toContain('╵0');
    expect(text).not.toMatch(/NaN|Infinity|╵-/);
  }
});
