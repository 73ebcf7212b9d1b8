// SPDX-License-Identifier: MIT
/** What the name of a measurement says of how it was made: `64KB, 16 threads, SOCK_SEQPACKET`. */
import type { SocketType } from '../../core/perf.ts';

export interface TestDetails {
  /** Of each size that is named, the bytes it may stand for: a KB of a table is 1024 bytes, or 1000. */
  sizes: number[][];
  threads: number | null;
  type: SocketType | null;
  /** `other` is one that a record does not have: `p99.9`, `max`. */
  percentile: 'p50' | 'p99' | 'other' | null;
}

const SIZE = /(?<![\w.,/])(\d{1,9}(?:\.\d{1,3})?)[ -]?(?:([kmg])(i?)(?:b|bytes?)?|b|bytes?)(?![\w/])/gi;
const THREADS =
  /(?<![\w.])(?:(\d{1,5})[ -]?(?:threads?|connections?|streams?|flows?)|(?:n?threads?|connections?)[ =:]{1,3}(\d{1,5})|(?:single|one)[ -](?:thread(?:ed)?|connection|stream))(?!\w)/i;
const STREAM = /sock_stream(?!\w)|(?<!(?:\d|single|one)[ -]?)(?<!\w)stream(?!\w)/i;
const POWER = ['', 'k', 'm', 'g'];

export function detailsOf(text: string): TestDetails {
  const threads = THREADS.exec(text);
  const sizes = new Map<string, number[]>();
  for (const [, digits = '', prefix = '', binary = ''] of text.matchAll(SIZE)) {
    const power = POWER.indexOf(prefix.toLowerCase());
    const bytes = [1024 ** power, ...(binary === '' && power > 0 ? [1000 ** power] : [])].map((unit) =>
      Math.round(Number(digits) * unit),
    );
    sizes.set(bytes.join(), bytes);
  }
  return {
    sizes: [...sizes.values()],
    threads: threads === null ? null : Number(threads[1] ?? threads[2] ?? 1),
    type: /seq_?packet/i.test(text) ? 'seqpacket' : STREAM.test(text) ? 'stream' : null,
    percentile: percentileIn(text),
  };
}

function percentileIn(text: string): TestDetails['percentile'] {
  if (/(?<!\w)(?:p99|99 ?%|99(?:th|%)?[ -]?(?:percentile|ile)|99th)(?![\w.])/i.test(text)) return 'p99';
  if (/(?<!\w)(?:p50|50th|median)(?![\w.])/i.test(text)) return 'p50';
  return /(?<!\w)(?:p\d|\d{1,2}(?:\.\d{1,4})?(?:th|%)|max|min|worst|best)/i.test(text) ? 'other' : null;
}
