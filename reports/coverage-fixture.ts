// SPDX-License-Identifier: MIT
/** For the tests of the reports on coverage: a record made by hand, of the shipped series in small. */
import {
  COVERAGE_SCHEMA,
  type CoverageFile,
  type CoverageLine,
  type CoverageReading,
  type CoverageRecord,
  countLines,
} from '../core/coverage.ts';

export const HUNK = '@@ -305,10 +305,22 @@ out_rcu:';
export const PATH = 'net/vmw_vsock/virtio_transport.c';

export const READINGS: CoverageReading[] = [
  { program: 'boot', direction: null, machine: 'host', taken: 1, lost: null },
  { program: 'boot', direction: null, machine: 'guest', taken: 1, lost: null },
  { program: 'vsock_test', direction: 'g2h', machine: 'host', taken: 1, lost: null },
  { program: 'vsock_test', direction: 'g2h', machine: 'guest', taken: 1, lost: null },
  { program: 'vsock_uring_test', direction: 'h2g', machine: 'guest', taken: 1, lost: null },
];

export function lineOf(line: number, some: Partial<CoverageLine> = {}): CoverageLine {
  const counts = some.counts ?? [];
  const state = counts.length > 0 ? 'ran' : 'never';
  return {
    ...{ line, text: `\tline_${line}();`, state, patch: 1, hunk: HUNK, at: line - 2, counts },
    ...some,
  };
}

export function fileOf(some: Partial<CoverageFile> = {}): CoverageFile {
  return {
    ...{ path: PATH, why: null },
    lines: [
      lineOf(310, { text: '/* Give it back */', state: 'no-code' }),
      lineOf(311, {
        counts: [
          [1, 3],
          [3, 40],
          [4, 2],
        ],
      }),
      lineOf(312, { counts: [[3, 40]] }),
      lineOf(313),
      lineOf(314),
      lineOf(320, { patch: 2, hunk: '@@ -320,2 +320,4 @@ other', counts: [[4, 7]] }),
      lineOf(330, { patch: 2, hunk: '@@ -330,2 +330,4 @@ another', state: 'not-built' }),
    ],
    around: [
      { line: 315, text: '}' },
      { line: 316, text: '' },
    ],
    ...some,
  };
}

export function coverageRecord(some: Partial<CoverageRecord> = {}): CoverageRecord {
  const files = some.files ?? [
    fileOf(),
    {
      ...{ path: 'tools/testing/vsock/vsock_test.c', why: 'not a part of the kernel', around: [] },
      lines: [lineOf(5, { state: 'not-built', patch: 2, hunk: '@@ -0,0 +5 @@' })],
    },
  ];
  const kernel = { release: '6.12.117', compiler: 'gcc 12.2.0', configHash: 'c0ff', profile: 'fast' };
  const patch = (n: number) => ({
    subject: `patch ${n}`,
    patchId: `${n}`.repeat(40),
    commit: `${n}`,
    messageId: null,
  });
  return {
    ...{ schema: COVERAGE_SCHEMA, id: '20261126-100000-vsock-rx-buffers-00aa', respin: '1.0.0' },
    ...{ started: '2026-11-26T10:00:00.000Z', ended: '2026-11-26T10:02:00.000Z' },
    ...{ argv: ['coverage', 'vsock-rx-buffers'], exit: 0 },
    series: {
      ...{ name: 'vsock-rx-buffers', title: 'vsock/virtio: larger rx buffers', version: 'v1' },
      ...{ source: 'vsock-rx-buffers', patches: [patch(1), patch(2)] },
    },
    tree: { source: 'debian:linux-source-6.12', version: '6.12.117', commit: 'ba5e', sha256: null },
    machine: {
      ...{ mode: 'tcg+svm', reason: 'no /dev/kvm', qemu: '10.0.2', hostCpus: 2, guestCpus: 1 },
      ...{ cpus: 2, timeScale: 8, stepTimeout: 20 },
    },
    kernels: { host: kernel, guest: kernel },
    gcov: '12.2.0',
    profiled: [
      { source: PATH, built: true },
      { source: 'drivers/net/other.c', built: false },
    ],
    tests: { verdict: 'pass', why: '93 cases passed', cases: { pass: 93 }, failed: [] },
    ...{ readings: READINGS, files, counts: countLines(files.flatMap(({ lines }) => lines)) },
    ...{ timings: { total: 120_000 }, error: null },
    ...some,
  };
}
