// SPDX-License-Identifier: MIT
/** The step time-out compiled into the vsock programs. */
import { RespinError } from '../../core/errors.ts';

const TIMEOUT = /\bTIMEOUT\s*=\s*(\d+)/g;

/**
 * The text of tools/testing/vsock/timeout.h with `seconds` for the tree's own
 * `TIMEOUT = 10`. An emulated machine is slower than the ten seconds were meant for;
 * what was compiled in is recorded with every result.
 * @throws RespinError TIMEOUT_NOT_FOUND when the enum is not there exactly once
 */
export function withStepTimeout(header: string, seconds: number): { text: string; own: number } {
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new RespinError({
      code: 'BAD_TIMEOUT',
      blame: 'usage',
      message: `the step time-out is a whole number of seconds from 1 on, not ${seconds}`,
    });
  }
  const found = [...header.matchAll(TIMEOUT)];
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new RespinError({
      code: 'TIMEOUT_NOT_FOUND',
      blame: 'machine',
      message: `tools/testing/vsock/timeout.h sets TIMEOUT ${found.length} times, not once: the step time-out cannot be set`,
      hint: "use the tree's own time-out: the step time-out then is what timeout.h says",
    });
  }
  return { text: header.replace(TIMEOUT, `TIMEOUT = ${seconds}`), own: Number(only[1]) };
}

const OVERHEAD = /(#define[ \t]+READ_OVERHEAD_NSEC[ \t]+)(\d+)/;
/** vsock_test prints it with %i. */
const MOST_NSEC = 2_000_000_000;

/**
 * The text of vsock_test.c with more time for a read(2) to come back behind its SO_RCVTIMEO: the
 * 250 ms that the tree allows are missed three times running by an emulated guest on a busy machine
 * (1.2 s were seen). Eight times the tree's own; a tree without such a limit stays as it is.
 */
export function withReadOverhead(source: string): string {
  return source.replace(
    OVERHEAD,
    (_, define: string, own: string) =>
      `${define}${Math.max(Number(own), Math.min(MOST_NSEC, 8 * Number(own)))}`,
  );
}
