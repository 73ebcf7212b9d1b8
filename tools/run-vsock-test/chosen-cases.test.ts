// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenDirections, chosenIds, chosenText, parseChosen, parseTimes } from './chosen-cases.ts';
import { PROBES, TEST_PROGRAMS } from './programs.ts';

const ALL = [...TEST_PROGRAMS, ...PROBES];
const LIST = ['STREAM reset', 'STREAM reset 2', 'SEQPACKET end: early, or late'].map((name, id) => ({
  id,
  name,
}));

const ids = (text: string): number[] => chosenIds('vsock_test', LIST, [parseChosen(text, ALL)]);

describe('a choice', () => {
  it.each<[string, number[]]>([
    ['vsock_test', [0, 1, 2]],
    ['vsock_test:1', [1]],
    ['vsock_test:1-2', [1, 2]],
    ['vsock_test:1-100', [1, 2]],
    // The one that has just this name, whatever goes on behind it in others.
    ['vsock_test:stream RESET', [0]],
    ['vsock_test: reset', [0, 1]],
    ['vsock_test:end: early, or late', [2]],
    ['probe-user:1', []],
  ])('%s', (text, expected) => {
    expect(ids(text)).toEqual(expected);
  });

  it.each(['vsock_test:3', 'vsock_test:none of them'])('%s is none of its cases', (text) => {
    expect(() => ids(text)).toThrow(`vsock_test has no case ${text}`);
  });

  it('several of one program are one', () => {
    const both = ['vsock_test:2', 'vsock_test:0-1', 'vsock_test:1'].map((text) => parseChosen(text, ALL));
    expect(chosenIds('vsock_test', LIST, both)).toEqual([0, 1, 2]);
  });

  it.each<[string, RegExp]>([
    ['vsock_tets:1', /--case vsock_tets:1: there is no program vsock_tets/],
    ['', /there is no program without a name/],
    ['vsock_test:', /there is no case behind the colon/],
    ['vsock_test:5-3', /5-3 has no case in it/],
    ['vsock_uring_test:1', /vsock_uring_test cannot be told which cases to run/],
    ['\x1b[2Jx', /there is no program \\x1b\[2Jx/],
  ])('%j is refused', (text, what) => {
    expect(() => parseChosen(text, ALL)).toThrow(what);
  });

  it('what is written for it reads as the same', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL.filter(({ selectable }) => selectable)),
        fc.oneof(
          fc.constant(null),
          fc
            .record({ from: fc.nat(99), more: fc.nat(99) })
            .map(({ from, more }) => ({ from, to: from + more })),
          fc
            .string({ minLength: 1 })
            .filter((one) => one.trim() === one && one !== '' && !/^\d+(?:-\d+)?$/.test(one))
            .map((named) => ({ named })),
        ),
        ({ name: program }, which) => {
          expect(parseChosen(chosenText({ program, which }), ALL)).toEqual({ program, which });
        },
      ),
    );
  });
});

it('directions are those of the programs, of those asked for', () => {
  const of = (...names: string[]) => ALL.filter(({ name }) => names.includes(name));
  expect(chosenDirections(of('probe-device'), ['g2h', 'h2g', 'loopback'])).toEqual(['loopback']);
  expect(chosenDirections(of('probe-device', 'probe-unplug'), ['g2h', 'h2g', 'loopback'])).toEqual([
    'g2h',
    'loopback',
  ]);
  expect(() => chosenDirections(of('vsock_test', 'probe-device'), ['g2h'])).toThrow(
    /probe-device: it does not run in g2h/,
  );
});

it.each<[string, number | null]>([
  ['1', 1],
  ['1000', 1000],
  ['1001', null],
  ['0', null],
  ['-1', null],
  ['1e2', null],
  ['', null],
  ['ten', null],
])('--times %j', (text, times) => {
  expect(parseTimes(text)).toBe(times);
});
