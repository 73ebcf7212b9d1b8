// SPDX-License-Identifier: MIT
/**
 * What kernels are known to fail, without any series: shown as xfail with what it is, and not held against a series.
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
}

/** The credit that a peer is given, and what is then held against it, are not the same. */
const OVERHEAD =
  'virtio_transport_inc_rx_pkt() counts the overhead of each packet against the buffer, of which the credit given to the peer knows nothing: a peer that keeps to it is reset';

export const KNOWN_FAILURES: readonly KnownFailure[] = [
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
];

/**
 * A case that failed in the way its kernel is known to is an expected failure; every other is as it was.
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
