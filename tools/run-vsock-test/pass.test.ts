// SPDX-License-Identifier: MIT
import { getEventListeners } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CaseResult, Direction } from '../../core/run.ts';
import { type Ask, type FakeMachines, fakeMachines, passing, type Script } from './fake-machines.ts';
import { type PassResult, runPass } from './pass.ts';
import { TEST_PROGRAMS, type TestProgram } from './programs.ts';

const [VSOCK_TEST] = TEST_PROGRAMS as [TestProgram];
const CASES = ['reset', 'bind only', 'bounds'];
const LISTENING = 'Control socket listening on 0.0.0.0:12345\n';

let told: CaseResult[];
let logs: Map<string, { text: string; open: boolean }>;
let asked: Ask[];

beforeEach(() => {
  told = [];
  logs = new Map();
  asked = [];
});

interface Options {
  direction?: Direction;
  stuckMs?: number;
  killedMs?: number;
  signal?: AbortSignal;
  machines?: (made: FakeMachines) => void;
  skips?: number[];
  isEnough?: (result: CaseResult) => boolean;
}

async function pass(run: Script['run'], options: Options = {}): Promise<PassResult> {
  const machines = fakeMachines({
    run: (ask, all) => {
      asked.push(ask);
      run(ask, all);
    },
  });
  options.machines?.(machines);
  return await runPass({
    machines,
    program: VSOCK_TEST,
    direction: options.direction ?? 'g2h',
    skips: options.skips ?? [],
    stepSeconds: 10,
    expected: CASES.map((name, id) => ({ id, name })),
    logs: {
      log: (name) => {
        const log = { text: '', open: true };
        logs.set(name, log);
        return {
          write: (chunk) => {
            log.text += String(chunk);
          },
          close: () => {
            log.open = false;
          },
        };
      },
    },
    logNames: { host: 'host.log', guest: 'guest.log' },
    stuckMs: options.stuckMs ?? 30_000,
    killedMs: options.killedMs ?? 50,
    onCase: (result) => told.push(result),
    ...(options.isEnough === undefined ? {} : { isEnough: options.isEnough }),
    signal: options.signal ?? new AbortController().signal,
  });
}

const statuses = (result: PassResult): string[] =>
  result.cases.map(({ name, status }) => `${name} ${status}`);
const where = (): string[] => asked.map((ask) => `${ask.server ? 'server' : 'client'} in ${ask.machine}`);

test.each<[Direction, string[]]>([
  ['g2h', ['server in host', 'client in guest']],
  ['h2g', ['server in guest', 'client in host']],
  ['loopback', ['server in host', 'client in host']],
])('%s: all cases pass, each is told once, the logs are closed', async (direction, places) => {
  const result = await pass(passing(CASES), { direction });
  expect(where()).toEqual(places);
  expect(statuses(result)).toEqual(CASES.map((name) => `${name} pass`));
  expect(result).toMatchObject({ trouble: null, stuck: false, unkillable: null });
  expect(told.map(({ name }) => name)).toEqual(CASES);
  // In loopback the record calls the server host.
  const server = direction === 'h2g' ? 'guest.log' : 'host.log';
  expect(logs.get(server)?.text).toContain('listening');
  expect([...logs.values()].some(({ open }) => open)).toBe(false);
});

test('the client waits for the server to listen', async () => {
  let clients = 0;
  const result = await pass((ask) => {
    if (!ask.server) {
      clients += 1;
      return;
    }
    setTimeout(() => {
      expect(clients).toBe(0);
      ask.say('bind: Address already in use\n');
      ask.end(1);
    }, 20);
  });
  expect(where()).toEqual(['server in host']);
  expect(result.stuck).toBe(false);
  expect(result.cases[0]).toMatchObject({ name: '(before the first case)', status: 'fail' });
  expect(result.cases[0]?.reason).toContain('Address already in use');
  expect(statuses(result).slice(1)).toEqual(CASES.map((name) => `${name} not-run`));
});

test('a server that is gone between its word and the client is a failure, not a wait', async () => {
  const result = await pass((ask) => {
    if (ask.server) {
      ask.say(LISTENING);
      ask.end(3);
    } else {
      ask.say('0 - reset...connect: Connection refused\n');
      ask.end(1);
    }
  });
  expect(result.stuck).toBe(false);
  expect(result.cases.filter(({ status }) => status === 'fail')).toHaveLength(1);
});

describe('where a failure is all that is asked for', () => {
  const failing =
    (guest: string, host: string): Script['run'] =>
    (ask) => {
      if (ask.server) ask.say(LISTENING);
      ask.say(ask.machine === 'host' ? host : guest);
    };

  test('both sides are ended at the first, and the rest did not run', async () => {
    const run = failing('0 - reset...ok\n1 - bind only...no\nfailed\n', '0 - reset...ok\n1 - bind only...');
    const result = await pass(run, { isEnough: () => true });
    expect(result).toMatchObject({ stuck: false, unkillable: null, trouble: null });
    expect(statuses(result)).toEqual(['reset pass', 'bind only fail', 'bounds not-run']);
    expect(result.cases[1]).toMatchObject({ host: 'unfinished', guest: 'failed', reason: 'guest: no' });
  });

  test('a case that one side had not ended yet says nothing', async () => {
    const run = failing('0 - reset...', '0 - reset...ok\n1 - bind only...no\nfailed\n');
    const result = await pass(run, { isEnough: () => true });
    expect(statuses(result)).toEqual(['reset not-run', 'bind only fail', 'bounds not-run']);
  });

  test('another failure than the one that is asked for goes by', async () => {
    const both = '0 - reset...no\nfailed\n1 - bind only...ok\n2 - bounds...ok\n';
    const run = failing(both, both);
    const result = await pass(run, { isEnough: ({ name }) => name === 'bounds', stuckMs: 40 });
    expect(statuses(result)).toEqual(['reset fail', 'bind only pass', 'bounds pass']);
  });
});

describe('a case that never ends', () => {
  const stuck =
    (onKill?: (ask: Ask) => void): Script['run'] =>
    (ask) => {
      if (onKill !== undefined) ask.onKill = () => onKill(ask);
      if (ask.server) ask.say(LISTENING);
      ask.say('0 - reset...ok\n1 - bind only...');
    };

  test('is ended, fails with the time it was given, and the rest did not run', async () => {
    const result = await pass(stuck(), { stuckMs: 40 });
    expect(result).toMatchObject({ stuck: true, unkillable: null, trouble: null });
    expect(statuses(result)).toEqual(['reset pass', 'bind only fail', 'bounds not-run']);
    expect(result.cases[1]).toMatchObject({
      host: 'unfinished',
      reason: expect.stringContaining('no end within'),
    });
  });

  test('and cannot be killed: the machine is named', async () => {
    const result = await pass(
      stuck((ask) => ask.machine === 'host' && ask.die(9)),
      { stuckMs: 40 },
    );
    expect(result).toMatchObject({ stuck: true, unkillable: 'guest' });
  });

  test('on one side while the other has crashed: the crash is the reason', async () => {
    const result = await pass(
      (ask) => {
        stuck()(ask, fakeMachines({ run: () => {} }));
        if (!ask.server) ask.die(11);
      },
      { stuckMs: 40 },
    );
    expect(result.stuck).toBe(true);
    expect(result.cases[1]).toMatchObject({
      status: 'fail',
      guest: 'failed',
      reason: expect.stringContaining('guest: killed by SIGSEGV'),
    });
  });

  test('is not stuck as long as either side says something', async () => {
    const result = await pass(
      (ask) => {
        if (!ask.server) return;
        ask.say(LISTENING);
        let dots = 0;
        const timer = setInterval(() => {
          dots += 1;
          ask.say('.');
          if (dots < 12) return;
          clearInterval(timer);
          ask.die(6);
          for (const other of asked) if (other !== ask) other.end(1);
        }, 20);
      },
      { stuckMs: 120 },
    );
    expect(result.stuck).toBe(false);
  });
});

test('a side whose peer has failed is waited for half as long', async () => {
  const began = performance.now();
  const result = await pass(
    (ask) => {
      if (ask.server) ask.say(`${LISTENING}0 - reset...`);
      else {
        ask.say('0 - reset...connect: Connection reset by peer\n');
        ask.end(1);
      }
    },
    { stuckMs: 2_000 },
  );
  expect(result.stuck).toBe(true);
  expect(result.cases[0]).toMatchObject({
    status: 'fail',
    reason: expect.stringContaining('Connection reset'),
  });
  expect(performance.now() - began).toBeLessThan(1_900);
});

describe('a machine that dies', () => {
  test('in the middle of a case makes it unknown, not failed', async () => {
    const result = await pass((ask, machines) => {
      if (ask.server) ask.say(LISTENING);
      ask.say('0 - reset...ok\n1 - bind only...');
      if (!ask.server) machines.kill('guest');
    });
    expect(result.trouble).toMatchObject({ kind: 'died', machine: 'guest' });
    expect(statuses(result)).toEqual(['reset pass', 'bind only unknown', 'bounds not-run']);
  });

  test('before the server listens', async () => {
    const result = await pass((_, machines) => machines.kill('host'));
    expect(result.trouble).toMatchObject({ machine: 'host' });
    expect(where()).toEqual(['server in host']);
    expect(result.cases[0]?.status).toBe('unknown');
  });

  test('before the pass began', async () => {
    const result = await pass(() => {}, { machines: (machines) => machines.kill('host') });
    expect(result.trouble).toMatchObject({ machine: 'host' });
    expect(result.cases[0]?.status).toBe('unknown');
  });

  test('while a stuck side is being killed', async () => {
    const result = await pass(
      (ask, machines) => {
        ask.onKill = () => machines.kill('host');
        if (ask.server) ask.say(LISTENING);
      },
      { stuckMs: 40 },
    );
    expect(result.trouble).toMatchObject({ machine: 'host' });
  });
});

describe('an interrupt', () => {
  test.each([true, false])('ends it, the server listening: %s', async (listens) => {
    const stop = new AbortController();
    const running = pass(
      (ask) => {
        if (ask.server && listens) ask.say(LISTENING);
        if (!listens || !ask.server) stop.abort();
      },
      { signal: stop.signal },
    );
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  test('that came before the pass begins starts nothing', async () => {
    await expect(pass(passing(CASES), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(asked).toEqual([]);
  });

  test('is heard while a side that cannot be killed is waited for', async () => {
    const stop = new AbortController();
    const running = pass(
      (ask) => {
        ask.onKill = () => stop.abort();
        if (ask.server) ask.say(LISTENING);
      },
      { signal: stop.signal, stuckMs: 40, killedMs: 1_000_000 },
    );
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

test('a program that talks for ever without getting on is stuck as well', async () => {
  let timer: NodeJS.Timeout | undefined;
  const result = await pass(
    (ask) => {
      if (!ask.server) return;
      ask.say(`${LISTENING}0 - reset...`);
      timer = setInterval(() => ask.say('.'), 2);
    },
    { stuckMs: 40 },
  );
  clearInterval(timer);
  expect(result.stuck).toBe(true);
  expect(result.cases[0]?.status).toBe('fail');
});

test('what comes after the end neither counts nor starts the clock again', async () => {
  const active = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = active();
  const result = await pass((ask, machines) => {
    if (ask.server) ask.say(LISTENING);
    else machines.kill('guest');
  });
  const cases = structuredClone(result.cases);
  for (const ask of asked) {
    ask.say('0 - reset...ok\n');
    ask.end(0);
  }
  await new Promise(setImmediate);
  expect(result.cases).toEqual(cases);
  expect(active()).toBeLessThanOrEqual(before);
});

test('cases left out on purpose are passed on to both sides', async () => {
  await pass(passing(CASES), { skips: [0, 2] });
  expect(asked.map(({ skips }) => skips)).toEqual([
    [0, 2],
    [0, 2],
  ]);
});
