// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { CaseResult } from '../../core/run.ts';
import { compareReleases, expectKnown, KNOWN_FAILURES, type KnownFailure } from './known-failures.ts';

const KNOWN: KnownFailure[] = [
  {
    program: 'probe-credit',
    cases: /^SOCK_SEQPACKET tiny buffer$/,
    directions: ['g2h', 'h2g'],
    reason: /No buffer space/,
    from: '6.12.100',
    to: '6.12.120',
    what: 'the overhead counts, and nobody tells the peer',
  },
];
const FAILED: CaseResult = {
  ...{ id: 4, name: 'SOCK_SEQPACKET tiny buffer', status: 'fail', host: 'failed', guest: 'failed' },
  ...{ ms: 10, attempts: 1, reason: 'host: recv: No buffer space available' },
};
const WHERE = { program: 'probe-credit', direction: 'g2h', release: '6.12.117' } as const;

describe('a failure that the kernel is known for', () => {
  it('is expected, and told with what it is and what was seen', () => {
    expect(expectKnown(FAILED, WHERE, KNOWN)).toEqual({
      ...FAILED,
      status: 'xfail',
      reason: 'the overhead counts, and nobody tells the peer (host: recv: No buffer space available)',
    });
  });

  it.each([
    ['another case', { ...FAILED, name: 'SOCK_STREAM tiny buffer' }, WHERE],
    ['another reason', { ...FAILED, reason: 'host: recv timed out' }, WHERE],
    ['another program', FAILED, { ...WHERE, program: 'probe-user' }],
    ['another direction', FAILED, { ...WHERE, direction: 'loopback' as const }],
    ['an older kernel', FAILED, { ...WHERE, release: '6.12.99' }],
    ['a newer one', FAILED, { ...WHERE, release: '6.13.0-rc1' }],
    ['a pass', { ...FAILED, status: 'pass' as const }, WHERE],
    ['a machine that died', { ...FAILED, status: 'unknown' as const }, WHERE],
  ])('%s is not', (_, result, where) => {
    expect(expectKnown(result, where, KNOWN)).toBe(result);
  });
});

it('a race of the test itself is told with the failure, which counts: it is repeated like any other', () => {
  const race: KnownFailure = {
    ...(KNOWN[0] as KnownFailure),
    race: true,
    what: 'the word is there before the packet',
  };
  const seen = expectKnown(FAILED, WHERE, [race]);
  expect(seen).toEqual({
    ...FAILED,
    reason:
      "host: recv: No buffer space available (a known race of the test's own: the word is there before the packet)",
  });
  expect(expectKnown({ ...FAILED, status: 'pass' }, WHERE, [race]).reason).toBe(FAILED.reason);
});

it('vsock_test may send before it has the packet that forbids it', () => {
  const sent: CaseResult = {
    ...{ ...FAILED, id: 18, name: 'SOCK_STREAM SHUT_RD' },
    reason: 'guest: expected send(2) failure, got 1',
  };
  const seen = expectKnown(sent, { ...WHERE, program: 'vsock_test' }, KNOWN_FAILURES);
  expect(seen.status).toBe('fail');
  expect(seen.reason).toMatch(/^guest: expected send\(2\) failure, got 1 \(a known race of the test's own: /);
});

it('compares releases by their numbers', () => {
  const sorted = ['6.1.192', '6.12', '6.12.9', '6.12.117', '6.12.117', '6.13-rc2', '7.0'];
  expect([...sorted].reverse().toSorted(compareReleases)).toEqual(sorted);
});

it('every entry says what it is', () => {
  for (const { what, reason } of KNOWN_FAILURES) {
    expect(what).not.toBe('');
    // One that fits anything would hide everything.
    expect(reason.test('')).toBe(false);
  }
});
