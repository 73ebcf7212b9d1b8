// SPDX-License-Identifier: MIT
import { interrupted } from '../core/errors.ts';

/**
 * The promise's result, unless the signal fires first.
 * @throws RespinError INTERRUPTED
 */
export async function orInterrupted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw interrupted();
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(interrupted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
