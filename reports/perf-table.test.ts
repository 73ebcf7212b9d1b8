// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { PerfRecord } from '../core/perf.ts';
import { displayWidth } from '../core/table.ts';
import {
  BASE,
  bootOf,
  changeOf,
  latencyRecord,
  matrixRecord,
  perfRecord,
  wallRecord,
} from './perf-fixture.ts';
import { spentOn, wholePercent } from './perf-shares.ts';
import { formatPerf } from './perf-table.ts';
import { inUnit, pText, signed } from './perf-words.ts';

const plain = (text: string): string => text.replace(/\x1b\[\d*m/g, '');

it('says what was measured where, each test with its interval, and what the clock does not see', () => {
  expect(
    formatPerf(perfRecord(), { width: 80 }),
  ).toBe(`vsock-rx-buffers v2: vsock/virtio: larger receive buffers
tree     git:/src/linux#net-next (6.12.117), commit 95ec6bce2a0b ("Merge branch
         'net-ipa-more-endpoints'")
kernels  base and patched 6.12.117, fast profile, gcc 12.2.0
machine  tcg+svm (/dev/kvm cannot be opened), QEMU 10.0.2, 1+1 vcpus,
         instruction clock
program  vsock-load, 64 threads, SOCK_STREAM, 5 runs each
record   20261122-120000-vsock-rx-buffers-3c4d

test          before       after   change     95 % interval      p
64KB g2h   1.52 Gb/s   1.57 Gb/s   +3.3 %    +3.1 to +3.4 %  0.008
16B g2h    8.02 Mb/s   8.02 Mb/s        ~  -0.17 to +0.21 %   0.71
64KB h2g  0.830 Gb/s  1.080 Gb/s  +30.1 %  +29.7 to +30.4 %  0.008
16B h2g    7.61 Mb/s   7.45 Mb/s   -2.1 %    -2.2 to -2.0 %  0.008

clock    counts instructions, not cache misses or memory traffic: 2 ns each
runs     means of 5 runs, which spread by 0.07 to 0.19 %; noise 0.21 %
~        no measurable change: p is not below 0.01, or the change is within the
         noise

                         instructions    host   guest
where it goes  per byte   per message  kernel  kernel  user  idle
64KB g2h
  base             2.63       172,300    40 %    40 %  18 %   2 %
  patched          2.55       166,900    36 %    42 %  19 %   3 %
16B g2h
  base              499         7,977    40 %    40 %  18 %   2 %
  patched           499         7,976    36 %    42 %  19 %   3 %
64KB h2g
  base             4.82       315,700    40 %    40 %  18 %   2 %
  patched          3.70       242,700    36 %    42 %  19 %   3 %
16B h2g
  base              525         8,407    40 %    40 %  18 %   2 %
  patched           537         8,587    36 %    42 %  19 %   3 %
`);
});

describe('by the wall', () => {
  it('names the machine, its mode and what else it did; nothing is said of instructions', () => {
    const text = formatPerf(wallRecord(), { width: 80 });
    expect(text).toContain(`
clock    seconds of this machine (AMD EPYC, 2 cores, kvm+kvm, vcpus pinned), and
         all that slows it: load average 0.2 to 1.1, 0.00 to 0.90 % stolen
`);
    expect(text).not.toMatch(/instruction|per byte/);
    expect(text).toMatch(/^64KB g2h .* ~ /m);
    expect(text).toMatch(/^64KB h2g .* \+31\.4 % /m);
  });

  it('where it is not known what was stolen, that is said', () => {
    const boots = [bootOf(1, BASE, { steal: null }), bootOf(2, BASE)];
    expect(formatPerf(wallRecord({ boots }))).toContain('how much was stolen is not known');
  });

  it.each<[string, Partial<PerfRecord>, string]>([
    ['machine', { machine: null }, 'the record does not say which machine it was measured on'],
    ['load', { boots: [] }, 'the record does not say how loaded the machine was'],
  ])('without its %s there is no table', (_, some, why) => {
    const text = formatPerf(wallRecord(some));
    expect(text).toContain(`no table ${why}\n`);
    expect(text).not.toMatch(/[GM]b\/s|%/);
  });
});

it('an error that ended it leaves no figure', () => {
  const error = { code: 'PERF_GUEST_DIED', message: 'the guest died', hint: 'see guest.log', detail: null };
  const text = formatPerf(perfRecord({ error, exit: 3 }));
  expect(text).toContain('no table the measurement ended with an error\n');
  expect(text).toContain('error    PERF_GUEST_DIED: the guest died\nhint     see guest.log\n');
  expect(text).not.toMatch(/[GM]b\/s|%/);
  expect(formatPerf(perfRecord({ error, exit: 3 }), { withoutError: true })).not.toMatch(/^error|^hint/m);
});

it('a test without result and a boot that failed are named', () => {
  const record = perfRecord();
  const boots = [...record.boots, bootOf(11, BASE, { outcome: 'failed', detail: 'panic: oops\nmore' })];
  const text = formatPerf({ ...record, boots, changes: record.changes.slice(1) });
  expect(text).toMatch(/^64KB g2h +not measured$/m);
  expect(text).toContain('\nboot     11: failed, panic: oops\n');
});

it('latency has a row for each percentile, and less of it is green', () => {
  const text = formatPerf(latencyRecord(), { width: 80, color: true });
  expect(plain(text)).toMatch(/^64B g2h p50 latency +41\.2 µs +35\.1 µs +-14\.8 % /m);
  expect(plain(text)).toMatch(/^64B g2h p99 latency +923 µs +924 µs +~ /m);
  expect(text).toContain('\x1b[32m-14.8 %\x1b[m');
  expect(plain(text)).toMatch(/there and back\n64B g2h\n {2}base +20,610\n/);
});

it('four pairs of kernels are told apart, all against the first', () => {
  const text = formatPerf(matrixRecord(), { width: 80 });
  expect(text).toContain(`
64KB h2g
  base                      0.830 Gb/s
  host patched, guest base  0.830 Gb/s        ~  -0.31 to +0.35 %   0.71
  host base, guest patched  1.079 Gb/s  +30.0 %  +29.6 to +30.3 %  0.008
  patched                   1.080 Gb/s  +30.1 %  +29.7 to +30.4 %  0.008
`);
});

it('the same kernels twice are one in what they spend', () => {
  const { tests } = perfRecord();
  const changes = tests.map(({ id }) => changeOf(id, [1, 1.01], [1.01, 1], { after: BASE, real: false }));
  const text = formatPerf(perfRecord({ series: null, changes }), { width: 80 });
  expect(text).toMatch(/^base\n/);
  expect(text).toMatch(/^64KB g2h +1\.00 Gb\/s +1\.00 Gb\/s +~ /m);
  expect(text.match(/^ {2}base /gm)).toHaveLength(4);
});

it.each([
  ['four tests', perfRecord()],
  ['seconds', wallRecord()],
  ['latency', latencyRecord()],
  ['four pairs', matrixRecord()],
])('%s: fits 80 columns, and colours say nothing the words do not', (_, record) => {
  const text = formatPerf(record, { width: 80 });
  for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  const colored = formatPerf(record, { width: 80, color: true });
  expect(colored).not.toBe(text);
  expect(plain(colored)).toBe(text);
  expect(formatPerf(record, { width: 80, ascii: true })).not.toMatch(/[^\n -~]/);
});

it('no text of a record reaches the terminal as it is', () => {
  const record = perfRecord();
  const evil = '\x1b[2J\u202e';
  const text = formatPerf({
    ...record,
    series: record.series && { ...record.series, title: `a${evil}`, name: evil },
    tree: { ...record.tree, subject: evil, source: evil },
    machine: record.machine && { ...record.machine, reason: evil, qemu: evil },
    boots: [bootOf(1, BASE, { outcome: 'failed', detail: evil })],
    id: evil,
    tests: record.tests.map((test) => ({ ...test, direction: evil as 'g2h' })),
  });
  expect(text).toContain('\\x1b[2J\\u202e');
  expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
});

describe('what instructions were for', () => {
  it('ticks in the guest are divided as the guest divides its own', () => {
    const [test] = perfRecord().tests;
    if (test === undefined) throw new Error('no test');
    const { shares, perByte, perMessage } = spentOn(perfRecord(), test, BASE);
    // Host: 40 of 99 kernel, 8 user, 50 guest, 2 idle; guest: 40 of 50 kernel.
    expect(shares).toEqual({ hostKernel: 40, guestKernel: 40, user: 18, idle: 2 });
    // 8 bits / 1.521 bits per ns / 2 ns
    expect(perByte).toBeCloseTo(2.63, 2);
    expect(perMessage).toBeCloseTo((perByte ?? 0) * 65536, 6);
  });

  it('what some samples do not tell is not told', () => {
    const record = perfRecord();
    const [test] = record.tests;
    if (test === undefined) throw new Error('no test');
    const samples = record.samples.map((one, at) => (at === 0 ? { ...one, cpu: null } : one));
    expect(spentOn({ ...record, samples }, test, BASE).shares).toBeNull();
    expect(spentOn({ ...record, samples: [] }, test, BASE)).toEqual({
      ...{ perByte: null, perMessage: null, perEcho: null, shares: null, guestTicks: null },
    });
  });

  it('nor is what boots of the same kernels do not agree about', () => {
    const record = perfRecord();
    const [test] = record.tests;
    if (test === undefined) throw new Error('no test');
    // Half of the guest's ticks are the host's in one boot of each kernel.
    const samples = record.samples.map((one) => {
      if (one.cpu === null || one.boot > 2) return one;
      const { host } = one.cpu;
      const moved = host.guest / 2;
      return {
        ...one,
        cpu: { ...one.cpu, host: { ...host, guest: host.guest - moved, system: host.system + moved } },
      };
    });
    const { shares, guestTicks } = spentOn({ ...record, samples }, test, BASE);
    expect(shares).toBeNull();
    expect(guestTicks?.map(Math.round)).toEqual([25, 50]);
    const text = formatPerf({ ...record, samples }, { width: 80 });
    expect(text).toMatch(/^ {2}base +2\.63 +172,300$/m);
    expect(text).toContain(
      "How much of it is the guest's cannot be told: 25 to 52 % of the ticks, from boot to boot.\n",
    );
  });

  it('whole per cent add up to 100', () => {
    expect(wholePercent([1, 1, 1])).toEqual([34, 33, 33]);
    expect(wholePercent([2, 1, 0, 0])).toEqual([67, 33, 0, 0]);
  });
});

describe('figures', () => {
  it.each([
    [
      [0.8303, 1.0802],
      ['0.830 Gb/s', '1.080 Gb/s'],
    ],
    [
      [21.63, 25.59],
      ['21.6 Gb/s', '25.6 Gb/s'],
    ],
    [
      [0.00802, 0.00795],
      ['8.02 Mb/s', '7.95 Mb/s'],
    ],
    [[0.0000312], ['31.2 kb/s']],
    [
      [0.02, 1.5],
      ['0.020 Gb/s', '1.500 Gb/s'],
    ],
    [
      [123.4, 99.5],
      ['123.4 Gb/s', '99.5 Gb/s'],
    ],
  ])('%j', (values, printed) => {
    expect(inUnit('throughput', values)).toEqual(printed);
  });

  it.each([
    [
      [812, 800],
      ['812 ns', '800 ns'],
    ],
    [
      [41_210, 35_124],
      ['41.2 µs', '35.1 µs'],
    ],
    [
      [1_234_000, 990_000],
      ['1.234 ms', '0.990 ms'],
    ],
  ])('%j ns', (values, printed) => {
    expect(inUnit('p50', values)).toEqual(printed);
  });

  it('zero has no sign, and p no false digits', () => {
    expect([signed(-0.001, 1), signed(0.25, 1), signed(-3, 0)]).toEqual(['0.0', '+0.3', '-3']);
    expect([0.00001, 0.0079, 0.0499, 0.7063, 1].map(pText)).toEqual([
      '<0.001',
      '0.008',
      '0.050',
      '0.71',
      '1.00',
    ]);
  });
});

it('fewer than five runs can show no change, and one has no interval', () => {
  const record = perfRecord();
  const one = { before: [1], after: [1.2] };
  const changes = record.changes.map((change) => ({ ...change, real: false, p: 1, samples: one }));
  const text = formatPerf({ ...record, runs: 1, changes });
  expect(text).toMatch(/^few runs p cannot come below 0\.01 with fewer than 5 of each/m);
  expect(text).toMatch(/64KB h2g .* ~ +- +1\.00/);
  expect(formatPerf(record)).not.toContain('few runs');
});
