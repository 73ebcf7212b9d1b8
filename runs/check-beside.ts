// SPDX-License-Identifier: MIT
import type { CheckReport } from '../core/check.ts';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';

/**
 * Runs the checks to their end. They take their tree from the same cache as the run: of their stages
 * only their own is told, or each would be told twice.
 * @returns null without checks, and when an interrupt ended them, which the run tells
 */
export async function besideRun(
  steps: Steps<CheckReport> | null,
  emit: (event: RespinEvent) => void,
): Promise<CheckReport | null> {
  if (steps === null) return null;
  try {
    for (;;) {
      const next = await steps.next();
      if (next.done === true) return next.value;
      if ('stage' in next.value && next.value.stage === 'check') emit(next.value);
    }
  } catch (error) {
    if (error instanceof RespinError && error.blame === 'interrupted') return null;
    throw error;
  }
}
