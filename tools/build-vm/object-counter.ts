// SPDX-License-Identifier: MIT
/** How far a kernel build is, by the lines Kbuild prints. */
import type { RespinEvent } from '../../core/events.ts';

const OBJECT = /^ {2}(?:CC|AS|HOSTCC)(?: \[M\])?\s+\S+\.o$/;

/** An event for each object would only be drawn over by the next. */
const INTERVAL_MS = 200;

/** Below this share of the objects a build is taken for a small, incremental one. */
const SMALL = 0.1;

/**
 * Counts compiled objects and says from time to time how many there are. How many an
 * incremental build will compile nobody knows beforehand: the total stays null until so many were
 * compiled that it is most likely the whole kernel.
 */
export class ObjectCounter {
  count = 0;
  readonly #total: number;
  readonly #whole: boolean;
  readonly #emit: (event: RespinEvent) => void;
  #said = 0;

  /** `total`: objects of a whole build; `whole`: nothing was built before. */
  constructor(total: number, whole: boolean, emit: (event: RespinEvent) => void) {
    this.#total = total;
    this.#whole = whole;
    this.#emit = emit;
  }

  line(line: string): void {
    if (!OBJECT.test(line)) return;
    this.count++;
    const now = performance.now();
    if (now - this.#said < INTERVAL_MS) return;
    this.#said = now;
    this.#emit(this.#event());
  }

  /** The last event, with what was really compiled. */
  end(): void {
    if (this.count > 0) this.#emit({ ...this.#event(), total: this.count });
  }

  #event(): RespinEvent & { type: 'progress' } {
    const known = this.#whole || this.count > this.#total * SMALL;
    return {
      type: 'progress',
      stage: 'build',
      what: 'kernel',
      done: this.count,
      total: known ? Math.max(this.#total, this.count) : null,
      unit: 'objects',
    };
  }
}
