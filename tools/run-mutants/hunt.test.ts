// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { CaseResult, CaseStatus, Direction, Splat } from '../../core/run.ts';
import { type HuntedBoot, hunt } from './hunt.ts';
import type { Suite } from './suites.ts';

/** What each case comes to, by how often it has run before: `program case`. */
type World = Record<string, readonly (CaseStatus | 'dies' | 'warns')[]>;

const NAMES = ['one', 'two', 'three'];

function suite(name: string, direction: Direction = 'g2h', selectable = true): Suite {
  return { program: { name, directions: [direction], selectable }, direction };
}

function probe(name: string): Suite {
  return { program: { name, directions: ['g2h'], selectable: true, probe: true }, direction: 'g2h' };
}

const WARNING: Splat = {
  ...{ machine: 'host', kind: 'warning', title: 'WARNING at net/vsock.c:1', where: 'vsock_f+0x1/0x2' },
  ...{ text: '', log: 'host-console.log', line: 1, boot: 1 },
};

/** Machines whose programs do what the world says; a failing case ends its program, as those of the tree do. */
function bootOf(world: World, times: Map<string, number>, log: string[], bootable = true): HuntedBoot {
  const history: HuntedBoot['history'] = {
    ...{ number: 1, purpose: 'first', mode: 'tcg+svm', outcome: bootable ? 'up' : 'died' },
    ...{ firstByte: true, hostInit: true, guestInit: bootable, testsDone: false, qemuFailed: false },
    ...{
      machine: bootable ? null : 'guest',
      detail: bootable ? null : 'it was not reached',
      splats: [],
      rests: 0,
    },
  };
  return {
    history,
    trouble: null,
    run: async (program, direction, selection, isEnough) => {
      const only = selection?.only ?? null;
      const wanted = (id: number): boolean => only?.includes(id) ?? true;
      log.push(`${program.name} ${direction} ${only?.join(',') ?? 'all'}`);
      let ended = false;
      const cases = NAMES.flatMap((name, id): CaseResult[] => {
        if (!wanted(id)) return [];
        const key = `${program.name} ${name}`;
        const before = times.get(key) ?? 0;
        const comes = world[key] ?? ['pass'];
        let status = comes[Math.min(before, comes.length - 1)] ?? 'pass';
        if (ended) status = 'not-run';
        else times.set(key, before + 1);
        if (status === 'dies') {
          history.outcome = 'died';
          history.machine = 'host';
          history.detail = 'its QEMU ended';
          ended = true;
          status = 'unknown';
        }
        if (status === 'warns') {
          history.splats.push(WARNING);
          status = 'pass';
        }
        const sides = { host: 'ok', guest: 'ok' } as const;
        const reason = status === 'fail' ? 'no' : null;
        const result: CaseResult = { id, name, status, ...sides, ms: 1, attempts: 1, reason };
        // As a program of the tree does; a probe goes on, unless that is enough.
        if (status === 'fail') ended = program.probe !== true || isEnough?.(result) === true;
        return [result];
      });
      return { program: program.name, direction, cases, logs: { host: '', guest: '' }, skipped: null };
    },
    powerOff: async () => {
      history.testsDone = true;
      history.outcome = 'ok';
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function huntIn(
  world: World,
  suites: Suite[],
  options: { excused?: string[]; bootable?: (number: number) => boolean } = {},
) {
  const times = new Map<string, number>();
  const log: string[] = [];
  const found = await hunt({
    suites,
    excused: new Set(options.excused),
    start: async (number, meanwhile) => {
      log.push(`boot ${number}`);
      const boot = bootOf(world, times, log, options.bootable?.(number) ?? true);
      await meanwhile(boot);
      return boot;
    },
  });
  return { found, log };
}

it('a fault that nothing notices survives, and everything has run', async () => {
  const { found, log } = await huntIn({}, [suite('a', 'loopback'), suite('a'), suite('b')]);
  expect(found).toEqual({ outcome: 'survived', flaky: [], boots: 1 });
  expect(log).toEqual(['boot 1', 'a loopback all', 'a g2h all', 'b g2h all']);
});

it('a case that fails twice kills, and nothing more is run', async () => {
  const { found, log } = await huntIn({ 'a two': ['fail'] }, [suite('a'), suite('b')]);
  expect(found).toMatchObject({
    outcome: 'killed',
    hit: { program: 'a', direction: 'g2h', case: 'two', how: 'no' },
  });
  expect(log).toEqual(['boot 1', 'a g2h all', 'a g2h 1']);
});

it('one that passes alone is only noted, and what it kept from running is run', async () => {
  const { found, log } = await huntIn({ 'a one': ['fail', 'pass'] }, [suite('a'), suite('b')]);
  expect(found).toEqual({ outcome: 'survived', flaky: ['a g2h “one”'], boots: 1 });
  expect(log).toEqual(['boot 1', 'a g2h all', 'a g2h 0', 'a g2h 1,2', 'b g2h all']);
});

it('what fails behind a flaky case kills all the same', async () => {
  const { found } = await huntIn({ 'a one': ['fail', 'pass'], 'a three': ['fail'] }, [suite('a')]);
  expect(found).toMatchObject({ outcome: 'killed', hit: { case: 'three' }, flaky: ['a g2h “one”'] });
});

it('a probe is ended at its first failure', async () => {
  const times = { 'a one': ['fail'], 'a three': ['fail'] } as const;
  const { found, log } = await huntIn(times, [probe('a')]);
  expect(found).toMatchObject({ outcome: 'killed', hit: { case: 'one' } });
  expect(log).toEqual(['boot 1', 'a g2h all', 'a g2h 0']);
});

it('what a flaky case kept from running is run, to the next failure', async () => {
  const times = { 'a one': ['fail', 'pass'], 'a two': ['fail'], 'a three': ['fail'] } as const;
  const { found, log } = await huntIn(times, [probe('a')]);
  expect(found).toMatchObject({ hit: { case: 'two' }, flaky: ['a g2h “one”'] });
  expect(log).toEqual(['boot 1', 'a g2h all', 'a g2h 0', 'a g2h 1,2', 'a g2h 1']);
});

it('a probe goes on behind what fails without any fault', async () => {
  const times = { 'a one': ['fail'], 'a two': ['fail'] } as const;
  const { found, log } = await huntIn(times, [probe('a')], { excused: ['a g2h “one”'] });
  expect(found).toMatchObject({ hit: { case: 'two' } });
  expect(log).toEqual(['boot 1', 'a g2h all', 'a g2h 1']);
});

it('what fails without any fault says nothing', async () => {
  const excused = ['a g2h “three”'];
  const { found } = await huntIn({ 'a three': ['fail'] }, [suite('a')], { excused });
  expect(found).toEqual({ outcome: 'survived', flaky: [], boots: 1 });
});

it('a program that takes no numbers is run again as a whole', async () => {
  const { found, log } = await huntIn({ 'a one': ['fail'] }, [suite('a', 'g2h', false)]);
  expect(found).toMatchObject({ outcome: 'killed', hit: { case: 'one' } });
  expect(log).toEqual(['boot 1', 'a g2h all', 'a g2h all']);
});

it('what only a fault makes a kernel report kills at once', async () => {
  const { found } = await huntIn({ 'b two': ['warns'] }, [suite('a'), suite('b'), suite('c')]);
  expect(found).toMatchObject({ outcome: 'killed', hit: { program: 'b', case: null } });
  expect(found).toHaveProperty('hit.how', expect.stringContaining('WARNING at net/vsock.c:1'));
});

it('a machine that dies has to die again in fresh machines', async () => {
  const { found, log } = await huntIn({ 'b one': ['dies'] }, [suite('a'), suite('b')]);
  expect(found).toMatchObject({ outcome: 'killed', boots: 2, hit: { program: 'b', direction: 'g2h' } });
  expect(log).toEqual(['boot 1', 'a g2h all', 'b g2h all', 'boot 2', 'b g2h all']);
});

it('one that died once and not again is noted', async () => {
  const { found } = await huntIn({ 'b one': ['dies', 'pass'] }, [suite('b')]);
  expect(found).toMatchObject({
    outcome: 'survived',
    boots: 2,
    flaky: [expect.stringContaining('its QEMU ended')],
  });
});

it('a kernel that does not come up, twice, is dead', async () => {
  const { found } = await huntIn({}, [suite('a')], { bootable: () => false });
  expect(found).toMatchObject({ outcome: 'killed', boots: 2, hit: { program: null, direction: null } });
  const once = await huntIn({}, [suite('a')], { bootable: (number) => number > 1 });
  expect(once.found).toMatchObject({ outcome: 'survived', boots: 2 });
});
