// SPDX-License-Identifier: MIT
/** The counters of both machines, kept by program and direction as a session goes on. */
import type { CoverageReading } from '../../core/coverage.ts';
import { BOOT } from '../../core/coverage.ts';
import type { Machine } from '../../core/run.ts';
import type { SeenMachines } from '../run-vsock-test/boot.ts';
import type { Pass } from '../run-vsock-test/session.ts';
import { takeCounters } from './gcov-dump.ts';
import type { Counters } from './read-dump.ts';

export interface CollectedReading extends CoverageReading {
  /** One for each time they were taken. */
  counters: Counters[];
}

/** For an idle machine; a slow one gets more. */
const LIMIT_MS = 20_000;

const MACHINES: readonly Machine[] = ['host', 'guest'];

export class Collector {
  readonly readings: CollectedReading[] = [];
  readonly #signal: AbortSignal;
  readonly #limitMs: number;

  constructor(signal: AbortSignal, limitMs = LIMIT_MS) {
    this.#signal = signal;
    this.#limitMs = limitMs;
  }

  /**
   * To be called before the first program of a boot, with null, and behind each pass.
   * @throws RespinError INTERRUPTED
   */
  async take(machines: SeenMachines, pass: Pass | null): Promise<void> {
    for (const machine of MACHINES) {
      const reading = this.#readingOf(machine, pass);
      const limitMs = this.#limitMs * machines.slowness;
      const got = await takeCounters(machines[machine], limitMs, deathOf(machine, machines), this.#signal);
      if ('counters' in got) {
        reading.taken++;
        reading.counters.push(got.counters);
      } else {
        reading.lost ??= got.lost;
      }
    }
  }

  #readingOf(machine: Machine, pass: Pass | null): CollectedReading {
    const { program, direction } = pass ?? { program: BOOT, direction: null };
    const known = this.readings.find(
      (one) => one.program === program && one.direction === direction && one.machine === machine,
    );
    if (known !== undefined) return known;
    const fresh: CollectedReading = { program, direction, machine, taken: 0, lost: null, counters: [] };
    this.readings.push(fresh);
    return fresh;
  }
}

/** With the host the guest goes as well. */
async function deathOf(machine: Machine, { trouble }: SeenMachines): Promise<string> {
  const died = await trouble;
  if (died.machine === machine || died.machine === 'host') return died.what;
  return await new Promise<never>(() => {});
}
