// SPDX-License-Identifier: MIT
/** A place for one thing that goes on: it can be ended from its first moment on, and what ends it waits for its end. */
import { RespinError } from '../../core/errors.ts';

export class Desk {
  readonly #what: string;
  #stop: AbortController | null = null;
  #over: Promise<void> = Promise.resolve();

  /** @param what `a run`, for who wants another */
  constructor(what: string) {
    this.#what = what;
  }

  /** @throws RespinError BUSY (usage), and what `work` throws */
  async run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#stop !== null) {
      throw new RespinError({ code: 'BUSY', blame: 'usage', message: `${this.#what} goes on already` });
    }
    const stop = new AbortController();
    const over = Promise.withResolvers<void>();
    this.#stop = stop;
    this.#over = over.promise;
    try {
      await work(stop.signal);
    } finally {
      this.#stop = null;
      over.resolve();
    }
  }

  cancel(): void {
    this.#stop?.abort();
  }

  /** Resolves when nothing of it is left. */
  async end(): Promise<void> {
    this.cancel();
    await this.#over;
  }
}
