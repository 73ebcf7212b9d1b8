// SPDX-License-Identifier: MIT
/**
 * Reviews with known truth, made from the project's own patches: for tests and for the bench of the anchors.
 *
 *     patches, grown ──► root mails ──► spots (pins.ts: fair ones only) ──► reply: quote, cut, own words
 *                            ▲                                                  │
 *                            └───────── the answer is answered, to depth 4 ◄────┘──► bytes and truth
 */
import { STYLES, type StyleName } from './mangle.ts';
import { randomFrom } from './random.ts';
import { type GeneratedThread, generateThread } from './thread.ts';

export interface GenerateOptions {
  /** How many threads; 1 by default. */
  count?: number;
  /** One style in all threads; by default each in its turn. */
  style?: StyleName;
}

/** The same seed and options give the same threads, byte for byte. */
export function generateThreads(seed: number, options: GenerateOptions = {}): GeneratedThread[] {
  return Array.from({ length: options.count ?? 1 }, (_, at) => {
    const feature = options.style ?? STYLES[at % STYLES.length]?.name ?? 'gt';
    const random = randomFrom(Math.imul(seed, 0x9e3779b1) + at);
    return generateThread(random, `s${seed}-t${at}`, feature);
  });
}
