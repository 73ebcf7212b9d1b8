// SPDX-License-Identifier: MIT
/** Numbers that look random and are the same each time: a report on the same samples says the same. */

/**
 * mulberry32 by Tommy Ettinger (2017, public domain).
 * @param seed any 32-bit number
 * @returns a function that gives numbers in [0, 1)
 */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
