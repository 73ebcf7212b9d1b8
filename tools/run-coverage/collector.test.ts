// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { Agent, Program, ProgramEnd, StartOptions } from '../boot-vm/agent.ts';
import { Collector } from './collector.ts';
import { takeCounters } from './gcov-dump.ts';

type Fake = Pick<Agent, 'start'>;

/** A machine whose gcov-dump writes this and ends so; null: never. */
function machine(output: string, end: ProgramEnd | null): Fake & { killed: number } {
  const fake = {
    killed: 0,
    start: (words: readonly string[], options: StartOptions = {}): Program => {
      expect(words).toEqual(['/programs/gcov-dump']);
      options.onOutput?.(Buffer.from(output));
      return {
        end: end === null ? new Promise(() => {}) : Promise.resolve(end),
        kill: () => fake.killed++,
      } as unknown as Program;
    },
  };
  return fake;
}

const { signal } = new AbortController();
const NEVER = new Promise<never>(() => {});
const OK: ProgramEnd = { how: 'status', status: 0 };
const DUMP = 'file 4 /b/net/a.gcda\nabcd\nend 1\n';

it('keeps counters by program, direction and machine, and those of repeats together', async () => {
  const collector = new Collector(signal, 1000);
  const machines = {
    host: machine(DUMP, OK),
    guest: machine(DUMP, OK),
    slowness: 1,
    trouble: NEVER,
  } as never;
  await collector.take(machines, null);
  await collector.take(machines, { program: 'vsock_test', direction: 'g2h' });
  await collector.take(machines, { program: 'vsock_test', direction: 'g2h' });
  expect(
    collector.readings.map(({ program, direction, machine, taken }) => [program, direction, machine, taken]),
  ).toEqual([
    ['boot', null, 'host', 1],
    ['boot', null, 'guest', 1],
    ['vsock_test', 'g2h', 'host', 2],
    ['vsock_test', 'g2h', 'guest', 2],
  ]);
  expect(collector.readings[2]?.counters.map((one) => [...one.keys()])).toEqual([
    ['/b/net/a.gcda'],
    ['/b/net/a.gcda'],
  ]);
});

it('says what a dead machine cost', async () => {
  const collector = new Collector(signal, 1000);
  const guest = machine('', { how: 'lost', why: 'the machine is gone' });
  await collector.take({ host: machine(DUMP, OK), guest, slowness: 1, trouble: NEVER } as never, {
    program: 'vsock_test',
    direction: 'h2g',
  });
  expect(collector.readings).toMatchObject([
    { machine: 'host', taken: 1, lost: null },
    { machine: 'guest', taken: 0, lost: 'the machine is gone' },
  ]);
});

it.each([
  ['guest', [null, 'it died']],
  ['host', ['it died', 'it died']],
])('does not wait for a machine that is gone with the %s', async (died, lost) => {
  const collector = new Collector(signal, 10_000);
  const trouble = Promise.resolve({ machine: died, what: 'it died' });
  const [up, gone] = [machine(DUMP, OK), machine('', null)];
  const machines = { host: died === 'host' ? gone : up, guest: gone, slowness: 1, trouble };
  await collector.take(machines as never, null);
  expect(collector.readings.map((one) => one.lost)).toEqual(lost);
});

it.each<[string, string, ProgramEnd, RegExp]>([
  [
    'a status',
    'gcov-dump: open /sys/kernel/debug/gcov: No such file or directory\n',
    { how: 'status', status: 1 },
    /No such file/,
  ],
  ['a signal', '', { how: 'signal', signal: 11 }, /signal 11/],
  ['half of it', 'file 4 /a.gcda\nab', OK, /not whole/],
])('%s is no counters', async (_, output, end, why) => {
  expect(await takeCounters(machine(output, end), 1000, NEVER, signal)).toEqual({
    lost: expect.stringMatching(why),
  });
});

it('kills a program that does not come to its end', async () => {
  const stuck = machine('', null);
  expect(await takeCounters(stuck, 10, NEVER, signal)).toEqual({
    lost: expect.stringMatching(/did not give them/),
  });
  expect(stuck.killed).toBe(1);
});

it('is interrupted', async () => {
  const stop = new AbortController();
  const taking = takeCounters(machine('', null), 10_000, NEVER, stop.signal);
  stop.abort();
  await expect(taking).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
