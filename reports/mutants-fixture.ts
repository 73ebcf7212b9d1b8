// SPDX-License-Identifier: MIT
/** For tests: a record of three mutants. */
import { MUTANTS_SCHEMA, type MutantResult, type MutantsRecord } from '../core/mutants.ts';

function result(name: string, over: Partial<MutantResult>): MutantResult {
  return {
    ...{ name, title: `vsock: ${name}`, kind: 'state', imitates: 'a class of fixes', key: name },
    ...{ files: ['net/vmw_vsock/af_vsock.c'], machines: ['host', 'guest'], outcome: 'survived', hit: null },
    ...{ flaky: [], why: null, boots: 1, buildMs: 20_000, testMs: 60_000 },
    ...over,
  };
}

export function mutantsRecord(over: Partial<MutantsRecord> = {}): MutantsRecord {
  const hit = { direction: 'g2h', case: 'SOCK_STREAM MSG_PEEK', how: 'host: no match', ms: 12_000 } as const;
  return {
    ...{ schema: MUTANTS_SCHEMA, id: '20261126-100000-mutants-00aa', exit: 0 },
    ...{ started: '2026-11-26T10:00:00.000Z', ended: '2026-11-26T10:05:00.000Z' },
    ...{ respin: '0.0.0', argv: ['mutants'], mutants: 4 },
    tree: { source: 'debian:linux-source-6.12', version: '6.12.117', commit: 'c', sha256: null },
    machine: {
      ...{ mode: 'tcg+svm', reason: 'no KVM', qemu: '10.0.2', hostCpus: 2, guestCpus: 1, cpus: 2 },
      ...{ timeScale: 8, stepTimeout: 20 },
    },
    kernel: { release: '6.12.117', compiler: 'gcc', configHash: 'h', profile: 'fast' },
    programs: [
      { name: 'vsock_test', probe: false },
      { name: 'vsock_diag_test', probe: false },
      { name: 'probe-user', probe: true },
    ],
    base: { cases: 90, expected: 2, excused: ['probe-user g2h “x”', 'probe-user h2g “x”'], ms: 60_000 },
    results: [
      result('peeks-twice', { outcome: 'killed', hit: { program: 'vsock_test', ...hit } }),
      result('lent-for-ever', {
        ...{ outcome: 'killed', hit: { program: 'probe-user', ...hit, case: null, how: 'WARNING at x.c:1' } },
        flaky: ['vsock_test g2h “SOCK_STREAM poll”'],
      }),
      result('nobody-sees', { files: ['drivers/vhost/vsock.c'], machines: ['host'] }),
      result('no-patch', { outcome: 'unknown', why: 'it does not apply' }),
    ],
    timings: { total: 300_000 },
    error: null,
    ...over,
  };
}
