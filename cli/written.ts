// SPDX-License-Identifier: MIT
/** That what was printed has arrived, before the process ends: `process.exit` drops what a pipe has not taken. */
import type { Writable } from 'node:stream';

/** How long a reader may take once respin was told to end. */
const GRACE_MS = 2_000;

/**
 * Waits until the streams have handed on all that was written to them. A reader may be as
 * slow as it likes; `signal` ends the waiting.
 * @returns false when the signal fired while there was still something to write
 */
export async function written(streams: readonly Writable[], signal: AbortSignal): Promise<boolean> {
  const interrupted = signal.aborted;
  let timer: NodeJS.Timeout | undefined;
  let stop: () => void = () => {};
  const stopped = new Promise<boolean>((resolve) => {
    stop = () => resolve(interrupted);
    if (interrupted) timer = setTimeout(stop, GRACE_MS);
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([Promise.all(streams.map(handedOn)).then(() => true), stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function handedOn(stream: Writable): Promise<void> {
  // A reader that is gone takes nothing; the stream's error has been told where it belongs.
  if (stream.writableLength === 0 || stream.destroyed || stream.errored !== null) return Promise.resolve();
  // The callback of a write comes after those before it, with or without an error.
  return new Promise((resolve) => stream.write('', () => resolve()));
}
