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
  for (const { bytes } of sizesIn(text)) sizes.set(bytes.join(), bytes);
  return {
    sizes: [...sizes.values()],
    threads: threads === null ? null : Number(threads[1] ?? threads[2] ?? 1),
    type: /seq_?packet/i.test(text) ? 'seqpacket' : STREAM.test(text) ? 'stream' : null,
    percentile: percentileIn(text),
  };
}

/** Each size, as it is written and in bytes. */
function sizesIn(text: string): { written: string; bytes: number[] }[] {
  return [...text.matchAll(SIZE)].map(([written, digits = '', prefix = '', binary = '']) => {
    const power = POWER.indexOf(prefix.toLowerCase());
    const units = [1024 ** power, ...(binary === '' && power > 0 ? [1000 ** power] : [])];
    return { written, bytes: units.map((unit) => Math.round(Number(digits) * unit)) };
  });
}

/** Bytes; what is larger is a queue or a machine. */
const LARGEST_MESSAGE = 4 << 20;

/**
 * What a sentence says of how something was measured, in its own words: `64 KiB`, `16 threads`. Of two sizes or numbers
 * of threads none is taken: which of them is meant cannot be told.
 */
export function detailsSaid(sentence: string): string[] {
  const threads = [...sentence.matchAll(new RegExp(THREADS, 'gi'))].map(([written]) => written);
  const sizes = sizesIn(sentence).filter(({ bytes: [size = 0] }) => size <= LARGEST_MESSAGE);
  const only = (all: readonly string[]): string[] => (new Set(all).size === 1 ? all.slice(0, 1) : []);
  return [...only(sizes.map(({ written }) => written)), ...only(threads)];
}

function percentileIn(text: string): TestDetails['percentile'] {
  if (/(?<!\w)(?:p99|99 ?%|99(?:th|%)?[ -]?(?:percentile|ile)|99th)(?![\w.])/i.test(text)) return 'p99';
  if (/(?<!\w)(?:p50|50th|median)(?![\w.])/i.test(text)) return 'p50';
  return /(?<!\w)(?:p\d|\d{1,2}(?:\.\d{1,4})?(?:th|%)|max|min|worst|best)/i.test(text) ? 'other' : null;
}
