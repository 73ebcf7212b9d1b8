// SPDX-License-Identifier: MIT
/** A stage of a run: its beginning and its end are events, so that nobody waits before an empty screen. */
import { emitting } from './channel.ts';
import type { RespinEvent, Stage, Steps } from './events.ts';

export interface StageEnd {
  /** `cached`: the result was there already. */
  outcome: 'done' | 'cached';
  /** What it came to, in a few words. */
  detail: string;
}

/**
 * Yields `stage`, what `work` emits, and `stage-end` with the time it took (ms); returns what
 * `work` returns. One that throws ends the stage as failed, with the error's message.
 */
export async function* inStage<T>(
  stage: Stage,
  title: string,
  work: (emit: (event: RespinEvent) => void) => Promise<T>,
  describe: (value: T) => StageEnd,
): Steps<T> {
  const started = performance.now();
  yield { type: 'stage', stage, title };
  const end = (outcome: 'done' | 'cached' | 'failed', detail: string): RespinEvent => ({
    ...{ type: 'stage-end', stage, outcome, detail },
    ms: performance.now() - started,
  });
  let value: T;
  try {
    value = yield* emitting<RespinEvent, T>(work);
  } catch (error) {
    yield end('failed', error instanceof Error ? error.message : String(error));
    throw error;
  }
  const { outcome, detail } = describe(value);
  yield end(outcome, detail);
  return value;
}
