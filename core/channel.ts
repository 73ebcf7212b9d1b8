// SPDX-License-Identifier: MIT
/** A queue between code that calls back and code that iterates. */

/**
 * An unbounded queue with one reader. `push` never waits; the reader gets the
 * values in order and then the end, or the error given to `fail`.
 */
export class Channel<T> implements AsyncIterable<T> {
  #values: T[] = [];
  #waiting: (() => void) | null = null;
  #ended = false;
  #error: unknown;
  #failed = false;

  push(value: T): void {
    if (this.#ended) return;
    this.#values.push(value);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Ends the queue; the reader throws `error` once it has read what came before. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failed = true;
    this.#error = error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const values = this.#values;
      this.#values = [];
      yield* values;
      if (this.#values.length > 0) continue;
      if (this.#failed) throw this.#error;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }
}

/**
 * Runs `work` with a function that emits, and yields what it emits while it
 * runs; returns what `work` returns and throws what it throws.
 */
export async function* emitting<E, T>(
  work: (emit: (event: E) => void) => Promise<T>,
): AsyncGenerator<E, T, void> {
  const channel = new Channel<E>();
  const result = work((event) => channel.push(event)).finally(() => channel.end());
  // The iteration below ends when the work does; its error surfaces at the await.
  result.catch(() => {});
  yield* channel;
  return await result;
}
