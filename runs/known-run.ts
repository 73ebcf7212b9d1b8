// SPDX-License-Identifier: MIT
/** Whether something was run before: the same kernels and programs, on the same machines. */
import { isDeepStrictEqual } from 'node:util';
import type { RespinError } from '../core/errors.ts';
import type { Direction, RunBuilds, RunRecord, VmMode } from '../core/run.ts';

/** What is about to be run. */
export interface WantedRun {
  builds: RunBuilds;
  mode: VmMode;
  /** QEMU's version. */
  qemu: string;
  directions: readonly Direction[];
}

/**
 * The newest of `records` that says what running it again would tell: a run of all cases that came to a result. What
 * the machine kept from one has to be run again, and so has what was interrupted.
 * @param records newest first
 */
export function knownRun(records: readonly RunRecord[], wanted: WantedRun): RunRecord | null {
  return records.find((record) => isKnown(record, wanted)) ?? null;
}

/**
 * The newest of `records` that ended as a build just has: with the same error, for which the series is to blame.
 * @param records newest first
 * @param request the key of what was to be built
 */
export function knownFailure(
  records: readonly RunRecord[],
  request: string,
  { blame, code, message }: RespinError,
): RunRecord | null {
  if (blame !== 'series') return null;
  const found = records.find(
    (one) => one.request === request && one.error?.code === code && one.error.message === message,
  );
  return found ?? null;
}

function isKnown({ part, verdict, machine, error, builds, suites }: RunRecord, wanted: WantedRun): boolean {
  return (
    part === undefined &&
    error === null &&
    verdict !== 'unknown' &&
    machine?.mode === wanted.mode &&
    machine.qemu === wanted.qemu &&
    isDeepStrictEqual(builds, wanted.builds) &&
    wanted.directions.every((one) => suites.some(({ direction }) => direction === one)) &&
    // Of one that did not pass, the verdict may be that of a direction that is not asked for.
    (verdict === 'pass' || suites.every(({ direction }) => wanted.directions.includes(direction)))
  );
}
