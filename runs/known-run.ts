// SPDX-License-Identifier: MIT
/** Whether something was run before: the same kernels and programs, on the same machines. */
import { isDeepStrictEqual } from 'node:util';
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
