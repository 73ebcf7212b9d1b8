// SPDX-License-Identifier: MIT
/** For the tests of the reports on measurements: records made by hand. */
import {
  type CpuTicks,
  type Kernels,
  PERF_SCHEMA,
  type PerfBoot,
  type PerfChange,
  type PerfDirection,
  type PerfRecord,
  type PerfSample,
  type PerfTest,
} from '../core/perf.ts';
import type { Machine } from '../core/run.ts';
import type { Variant } from '../core/tree.ts';

export const BASE: Kernels = { host: 'base', guest: 'base' };
export const PATCHED: Kernels = { host: 'patched', guest: 'patched' };
export const HOST_PATCHED: Kernels = { host: 'patched', guest: 'base' };
export const GUEST_PATCHED: Kernels = { host: 'base', guest: 'patched' };

export function testOf(message: number, direction: PerfDirection, some: Partial<PerfTest> = {}): PerfTest {
  const size = message < 1024 ? `${message}B` : `${message / 1024}KB`;
  return {
    ...{ id: `${size}-${direction}-stream`, direction, type: 'stream', threads: 64, message },
    ...{ measure: 'throughput', bytes: message * 4096, ms: null, echoes: null },
    ...some,
  };
}

/** Larger receive buffers in the guest: much more for 64 KB h2g, a little less for 16 B, nothing for 16 B g2h. */
const FOUR: [PerfTest, number[], number[]][] = [
  [testOf(65536, 'g2h'), [1.521, 1.5195, 1.5225, 1.5202, 1.5218], [1.5712, 1.5695, 1.5722, 1.5708, 1.5701]],
  [
    testOf(16, 'g2h'),
    [0.008021, 0.008034, 0.008012, 0.008027, 0.008019],
    [0.008026, 0.008017, 0.008035, 0.008014, 0.008029],
  ],
  [testOf(65536, 'h2g'), [0.8312, 0.8287, 0.8301, 0.8325, 0.8291], [1.0812, 1.0779, 1.0825, 1.0791, 1.0802]],
  [
    testOf(16, 'h2g'),
    [0.007613, 0.007604, 0.007621, 0.007609, 0.007617],
    [0.007452, 0.007461, 0.007447, 0.007455, 0.007449],
  ],
];

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

/** t(4) / sqrt(5), which is near to what a bootstrap of five comes to. */
const HALF = 2.776 / Math.sqrt(5);

function deviationOf(list: readonly number[]): number {
  const middle = mean(list);
  return Math.sqrt(list.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (list.length - 1));
}

/** As the statistics would have it, without their bootstrap: real when it is larger than its interval. */
export function changeOf(
  test: string,
  before: readonly number[],
  after: readonly number[],
  some: Partial<PerfChange> = {},
): PerfChange {
  const [a, b] = [mean(before), mean(after)];
  const [halfA, halfB] = [deviationOf(before) * HALF, deviationOf(after) * HALF];
  const change = ((b - a) / a) * 100;
  const half = (Math.hypot(halfA, halfB) / a) * 100;
  const real = Math.abs(change) > half;
  return {
    ...{ test, before: BASE, after: PATCHED, beforeMean: a, afterMean: b },
    ...{ beforeInterval: [a - halfA, a + halfA], afterInterval: [b - halfB, b + halfB] },
    ...{ beforeSpread: (deviationOf(before) / a) * 100, afterSpread: (deviationOf(after) / b) * 100 },
    ...{ change, interval: [change - half, change + half], p: real ? 2 / 252 : 0.7063, noise: 0.21, real },
    ...{ of: 'throughput', samples: { before: [...before], after: [...after] } },
    ...some,
  };
}

const cpuOf = (user: number, system: number, softirq: number, guest: number, idle: number): CpuTicks => ({
  ...{ user, system, irq: 1, softirq, steal: 0, guest, idle },
});

/** Of the ticks in the guest its kernel has four fifths. */
const CPU: Record<Variant, Record<Machine, CpuTicks>> = {
  base: { host: cpuOf(8, 31, 8, 50, 2), guest: cpuOf(10, 31, 8, 0, 5) },
  patched: { host: cpuOf(9, 28, 7, 52, 3), guest: cpuOf(10, 31, 8, 0, 6) },
};

export function sampleOf(test: PerfTest, kernels: Kernels, boot: number, gbps: number): PerfSample {
  const bytes = test.bytes ?? 0;
  const round = { bytes, ns: (bytes * 8) / gbps };
  return {
    ...{
      test: test.id,
      kernels,
      set: kernels.guest === 'base' ? 0 : 1,
      boot,
      gbps,
      latency: null,
      cpu: CPU[kernels.guest],
    },
    ...{ warmUp: [round], rounds: [round, round] },
  };
}

export function bootOf(number: number, kernels: Kernels, some: Partial<PerfBoot> = {}): PerfBoot {
  return {
    ...{
      number,
      kernels,
      set: kernels.guest === 'base' ? 0 : 1,
      outcome: 'ok',
      hostInitMs: 1900,
      guestInitMs: 4400,
      ms: 31_000,
    },
    ...{ load: 1.2, steal: 0.4, detail: null },
    ...some,
  };
}

const KERNEL = { release: '6.12.117', compiler: 'gcc 12.2.0', configHash: 'e'.repeat(16), profile: 'fast' };

/** Four tests, 64 threads, five runs each of base and patched, by the instruction clock. */
export function perfRecord(some: Partial<PerfRecord> = {}): PerfRecord {
  const boots = [1, 2, 3, 4, 5].flatMap((run) => [
    bootOf(2 * run - 1, run % 2 === 1 ? BASE : PATCHED),
    bootOf(2 * run, run % 2 === 1 ? PATCHED : BASE),
  ]);
  return {
    ...{ schema: PERF_SCHEMA, id: '20261122-120000-vsock-rx-buffers-3c4d', respin: '0.1.0', exit: 0 },
    ...{ started: '2026-11-22T12:00:00.000Z', ended: '2026-11-22T12:06:20.000Z', argv: ['perf'] },
    series: {
      ...{ name: 'vsock-rx-buffers', title: 'vsock/virtio: larger receive buffers', version: 'v2' },
      ...{ source: 'vsock-rx-buffers', patches: [] },
    },
    tree: {
      ...{ source: 'git:/src/linux#net-next', version: '6.12.117', commit: '95ec6bce2a0b'.padEnd(40, 'c') },
      ...{ sha256: null, subject: "Merge branch 'net-ipa-more-endpoints'" },
    },
    machine: {
      ...{ mode: 'tcg+svm', reason: '/dev/kvm cannot be opened', qemu: '10.0.2', hostCpus: 1, guestCpus: 1 },
      ...{ cpu: 'AMD EPYC', cpus: 2, clock: 'instructions', nsPerInstruction: 2, pinned: false },
    },
    ...{ program: { name: 'vsock-load', version: null }, runs: 5 },
    kernels: { base: KERNEL, patched: KERNEL },
    tests: FOUR.map(([test]) => test),
    boots,
    samples: FOUR.flatMap(([test, before, after]) => [
      ...before.map((gbps, at) => sampleOf(test, BASE, 2 * at + 1, gbps)),
      ...after.map((gbps, at) => sampleOf(test, PATCHED, 2 * at + 2, gbps)),
    ]),
    changes: FOUR.map(([test, before, after]) => changeOf(test.id, before, after)),
    ...{ timings: {}, error: null },
    ...some,
  };
}

/** The same by seconds, which see nothing but the largest of the changes. */
export function wallRecord(some: Partial<PerfRecord> = {}): PerfRecord {
  const record = perfRecord();
  const machine = record.machine && {
    ...record.machine,
    ...{ mode: 'kvm+kvm' as const, reason: '/dev/kvm, nested', hostCpus: 2, guestCpus: 2, pinned: true },
    ...{ clock: 'wall' as const, nsPerInstruction: null },
  };
  const shake = (samples: readonly number[], by: readonly number[]): number[] =>
    samples.map((one, at) => one * (by[at] ?? 1));
  const changes = record.changes.map(({ test, samples }) =>
    changeOf(
      test,
      shake(samples.before, [0.93, 1.06, 0.99, 1.08, 0.92]),
      shake(samples.after, [1.07, 0.91, 1.04, 0.95, 1.06]),
      { noise: 11.4 },
    ),
  );
  const boots = record.boots.map((boot, at) => ({ ...boot, load: 0.2 + at / 10, steal: at / 10 }));
  return { ...record, machine, changes, boots, ...some };
}

/** Messages of 64 bytes there and back. */
export function latencyRecord(): PerfRecord {
  const test = testOf(64, 'g2h', {
    ...{ id: '64B-g2h-stream-latency', threads: 1, measure: 'latency', bytes: null, echoes: 1000 },
  });
  const [before, after] = [
    [41_210, 41_180, 41_260, 41_190, 41_230],
    [35_120, 35_090, 35_160, 35_110, 35_140],
  ];
  const tails = [
    [912_000, 934_000, 921_000, 908_000, 941_000],
    [918_000, 929_000, 925_000, 911_000, 936_000],
  ];
  const samples = (kernels: Kernels, p50: number[], p99: number[], first: number): PerfSample[] =>
    p50.map((one, at) => ({
      ...sampleOf(test, kernels, 2 * at + first, 1),
      ...{ gbps: null, latency: { p50: one, p99: p99[at] ?? 0, count: 1000 }, cpu: null },
      rounds: [{ bytes: 128_000, ns: one * 1000 }],
    }));
  return perfRecord({
    tests: [test],
    samples: [
      ...samples(BASE, before ?? [], tails[0] ?? [], 1),
      ...samples(PATCHED, after ?? [], tails[1] ?? [], 2),
    ],
    changes: [
      changeOf(test.id, before ?? [], after ?? [], { of: 'p50' }),
      changeOf(test.id, tails[0] ?? [], tails[1] ?? [], { of: 'p99' }),
    ],
  });
}

/** All four pairs of kernels; all that the series brings is in its guest's half. */
export function matrixRecord(): PerfRecord {
  const record = perfRecord();
  const mixed = record.tests.flatMap((test, at) => {
    const { samples } = record.changes[at] as PerfChange;
    return [
      { test, after: HOST_PATCHED, values: samples.before.map((value) => value * 1.0002) },
      { test, after: GUEST_PATCHED, values: samples.after.map((value) => value * 0.999) },
    ];
  });
  const changes = record.changes.flatMap((one) => [
    ...mixed
      .filter(({ test }) => test.id === one.test)
      .map(({ after, values }) => changeOf(one.test, one.samples.before, values, { after })),
    one,
  ]);
  const samples = mixed.flatMap(({ test, after, values }, first) =>
    values.map((gbps, at) => sampleOf(test, after, 11 + 8 * at + first, gbps)),
  );
  return { ...record, changes, samples: [...record.samples, ...samples] };
}
