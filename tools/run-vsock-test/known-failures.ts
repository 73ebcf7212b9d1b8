// SPDX-License-Identifier: MIT
/**
 * What kernels are known to fail, without any series: shown as xfail with what it is, and not held against a series; and
 * the races that tests are known for.
 * An entry goes when the kernels that have it are no longer tested.
 */
import type { CaseResult, Direction } from '../../core/run.ts';

export interface KnownFailure {
  program: string;
  /** Names of cases. */
  cases: RegExp;
  /** All directions without it. */
  directions?: readonly Direction[];
  /** Which reason it fails with: another one is another fault. */
  reason: RegExp;
  /** Releases: from the first that has it to the last, `6.12.117`; null: no end is known. */
  from: string;
  to: string | null;
  /** What is wrong, and the commit that mends it where there is one. */
  what: string;
  /** A race that the test itself has: the failure counts, is repeated and told with what it may be. */
  race?: true;
}

/** Of 6.1 as Debian has it, 6.1.176; what was not tried is not excused. */
const IN_6_1 = { from: '6.1', to: '6.1.999' } as const;
const NO_SOURCE_CHECK =
  "virtio_transport_recv_pkt() finds a socket by its own port alone: a packet from any other address counts as its peer's; vsock_check_source() is not there yet";
const OLD_ERROR =
  'connect() gives the error of an earlier connect(): aa388c72113b ("vsock: Allow retrying on connect() failure") is not there yet';

/** The credit that a peer is given, and what is then held against it, are not the same. */
const OVERHEAD =
  'virtio_transport_inc_rx_pkt() counts the overhead of each packet against the buffer, of which the credit given to the peer knows nothing: a peer that keeps to it is reset';

export const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    program: 'vsock_test',
    cases: /^SOCK_STREAM SHUT_RD$/,
    reason: /^(?:host|guest): expected send\(2\) failure, got 1\b/,
    ...{ from: '6.7', to: null, race: true },
    what: 'the word that the peer has shut down goes by TCP and may be there before VIRTIO_VSOCK_OP_SHUTDOWN; then send(2) is right to succeed',
  },
  {
    program: 'probe-user',
    cases: /^SOCK_SEQPACKET send from a half bad address/,
    reason: /a message of \d+ bytes, where one of 8 was sent/,
    ...{ from: '5.14', to: null },
    what: 'the packets of a message that could be read have been sent when send() fails, and the next message is added to them',
  },
  {
    program: 'probe-credit',
    cases: /^SOCK_(?:STREAM|SEQPACKET) tiny buffer$|^SOCK_SEQPACKET small messages to a reader that stops$/,
    reason: /No buffer space available|Broken pipe|recv gave 0/,
    ...{ from: '6.12.117', to: null },
    what: OVERHEAD,
  },
  {
    program: 'probe-names',
    cases: /connect of another type, to nobody, and again$/,
    reason: /connect of a socket that was refused before: Connection reset by peer/,
    ...IN_6_1,
    what: OLD_ERROR,
  },
  {
    program: 'probe-names',
    cases: /connect after a time-out$/,
    // Elsewhere nothing can time out: the transport refuses at once.
    directions: ['g2h'],
    reason: /connect again after the time-out: .*timed out/i,
    ...IN_6_1,
    what: OLD_ERROR,
  },
  {
    program: 'probe-credit',
    cases: /^SOCK_STREAM SO_RCVLOWAT set late$/,
    reason: /the reader has read \d+ bytes and waits for more, and there is room for 0/,
    ...IN_6_1,
    what: 'a reader that sets SO_RCVLOWAT later tells its peer of no credit: 0fe179896811 ("virtio/vsock: send credit update during setting SO_RCVLOWAT") is not there yet',
  },
  {
    program: 'probe-monitor',
    cases: / monitor$/,
    directions: ['g2h', 'h2g'],
    reason: /a header of \d+ bytes with \d+ behind it, op 5/,
    ...IN_6_1,
    what: 'the monitor sees the payload of all pieces with the header of one: 5f344d809e01 ("vsock/virtio: fix length and offset in tap skb for split packets") is not there yet',
  },
  {
    program: 'probe-guest',
    cases: /^another port beside a connection$/,
    reason: /connect\(\) takes an answer from another port/,
    ...IN_6_1,
    what: NO_SOURCE_CHECK,
  },
  {
    program: 'probe-liar',
    cases: /packets of (?:no connection|others' addresses)$/,
    reason: /is 0xee, not|connection ended after \d+ of 3000 bytes/,
    ...IN_6_1,
    what: NO_SOURCE_CHECK,
  },
];

/**
 * A case that failed in the way its kernel is known to is an expected failure, one that the test's own race can explain says
 * so, every other is as it was.
 * @param release of the kernels, `6.12.117` or `6.12.117+`
 */
export function expectKnown(
  result: CaseResult,
  where: { program: string; direction: Direction; release: string },
  known: readonly KnownFailure[],
): CaseResult {
  if (result.status !== 'fail') return result;
  const found = known.find(
    (one) =>
      one.program === where.program &&
      one.cases.test(result.name) &&
      (one.directions === undefined || one.directions.includes(where.direction)) &&
      one.reason.test(result.reason ?? '') &&
      isBetween(where.release, one.from, one.to),
  );
  if (found === undefined) return result;
  if (found.race)
    return { ...result, reason: `${result.reason} (a known race of the test's own: ${found.what})` };
  return { ...result, status: 'xfail', reason: `${found.what} (${result.reason})` };
}

function isBetween(release: string, from: string, to: string | null): boolean {
  return compareReleases(release, from) >= 0 && (to === null || compareReleases(release, to) <= 0);
}

/** By the numbers; what stands behind them does not count. */
export function compareReleases(a: string, b: string): number {
  const numbers = (release: string): number[] => (/^[\d.]*/.exec(release)?.[0] ?? '').split('.').map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
