// SPDX-License-Identifier: MIT
import type { RespinEvent, Steps } from './events.ts';

/** Runs a step to its end, handing each of its events to `sink`; gives what the step returns. */
export async function follow<T>(steps: Steps<T>, sink: (event: RespinEvent) => void): Promise<T> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    sink(next.value);
  }
}
