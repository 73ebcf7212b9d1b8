// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { perfTests, type TestChoice, whyNot } from './tests.ts';

const CHOICE: TestChoice = {
  ...{ directions: ['g2h', 'h2g'], messages: [65_536, 16], types: ['stream'], threads: 64 },
  ...{ measure: 'throughput', clock: 'instructions', program: 'vsock-load', bytes: null },
  emulated: false,
};

describe('perfTests', () => {
  it('are the four of the table, each with an amount', () => {
    expect(perfTests(CHOICE).map(({ id, bytes, ms }) => [id, bytes, ms])).toEqual([
      ['64KB-g2h-stream', 64 * 8 * 65_536, null],
      ['16B-g2h-stream', 64 * 256 * 16, null],
      ['64KB-h2g-stream', 64 * 8 * 65_536, null],
      ['16B-h2g-stream', 64 * 256 * 16, null],
    ]);
  });

  it('move whole messages, as many on each connection', () => {
    for (const threads of [1, 3, 64, 500]) {
      for (const message of [1, 16, 1000, 65_536, 1_048_576]) {
        const [test] = perfTests({ ...CHOICE, threads, messages: [message] });
        expect((test?.bytes ?? 0) % (threads * message)).toBe(0);
        expect(test?.bytes).toBeGreaterThan(0);
      }
    }
  });

  it('last a time by the wall, and an amount where one is asked for', () => {
    expect(perfTests({ ...CHOICE, clock: 'wall' })[0]).toMatchObject({ bytes: null, ms: 2000 });
    expect(perfTests({ ...CHOICE, clock: 'wall', bytes: 1000 })[0]).toMatchObject({ bytes: 1000, ms: null });
    // These two have no time that can be asked for.
    for (const program of ['vsock_perf', 'uperf'] as const) {
      const [test] = perfTests({ ...CHOICE, clock: 'wall', program });
      expect(test).toMatchObject({ bytes: 32 * 64 * 8 * 65_536, ms: null });
    }
  });

  it('by the wall of emulated machines are amounts, as by the clock that counts instructions', () => {
    const [first, second] = [
      { ...CHOICE, emulated: true },
      { ...CHOICE, clock: 'wall', emulated: true } as const,
    ];
    expect(perfTests(second)).toEqual(perfTests(first));
    expect(perfTests(second).every(({ bytes, ms }) => bytes !== null && ms === null)).toBe(true);
    const latency = { measure: 'latency', threads: 1, messages: [1] } as const;
    expect(perfTests({ ...second, ...latency })[0]?.echoes).toBe(500);
  });

  it('are ping-pong for latency', () => {
    const [test] = perfTests({ ...CHOICE, measure: 'latency', threads: 1, messages: [1] });
    expect(test).toMatchObject({ id: '1B-g2h-stream', bytes: null, ms: null, echoes: 500 });
  });
});

it.each([
  ['vsock-load', {}, null],
  ['vsock_perf', {}, 'vsock_perf has one stream: --threads 1'],
  ['vsock_perf', { threads: 1 }, null],
  ['uperf', { types: ['seqpacket'] as const }, 'uperf has stream sockets only'],
  ['uperf', { measure: 'latency' as const }, 'uperf does not measure latency here; vsock-load does'],
] as const)('%s, %j: %s', (program, over, why) => {
  expect(whyNot(program, { ...CHOICE, ...over })).toBe(why);
});
