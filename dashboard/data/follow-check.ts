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

/**
 * Follows a check to its end.
 * @throws RespinError what reading the series throws, INTERRUPTED
 */
export async function followCheck(
  series: string,
  steps: Promise<Steps<CheckReport>>,
  send: Send,
): Promise<void> {
  let told = 0;
  try {
    const going = await steps;
    for (;;) {
      const next = await going.next();
      if (next.done === true) return;
      const event = next.value;
      if (event.type !== 'progress' || performance.now() - told < TOLD_MS) continue;
      told = performance.now();
      const of = event.total === null ? '' : ` ${event.done}/${event.total} ${event.unit}`;
      send({ type: 'checking', series, what: `${event.what}${of}` });
    }
  } finally {
    send({ type: 'checking', series, what: null });
  }
}
