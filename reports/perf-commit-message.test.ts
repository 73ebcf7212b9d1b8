// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { formatCommitMessage } from './perf-commit-message.ts';
import {
  changeOf,
  HOST_PATCHED,
  latencyRecord,
  matrixRecord,
  perfRecord,
  wallRecord,
} from './perf-fixture.ts';

it('writes the block as people do on the list', () => {
  expect(formatCommitMessage(perfRecord())).toBe(`Tool/Config: vsock-load w/ 64 threads, SOCK_STREAM
Test Runs: 5, mean of results
Before: commit 95ec6bce2a0b ("Merge branch 'net-ipa-more-endpoints'")

Test: 64KB, g2h
Before: 1.52 Gb/s
After: 1.57 Gb/s (+3.3%)

Test: 16B, g2h
Before: 8.02 Mb/s
After: 8.02 Mb/s (no measurable change)

Test: 64KB, h2g
Before: 0.830 Gb/s
After: 1.080 Gb/s (+30%)

Test: 16B, h2g
Before: 7.61 Mb/s
After: 7.45 Mb/s (-2.1%)

Measured by the instruction clock (a second is 500000000 instructions on
1+1 vcpus; no cache misses, memory traffic or contention), tcg+svm, QEMU
10.0.2, Linux 6.12.117.
`);
});

it('does not hide boots without a figure', () => {
  const { boots } = perfRecord();
  const dead = boots.filter(({ set }) => set === 1).map((boot) => ({ ...boot, outcome: 'failed' as const }));
  const [first] = boots;
  if (first === undefined) throw new Error('no boots');
  const all = [...boots, ...dead, { ...first, outcome: 'failed' as const }];
  expect(formatCommitMessage(perfRecord({ boots: all })).replaceAll('\n', ' ')).toContain(
    `Linux 6.12.117. ${dead.length + 1} of ${all.length} boots gave no figure: ${dead.length} of patched, 1 of base. `,
  );
});

it('seconds are never without machine, mode and load', () => {
  expect(formatCommitMessage(wallRecord())).toContain(`
Measured in seconds on AMD EPYC, 2 cores, load average 0.2 to 1.1, 0.00
to 0.90% stolen, kvm+kvm, QEMU 10.0.2, Linux 6.12.117.
`);
  expect(() => formatCommitMessage(wallRecord({ boots: [] }))).toThrow(/does not say how loaded/);
  expect(() => formatCommitMessage(wallRecord({ machine: null }))).toThrow(/does not say which machine/);
});

it('latencies are in ASCII', () => {
  const text = formatCommitMessage(latencyRecord());
  expect(text).toContain('Test: 64B, g2h, p50 latency\nBefore: 41.2 us\nAfter: 35.1 us (-15%)\n');
  expect(text).not.toMatch(/[^\n -~]/);
});

it('a tree without history is named by its source and version', () => {
  const { tree } = perfRecord();
  const text = formatCommitMessage(
    perfRecord({ tree: { ...tree, source: 'debian:linux-source-6.12', subject: null } }),
  );
  expect(text).toContain('\nBefore: debian:linux-source-6.12 (6.12.117)\n\n');
});

it('of four pairs of kernels it takes base and patched', () => {
  expect(formatCommitMessage(matrixRecord())).toBe(formatCommitMessage(perfRecord()));
});

it('another pair is named', () => {
  const { tests } = perfRecord();
  const changes = [changeOf('64KB-h2g-stream', [0.82, 0.83], [1.07, 1.08], { after: HOST_PATCHED })];
  const text = formatCommitMessage(perfRecord({ tests: tests.slice(2, 3), changes }));
  expect(text.replaceAll('\n', ' ')).toContain('Before: base. After: host patched, guest base.');
});

it('a test that was not measured has no figure', () => {
  const record = perfRecord();
  const text = formatCommitMessage({ ...record, changes: record.changes.slice(1) });
  expect(text).toContain('\nTest: 64KB, g2h\nnot measured\n\n');
});

it('a measurement that failed, or measured nothing, has no block', () => {
  const error = { code: 'PERF_GUEST_DIED', message: 'the guest died', hint: null, detail: null };
  for (const record of [perfRecord({ error, exit: 3 }), perfRecord({ changes: [] })])
    expect(() => formatCommitMessage(record)).toThrow(
      expect.objectContaining({ code: 'PERF_NO_FIGURES', exitCode: 3 }),
    );
});

it('a hostile subject is printable and fits, and so does all else', () => {
  const { tree } = perfRecord();
  const subject = `\x1b[2J${'a word and another '.repeat(50)}`;
  const text = formatCommitMessage(perfRecord({ tree: { ...tree, subject } }));
  expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
});
