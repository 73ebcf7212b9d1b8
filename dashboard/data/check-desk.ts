// SPDX-License-Identifier: MIT
/** The check that is started from here: what it is at is told a few times a second, and its end. */
import type { CheckReport } from '../../core/check.ts';
import type { Steps } from '../../core/events.ts';
import type { Message } from '../step.ts';

type Send = (message: Message) => void;

/** Prepares a check of a series; with `builds` the rules that build kernels as well. */
export type StartCheck = (
  series: string,
  builds: boolean,
  signal: AbortSignal,
) => Promise<Steps<CheckReport>>;

const TOLD_MS = 250;

export class CheckDesk {
  readonly #start: StartCheck;
  #stop: AbortController | null = null;
  #over: Promise<void> = Promise.resolve();

  constructor(start: StartCheck) {
    this.#start = start;
  }

  /**
   * Follows the check to its end.
   * @throws RespinError what reading the series throws, INTERRUPTED
   */
  async run(series: string, builds: boolean, send: Send): Promise<void> {
    const stop = new AbortController();
    const over = Promise.withResolvers<void>();
    const steps = await this.#start(series, builds, stop.signal);
    this.#stop = stop;
    this.#over = over.promise;
    let told = 0;
    send({ type: 'checking', series, what: 'the rules begin' });
    try {
      for (;;) {
        const next = await steps.next();
        if (next.done === true) break;
        const event = next.value;
        if (event.type !== 'progress' || performance.now() - told < TOLD_MS) continue;
        told = performance.now();
        const of = event.total === null ? '' : ` ${event.done}/${event.total} ${event.unit}`;
        send({ type: 'checking', series, what: `${event.what}${of}` });
      }
    } finally {
      this.#stop = null;
      over.resolve();
      send({ type: 'checking', series, what: null });
    }
  }

  cancel(): void {
    this.#stop?.abort();
  }

  async end(): Promise<void> {
    this.cancel();
    await this.#over;
  }
}
