// SPDX-License-Identifier: MIT
/** Boots in turn, A B B A A B …, until each set of kernels has its runs. */
import { RespinError } from '../../core/errors.ts';
import type { RespinEvent } from '../../core/events.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { LogFolder } from '../../core/logs.ts';
import type { Kernels, PerfTest } from '../../core/perf.ts';
import type { BootImages, BootOptions } from '../boot-vm/machines.ts';
import type { LoadProgram } from './load-program.ts';
import { type MeasuredBoot, measureBoot, type PerfBootOptions } from './perf-boot.ts';
import type { NoFigure } from './transfer.ts';

/** A set of samples: the kernels it is of, and their images. */
export interface PerfSet {
  kernels: Kernels;
  /** `patched`, as progress names it. */
  name: string;
  images: BootImages;
}

export interface PerfSessionOptions {
  sets: readonly PerfSet[];
  program: LoadProgram;
  tests: readonly PerfTest[];
  runs: number;
  /** Boots side by side. */
  atOnce: number;
  plan: BootOptions['plan'];
  qemu: BootOptions['qemu'];
  logs: LogFolder;
  testMs: number;
  emit: (event: RespinEvent) => void;
  signal: AbortSignal;
  /** Called with each boot as it ends, so that an interrupted session keeps what it has. */
  onBoot(measured: MeasuredBoot): void;
  /** For tests. */
  machines?: PerfBootOptions['machines'];
}

/**
 * How many boots that gave no figure are made good by another, for each set. The emulated SVM loses about
 * one of six guests under this load: docs/machines.md.
 */
const REPEATS = 4;

/**
 * @throws RespinError WRONG_DATA (series, where the base moves what it should), NO_FIGURE (series, where no boot of these
 *   kernels gave a figure and each of the base did; else machine), INTERRUPTED
 */
export async function perfSession(options: PerfSessionOptions): Promise<void> {
  const { sets, program, tests, runs, emit, onBoot } = options;
  const order = turns(sets.length, runs);
  const total = order.length * tests.length;
  const repeats = sets.map(() => 0);
  const good = sets.map(() => 0);
  const base = { isWrong: false, hasFailed: false, isGood: false };
  let [number, done] = [0, 0];
  // Nothing may go on when one has failed: the others are told.
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const one = async (at: number): Promise<void> => {
    const set = sets[at];
    if (set === undefined) throw new Error(`no set ${at}`);
    const isBase = set.kernels.host === 'base' && set.kernels.guest === 'base';
    for (;;) {
      number += 1;
      const own = number;
      let begun = 0;
      const measured = await measureBoot({
        ...{ number: own, kernels: set.kernels, set: at, program, tests, testMs: options.testMs },
        ...{ plan: options.plan, qemu: options.qemu, images: set.images, logs: options.logs, signal },
        emit: quietly(own, emit),
        onTest: (test) => {
          const what = `boot ${own}, ${set.name}: ${test.id}`;
          emit({ type: 'progress', stage: 'measure', what, done: done++, total, unit: 'tests' });
          begun += 1;
        },
        ...(options.machines === undefined ? {} : { machines: options.machines }),
      });
      onBoot(measured);
      const { noFigure } = measured;
      if (noFigure === null) {
        good[at] = (good[at] ?? 0) + 1;
        base.isGood ||= isBase;
        return;
      }
      if (isBase) {
        base.hasFailed = true;
        base.isWrong ||= noFigure.kind === 'wrong';
      }
      const again = noFigure.kind !== 'wrong' && (repeats[at] ?? 0) < REPEATS;
      if (!again) {
        // A guest that dies now and then may be the emulator's doing; all of them, and none of the base's, are not.
        const never = good[at] === 0 && base.isGood && !base.hasFailed;
        const ofSeries = !isBase && (noFigure.kind === 'wrong' ? !base.isWrong : never);
        throw noFigureError(noFigure, set, ofSeries);
      }
      repeats[at] = (repeats[at] ?? 0) + 1;
      done -= begun;
      emit({
        type: 'note',
        level: 'warning',
        text: `boot ${own} gave no figure (${noFigure.what}): once more`,
      });
    }
  };
  let first: unknown = null;
  // Nobody throws in it, so that all have ended behind it.
  await inParallel(order, options.atOnce, async (at) => {
    if (first !== null) return;
    try {
      await one(at);
    } catch (error) {
      // What the abort then does to the others is not the reason.
      first ??= error;
      failure.abort();
    }
  });
  if (first !== null) throw first;
}

/** For two sets and five runs: 0 1 1 0 0 1 1 0 0 1. What drifts meets all of them alike. */
export function turns(sets: number, runs: number): number[] {
  const there = Array.from({ length: sets }, (_, at) => at);
  return Array.from({ length: runs }, (_, run) => (run % 2 === 0 ? there : there.toReversed())).flat();
}

/** Machines by the dozen are no news; how to start one by hand is, once. */
function quietly(number: number, emit: (event: RespinEvent) => void): (event: RespinEvent) => void {
  return (event) => {
    if (event.type === 'splat' || (event.type === 'command' && number === 1)) emit(event);
  };
}

function noFigureError({ kind, what, detail }: NoFigure, set: PerfSet, ofSeries: boolean): RespinError {
  const wrong = kind === 'wrong';
  return new RespinError({
    code: wrong ? 'WRONG_DATA' : 'NO_FIGURE',
    blame: ofSeries ? 'series' : 'machine',
    message: `${set.name}: ${what}`,
    hint: wrong
      ? 'no figure of such a kernel means anything: respin run tells what else is wrong with it'
      : `${REPEATS + 1} boots came to no figure; respin run tells whether the kernel is at fault`,
    ...(detail === '' ? {} : { detail }),
  });
}
