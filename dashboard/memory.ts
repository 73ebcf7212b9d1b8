// SPDX-License-Identifier: MIT
/** How much memory the dashboard keeps: V8 is made for servers that have a machine to themselves. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Garbage is looked for when the heap has grown by a seventh; else at several times of what is in use. */
export function growSlowly(): void {
  setFlagsFromString('--heap-growing-percent=15');
}

/**
 * Gives what is not in use back to the system: behind the reading of a large file that is most of the heap. Takes 0.1 s.
 */
export function giveBack(): void {
  // The function is there only in contexts that are made behind the flag.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect({ execution: 'sync', flavor: 'last-resort', type: 'major' });
}
