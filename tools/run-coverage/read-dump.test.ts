// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDump } from './read-dump.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../test/fixtures/gcov');

function dumpOf(files: readonly (readonly [string, Uint8Array])[]): Buffer {
  const parts = files.flatMap(([name, data]) => [`file ${data.length} ${name}\n`, data, '\n']);
  return Buffer.concat([...parts, `end ${files.length}\n`].map((part) => Buffer.from(part)));
}

describe('what a machine wrote', () => {
  it('is the counters of each object', () => {
    const counters = readDump(readFileSync(path.join(FIXTURES, 'guest.dump')));
    const names = [...counters.keys()].map((name) => name.replace(/^.*build-fast-gcov\//, ''));
    expect(names.toSorted()).toContain('net/vmw_vsock/virtio_transport.gcda');
    // The magic number of a data file, GCOV_DATA_MAGIC in the kernel's gcc_4_7.c.
    for (const data of counters.values()) expect(data.toString('latin1', 0, 4)).toBe('adcg');
  });

  it('of no objects is whole as well', () => {
    expect(readDump(Buffer.from('end 0\n'))).toEqual(new Map());
  });

  it.each([
    ['', /ends after 0 objects/],
    ['gcov-dump: open /sys/kernel/debug/gcov: No such file or directory\n', /not a line of gcov-dump/],
    ['file 4 /a.gcda\nabcd\n', /ends after 1 objects/],
    ['file 4 /a.gcda\nabc', /a\.gcda is not whole/],
    ['file 2 /a.gcda\nabcd\nend 1\n', /a\.gcda is not whole/],
    ['file 4 /a.gcda\nabcd\nend 2\n', /1 of 2 objects/],
    ['end 0\nmore', /something follows/],
    ['file 4 a.gcda\nabcd\nend 1\n', /not a line/],
  ])('%j is not', (text, why) => {
    expect(() => readDump(Buffer.from(text))).toThrow(why);
  });
});

const NAME = fc.stringMatching(/^\/[\w./-]{1,40}\.gcda$/);

it('gives back any bytes under any name', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(NAME, fc.uint8Array({ maxLength: 200 })), {
        selector: ([name]) => name,
        maxLength: 6,
      }),
      (files) => {
        const read = readDump(dumpOf(files));
        expect([...read].map(([name, data]) => [name, [...data]])).toEqual(
          files.map(([name, data]) => [name, [...data]]),
        );
      },
    ),
  );
});

it('never takes a part for the whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(NAME, fc.uint8Array({ maxLength: 60 })), { maxLength: 4 }),
      fc.nat(),
      (files, at) => {
        const unique = [...new Map(files)];
        const whole = dumpOf(unique);
        expect(() => readDump(whole.subarray(0, at % whole.length))).toThrow();
      },
    ),
  );
});
