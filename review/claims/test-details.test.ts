// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { detailsOf } from './test-details.ts';

describe('detailsOf', () => {
  it.each<[string, number[][]]>([
    ['64KB', [[65536, 64000]]],
    ['64 KiB messages', [[65536]]],
    ['16B', [[16]]],
    ['64k', [[65536, 64000]]],
    ['4K', [[4096, 4000]]],
    ['16-byte messages', [[16]]],
    ['1 MB', [[1048576, 1000000]]],
    ['0.5KiB', [[512]]],
    ['64KB and 16B', [[65536, 64000], [16]]],
    ['64KB, again 64KB', [[65536, 64000]]],
    ['16 threads', []],
    ['64 KB/s, 64Kbit, 64kbps, 5 min, p99', []],
    ['throughput', []],
    ['64KB-stream', [[65536, 64000]]],
  ])('%j is of %j bytes', (text, sizes) => {
    expect(detailsOf(text).sizes).toEqual(sizes);
  });

  it.each<[string, number | null, string | null]>([
    ['uperf w/ 64 threads, SOCK_STREAM', 64, 'stream'],
    ['64-thread', 64, null],
    ['nthreads=8 SOCK_SEQPACKET', 8, 'seqpacket'],
    ['single-threaded', 1, null],
    ['one stream', 1, null],
    ['4 streams', 4, null],
    ['stream, 2 connections', 2, 'stream'],
    ['seq_packet', null, 'seqpacket'],
    ['64KB, upstream', null, null],
  ])('%j has %j threads, type %j', (text, threads, type) => {
    expect(detailsOf(text)).toMatchObject({ threads, type });
  });

  it.each<[string, string | null]>([
    ['p99 latency', 'p99'],
    ['99th percentile', 'p99'],
    ['median', 'p50'],
    ['p50', 'p50'],
    ['p99.9', 'other'],
    ['95th percentile', 'other'],
    ['max latency', 'other'],
    ['latency', null],
  ])('%j is of %j', (text, percentile) => {
    expect(detailsOf(text)).toMatchObject({ percentile });
  });
});
