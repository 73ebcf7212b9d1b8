// SPDX-License-Identifier: MIT
/** The run that is started from here: its events come in bursts, and are told a few times a second. */
import type { RespinEvent, Steps } from '../../core/events.ts';
import type { FinishedRun } from '../../runs/run-series.ts';
import type { Effect, Message } from '../step.ts';

type Send = (message: Message) => void;

/** Short for the eye, long for a boot's thousand lines. */
const BURST_MS = 60;
const TICK_MS = 1_000;

/** Of a series as a whole, or of a case alone. */
export type WantedRun = Omit<Extract<Effect, { do: 'start-run' }>, 'do'>;
export type StartRun = (wanted: WantedRun, signal: AbortSignal) => Promise<Steps<FinishedRun>>;

/**
 * Follows a run to its end.
 * @throws RespinError what preparing it throws
 */
export async function followRun(
  wanted: WantedRun,
  start: StartRun,
  { send, signal }: { send: Send; signal: AbortSignal },
): Promise<void> {
  let steps: Steps<FinishedRun>;
  try {
    steps = await start(wanted, signal);
  } catch (error) {
    send({ type: 'run-not-begun' });
    throw error;
  }
  await follow(wanted, steps, send);
}

async function follow({ series, only }: WantedRun, steps: Steps<FinishedRun>, send: Send): Promise<void> {
  let waiting: { event: RespinEvent; at: number }[] = [];
  let timer: NodeJS.Timeout | null = null;
  const tell = (): void => {
    timer = null;
    const events = waiting;
    waiting = [];
    if (events.length > 0) send({ type: 'run-events', events });
  };
  send({ type: 'run-began', series, at: performance.now(), ...(only === undefined ? {} : { only }) });
  const ticking = setInterval(() => send({ type: 'tick', at: performance.now() }), TICK_MS);
  try {
    for (;;) {
      const next = await steps.next();
      if (next.done === true) {
        tell();
        const { record } = next.value;
        send({ type: 'run-ended', id: record.id, trouble: record.error?.message ?? '' });
        return;
      }
      waiting.push({ event: next.value, at: performance.now() });
      timer ??= setTimeout(tell, BURST_MS);
    }
  } catch (error) {
    tell();
    send({ type: 'run-ended', id: null, trouble: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    if (timer !== null) clearTimeout(timer);
    clearInterval(ticking);
  }
}
