// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { PerfRecord } from '../core/perf.ts';
import { displayWidth } from '../core/table.ts';
import { formatPerfCompare } from './perf-compare.ts';
import { changeOf, PATCHED, perfRecord, wallRecord } from './perf-fixture.ts';

const version = (one: string, some: Partial<PerfRecord> = {}): PerfRecord => {
  const record = perfRecord(some);
  return { ...record, series: record.series && { ...record.series, version: one } };
};
const machineOf = (some: Partial<NonNullable<PerfRecord['machine']>>): Partial<PerfRecord> => {
  const { machine } = perfRecord();
  return { machine: machine && { ...machine, ...some } };
};
const both = { before: PATCHED, after: PATCHED };
const changes = [
  changeOf('64KB-g2h-stream', [1.5712, 1.5695, 1.5722], [1.5708, 1.5701, 1.5718], both),
  changeOf('64KB-h2g-stream', [1.0812, 1.0779, 1.0825], [1.1203, 1.1188, 1.1212], both),
];

it('shows how a newer version does against an older one', () => {
  expect(
    formatPerfCompare(version('v3'), version('v4'), changes, { width: 80 }),
  ).toBe(`   series               kernels  tree
a  vsock-rx-buffers v3  patched  git:/src/linux#net-next (6.12.117),
                                 95ec6bce2a0b
b  vsock-rx-buffers v4  patched  git:/src/linux#net-next (6.12.117),
                                 95ec6bce2a0b

test                a          b  change     95 % interval      p
64KB g2h    1.57 Gb/s  1.57 Gb/s       ~  -0.13 to +0.12 %   0.71
16B g2h   not in both
64KB h2g    1.08 Gb/s  1.12 Gb/s  +3.7 %    +3.4 to +4.0 %  0.008
16B h2g   not in both

clock    counts instructions, not cache misses or memory traffic: 2 ns each
~        no measurable change: p is not below 0.01, or the change is within the
         noise
`);
});

it.each<[string, PerfRecord, string]>([
  ['clock', wallRecord(), 'clock: instructions in a, wall in b'],
  ['mode', version('v4', machineOf({ mode: 'tcg+tcg' })), 'mode: tcg+svm in a, tcg+tcg in b'],
  ['QEMU', version('v4', machineOf({ qemu: '9.2.0' })), 'QEMU: 10.0.2 in a, 9.2.0 in b'],
  ['vcpus', version('v4', machineOf({ guestCpus: 2 })), 'vcpus: 1+1 in a, 1+2 in b'],
  ['instruction', version('v4', machineOf({ nsPerInstruction: 1 })), 'an instruction: 2 ns in a, 1 ns in b'],
  [
    'program',
    version('v4', { program: { name: 'uperf', version: '1.0.8' } }),
    'program: vsock-load in a, uperf 1.0.8 in b',
  ],
  [
    'threads',
    version('v4', { tests: perfRecord().tests.map((test) => ({ ...test, threads: 1 })) }),
    '64KB-g2h-stream: 64 threads, 268435456 bytes by 65536 in a, 1 thread,',
  ],
])('of another %s it says so at the top, and claims no change', (_, other, words) => {
  const text = formatPerfCompare(version('v3'), other, changes);
  expect(text).toContain(`\n\ndiffers  ${words}`);
  expect(text.indexOf('differs')).toBeLessThan(text.indexOf('test '));
  expect(text).toMatch(/^64KB h2g .* Gb\/s +\? +\+3\.4 to \+4\.0 % +\?$/m);
  expect(text).toContain('\n?        a and b were not measured alike: no change is claimed\n');
});

it('another processor only matters to seconds', () => {
  const other = version('v4', machineOf({ cpu: 'other', pinned: true }));
  expect(formatPerfCompare(version('v3'), other, changes)).not.toContain('differs');
  const wall = wallRecord();
  const elsewhere = { ...wall, machine: wall.machine && { ...wall.machine, cpu: 'other' } };
  const text = formatPerfCompare(wall, elsewhere, changes);
  expect(text).toContain(
    'differs  machine: AMD EPYC, 2 cores, vcpus pinned in a, other, 2 cores, vcpus pinned in b\n',
  );
  expect(text.match(/load average/g)).toHaveLength(2);
});

it('other trees are named', () => {
  const { tree } = perfRecord();
  const other = version('v4', { tree: { ...tree, commit: 'f'.repeat(40) } });
  expect(formatPerfCompare(version('v3'), other, changes)).toContain('a and b are not on the same commit');
  expect(formatPerfCompare(version('v3'), version('v4'), changes)).not.toContain('commit');
});

it('where there is nothing to compare there is no table', () => {
  const error = { code: 'X', message: 'died', hint: null, detail: null };
  const text = formatPerfCompare(version('v3'), version('v4', { error }), changes);
  expect(text).toContain('no table b: the measurement ended with an error\n');
  expect(text).not.toMatch(/[GM]b\/s|%/);
  expect(formatPerfCompare(version('v3'), version('v4'), [])).toContain('no table a and b have no test');
});

it('is fit to print: hostile text, 80 columns, colours that say nothing more, ASCII', () => {
  const { series } = perfRecord();
  const hostile = { ...perfRecord(), series: series && { ...series, name: '\x1b[2J\u202ex', version: 'v1' } };
  const text = formatPerfCompare(hostile, version('v4'), changes, { width: 80 });
  expect(text).toContain('\\x1b[2J\\u202ex v1');
  for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  const colored = formatPerfCompare(hostile, version('v4'), changes, { width: 80, color: true });
  expect(colored).toContain('\x1b[32m+3.7 %\x1b[m');
  expect(colored.replace(/\x1b\[\d*m/g, '')).toBe(text);
  expect(formatPerfCompare(hostile, version('v4'), changes, { ascii: true })).not.toMatch(/[^\n -~]/);
});
