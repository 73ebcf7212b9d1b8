// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RespinEvent } from '../../core/events.ts';
import type { Splat, VmMode } from '../../core/run.ts';
import { statePath } from '../../system/paths.ts';
import type { BootOptions } from '../boot-vm/machines.ts';
import type { ChosenCases } from './chosen-cases.ts';
import { type Ask, type FakeMachines, fakeMachines, passing, type Script, trouble } from './fake-machines.ts';
import { TEST_PROGRAMS, type TestProgram } from './programs.ts';
import { runSession, type SessionOptions, type SessionResult } from './session.ts';

const [VSOCK_TEST] = TEST_PROGRAMS as [TestProgram];
const CASES = ['reset', 'bind only', 'bounds'];
const GOOD: Script = { cases: CASES, run: passing(CASES) };

let folder: string;
let boots: { options: BootOptions; machines: FakeMachines }[];
let events: RespinEvent[];
let asked: Ask[];
const before = process.env['XDG_STATE_HOME'];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-session-'));
  process.env['XDG_STATE_HOME'] = folder;
  boots = [];
  events = [];
  asked = [];
});

afterEach(async () => {
  if (before === undefined) delete process.env['XDG_STATE_HOME'];
  else process.env['XDG_STATE_HOME'] = before;
  await rm(folder, { recursive: true, force: true });
});

/** A session whose boots follow these scripts, the last one over and over. */
async function session(
  mode: VmMode,
  scripts: Script[],
  more: Partial<SessionOptions> = {},
): Promise<SessionResult> {
  return await runSession({
    choice: { mode, reason: 'asked for', proven: true },
    qemu: { binary: '/qemu', dataDirs: [], libraryPath: [], version: '10.0.2' },
    images: { hostKernel: '/bzImage', hostRoot: '/root' },
    programs: [VSOCK_TEST],
    directions: ['g2h'],
    stepSeconds: 10,
    release: '6.12.117',
    logs: { log: () => ({ write: () => {}, close: () => {} }) },
    baseBoots: async () => {
      throw new Error('the base is not to be asked for');
    },
    emit: (event) => void events.push(event),
    signal: new AbortController().signal,
    stuckMs: 50,
    machines: async (options) => {
      const script = scripts[Math.min(boots.length, scripts.length - 1)] as Script;
      const machines = fakeMachines({
        ...script,
        run: (ask, all) => {
          asked.push(ask);
          script.run(ask, all);
        },
      });
      boots.push({ options, machines });
      return machines;
    },
    ...more,
  });
}

/** The numbers of the cases each start of the server was told to leave out. */
const skips = (): (readonly number[])[] => asked.filter((ask) => ask.server).map((ask) => ask.skips);

function disposed(): void {
  expect(boots.map(({ machines }) => machines.disposed)).toEqual(boots.map(() => true));
}

async function remembered(): Promise<unknown> {
  const text = await readFile(statePath('kvm.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { remembered?: unknown }).remembered;
}

const splat = (parts: Partial<Splat> = {}): Splat => ({
  machine: 'host',
  kind: 'kasan',
  title: 'BUG: KASAN: slab-out-of-bounds in virtio_transport_recv_pkt',
  where: 'virtio_transport_recv_pkt+0x1c/0x80',
  text: '',
  log: 'host-console.log',
  line: 3,
  boot: 1,
  ...parts,
});

/** Dies as soon as the client has begun the second case. */
const dying: Script = {
  cases: CASES,
  run: (ask, machines) => {
    if (ask.server) ask.say('Control socket listening on 0.0.0.0:12345\n');
    ask.say('0 - reset...ok\n1 - bind only...');
    if (!ask.server) machines.kill('guest');
  },
};

test('all pass in one boot', async () => {
  const result = await session('kvm+kvm', [GOOD], { directions: ['g2h', 'h2g', 'loopback'] });
  expect(result).toMatchObject({ verdict: 'pass', boots: [{ number: 1, outcome: 'ok', powerOffMs: 5 }] });
  expect(result.suites.map(({ direction, cases }) => [direction, cases.length])).toEqual([
    ['g2h', 3],
    ['h2g', 3],
    ['loopback', 3],
  ]);
  expect(await remembered()).toEqual({ host: 'works', guest: 'works' });
  disposed();
});

describe('what is looked at between programs', () => {
  const directions = ['g2h', 'loopback'] as const;
  const seen: string[] = [];
  const between: SessionOptions['between'] = async (machines, pass) => {
    expect(machines).toBe(boots.at(-1)?.machines);
    seen.push(pass === null ? 'boot' : `${pass.program} ${pass.direction}`);
  };

  beforeEach(() => {
    seen.length = 0;
  });

  test('is asked before the first and behind each; nothing runs while the guest comes up', async () => {
    const bringUp = { guest: () => (asked.length === 0 ? null : trouble({ what: 'a program ran' })) };
    const result = await session('kvm+kvm', [{ ...GOOD, bringUp }], { directions, between });
    expect(result.verdict).toBe('pass');
    expect(seen).toEqual(['boot', 'vsock_test g2h', 'vsock_test loopback']);
  });

  test('is asked behind a repeat, in another boot, and when a machine has died', async () => {
    await session('kvm+kvm', [dying, GOOD], { between });
    expect(seen.slice(0, 2)).toEqual(['boot', 'vsock_test g2h']);
    expect(seen.slice(2)).toEqual(['boot', ...seen.slice(3).map(() => 'vsock_test g2h')]);
    expect(seen.length).toBeGreaterThan(3);
  });
});

describe('some cases alone', () => {
  const only = (which: ChosenCases['which'], times = 1): Partial<SessionOptions> => ({
    part: { chosen: [{ program: 'vsock_test', which }], times },
  });

  test('the others are left out, and have no result', async () => {
    const result = await session('kvm+kvm', [GOOD], only({ from: 1, to: 1 }));
    expect(result).toMatchObject({ verdict: 'pass', why: expect.stringContaining('nothing else was run') });
    expect(skips()).toEqual([[0, 2]]);
    expect(result.suites[0]?.cases.map(({ name, attempts }) => [name, attempts])).toEqual([['bind only', 1]]);
  });

  test('as often as asked, in one boot, and how many of them failed is told', async () => {
    let times = 0;
    const run = passing(CASES, (name) => (name === 'bind only' && times++ % 2 === 0 ? 'send: no' : null));
    const result = await session('kvm+kvm', [{ cases: CASES, run }], only({ named: 'BIND' }, 5));
    expect(result.verdict).toBe('flaky');
    expect(result.why).toContain('“bind only” failed 3 of 5 times');
    expect(result.boots).toHaveLength(1);
    expect(skips()).toEqual(Array.from({ length: 5 }, () => [0, 2]));
    expect(result.suites[0]?.cases).toMatchObject([{ status: 'flaky', attempts: 5, failed: 3 }]);
  });

  test('that fail each time need no more proof', async () => {
    const run = passing(CASES, (name) => (name === 'bind only' ? 'send: no' : null));
    const result = await session('kvm+kvm', [{ cases: CASES, run }], only({ named: 'bind' }, 4));
    expect(result).toMatchObject({ verdict: 'fail', suites: [{ cases: [{ attempts: 4, failed: 4 }] }] });
    expect(skips()).toHaveLength(4);
  });

  test('a whole program is one that is told nothing', async () => {
    const result = await session('kvm+kvm', [GOOD], only(null, 2));
    expect(result.verdict).toBe('pass');
    expect(skips()).toEqual([[], []]);
  });

  test('that there are not end it, with those that there are', async () => {
    const ended = session('kvm+kvm', [GOOD], only({ from: 7, to: 9 }));
    await expect(ended).rejects.toMatchObject({
      ...{ code: 'CASE_UNKNOWN', blame: 'usage', message: 'vsock_test has no case vsock_test:7-9' },
      ...{ detail: '0 reset\n1 bind only\n2 bounds', hint: expect.stringContaining('0 to 2') },
    });
    disposed();
  });

  test('of a program that lists none are no mistake of the user', async () => {
    const ended = session('kvm+kvm', [{ ...GOOD, cases: [] }], only({ from: 1, to: 1 }));
    await expect(ended).rejects.toMatchObject({ code: 'CASES_UNLISTED', blame: 'machine' });
    disposed();
  });

  test('one of two that there is not ends it before anything is run', async () => {
    const part = {
      chosen: ['bind', 'none'].map((named) => ({ program: 'vsock_test', which: { named } })),
      times: 1,
    };
    await expect(session('kvm+kvm', [GOOD], { part })).rejects.toMatchObject({
      message: 'vsock_test has no case vsock_test:none',
    });
    expect(skips()).toEqual([]);
    disposed();
  });

  test('nor those of a program that hangs while it lists them: nothing is run in their place', async () => {
    const list: Script['list'] = (ask) => ask.say('ID\tTest name\n0\treset\n');
    await expect(session('kvm+kvm', [{ ...GOOD, list }], only({ from: 1, to: 1 }))).rejects.toMatchObject({
      ...{ code: 'CASES_UNLISTED', blame: 'machine' },
    });
    expect(skips()).toEqual([]);
    disposed();
  });

  test('a machine that dies while they are listed is started again', async () => {
    const part = { chosen: [{ program: 'vsock_test', which: { from: 1, to: 1 } }], times: 1 };
    const list: Script['list'] = (ask) => {
      ask.say('ID\tTest name\n0\treset\n');
      boots.at(-1)?.machines.kill('host');
    };
    const result = await session('kvm+kvm', [{ ...GOOD, list }, GOOD], { part });
    expect(result.verdict).toBe('flaky');
    expect(boots).toHaveLength(2);
    expect(result.suites[0]?.cases.map(({ name }) => name)).toEqual(['(before the first case)', 'bind only']);
    disposed();
  });

  test('a machine that dies meanwhile is started again, and they run there', async () => {
    const result = await session('kvm+kvm', [dying, GOOD], only({ from: 1, to: 1 }, 2));
    expect(result.verdict).toBe('flaky');
    expect(boots).toHaveLength(2);
    expect(skips().slice(-2)).toEqual([
      [0, 2],
      [0, 2],
    ]);
    disposed();
  });
});

describe('a failing case', () => {
  test('that passes alone is flaky; the rest that did not run is run', async () => {
    let times = 0;
    const run = passing(CASES, (name) =>
      name === 'bind only' && times++ === 0 ? 'send: No buffer space' : null,
    );
    const result = await session('kvm+kvm', [{ cases: CASES, run }]);
    expect(result.verdict).toBe('flaky');
    expect(result.boots).toHaveLength(1);
    // Whole, then the failing one alone, then what did not run.
    expect(skips()).toEqual([[], [0, 2], [0, 1]]);
    expect(result.suites[0]?.cases.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['pass', 1],
      ['flaky', 2],
      ['pass', 1],
    ]);
    expect(result.suites[0]?.cases[1]?.reason).toContain('No buffer space');
  });

  test('that fails three times is a fail', async () => {
    const run = passing(CASES, (name) => (name === 'bind only' ? 'send: No buffer space' : null));
    const result = await session('kvm+kvm', [{ cases: CASES, run }]);
    expect(result).toMatchObject({ verdict: 'fail', why: expect.stringContaining('“bind only” failed') });
    expect(skips().slice(0, 3)).toEqual([[], [0, 2], [0, 2]]);
    disposed();
  });

  test('of slowness under emulation is confirmed on one vcpu and one thread', async () => {
    const run = passing(CASES, (name) => (name === 'bounds' ? 'recv: timed out' : null));
    const result = await session('tcg+svm', [{ cases: CASES, run }]);
    expect(result.verdict).toBe('fail');
    expect(boots.map(({ options }) => [options.plan.hostCpus, options.plan.thread])).toEqual([
      [2, 'multi'],
      [1, 'single'],
    ]);
  });
});

describe('a machine that dies', () => {
  test('once is not the series: fresh machines, and the verdict tells', async () => {
    const result = await session('tcg+svm', [dying, GOOD]);
    expect(result).toMatchObject({ verdict: 'flaky', boots: [{ outcome: 'died' }, { outcome: 'ok' }] });
    expect(result.why).toContain('which a fresh machine did not repeat');
    disposed();
  });

  test('at the same place each time, with one vcpu too, is a fail', async () => {
    const result = await session('tcg+svm', [dying]);
    expect(result.verdict).toBe('fail');
    expect(boots.map(({ options }) => options.plan.hostCpus)).toEqual([2, 2, 1]);
    disposed();
  });

  test('that does not power off', async () => {
    const late = trouble({
      kind: 'timeout',
      machine: 'guest',
      phase: 'power-off',
      what: 'did not power off',
    });
    const result = await session('kvm+kvm', [{ ...GOOD, powerOff: async () => late }, GOOD]);
    expect(result.verdict).toBe('flaky');
    disposed();
  });
});

describe('a host that never prints', () => {
  const silent: Script = {
    ...GOOD,
    printed: false,
    bringUp: { host: () => trouble({ kind: 'timeout', phase: 'first-byte', what: 'no byte' }) },
  };

  test.each<[string, boolean | null, string, number]>([
    ['the base prints: the series is at fault', true, 'fail', 2],
    ['the base does not print either', false, 'unknown', 1],
    ['the base cannot be tried', null, 'unknown', 1],
  ])('%s', async (_, base, verdict, count) => {
    let times = 0;
    const baseBoots = async (): Promise<boolean | null> => {
      times += 1;
      // The experiment is made when the machines of the run are gone.
      disposed();
      return base;
    };
    const result = await session('tcg+svm', [silent], { baseBoots });
    expect(result.verdict).toBe(verdict);
    expect(boots).toHaveLength(count);
    expect(times).toBe(1);
  });

  test('on KVM: the next mode gets the same kernels, and what was learnt is kept', async () => {
    const result = await session('kvm+kvm', [silent, GOOD]);
    expect(result).toMatchObject({ verdict: 'pass', choice: { mode: 'tcg+svm' } });
    expect(boots.map(({ options }) => options.plan.mode)).toEqual(['kvm+kvm', 'tcg+svm']);
    expect(result.boots).toHaveLength(2);
    expect(await remembered()).toEqual({ host: 'silent' });
    disposed();
  });

  test('a splat of the boot that is given up is not lost with it', async () => {
    const bad: Script = {
      ...GOOD,
      splats: [splat()],
      bringUp: {
        guest: () => trouble({ kind: 'timeout', machine: 'guest', phase: 'first-byte', what: 'no byte' }),
      },
    };
    const result = await session('kvm+kvm', [bad, GOOD]);
    expect(result).toMatchObject({ verdict: 'fail', why: expect.stringContaining('KASAN') });
  });

  test('in neither mode: KVM is not to blame, and not remembered as silent', async () => {
    const result = await session('kvm+tcg', [silent], { baseBoots: async () => null });
    expect(result.verdict).toBe('unknown');
    expect(await remembered()).toBeUndefined();
    disposed();
  });

  test('a guest silent on the emulated SVM is tried on TCG', async () => {
    const guest: Script = {
      ...GOOD,
      bringUp: {
        guest: () => trouble({ kind: 'timeout', machine: 'guest', phase: 'first-byte', what: 'no byte' }),
      },
    };
    const result = await session('tcg+svm', [guest, GOOD]);
    expect(result).toMatchObject({ verdict: 'pass', choice: { mode: 'tcg+tcg' } });
    expect(await remembered()).toEqual({ guest: 'silent' });
  });
});

test.each<[boolean, string]>([
  [true, 'fail'],
  [false, 'unknown'],
])('a guest that never comes up is held against the base: %s, %s', async (base, verdict) => {
  const late: Script = {
    ...GOOD,
    bringUp: { guest: () => trouble({ kind: 'timeout', machine: 'guest', phase: 'init', what: 'no init' }) },
  };
  const result = await session('tcg+tcg', [late], { baseBoots: async () => base });
  expect(result.verdict).toBe(verdict);
  expect(boots).toHaveLength(2);
});

test('a direction in which vsock_test was not there to run is no pass', async () => {
  const result = await session('kvm+kvm', [GOOD], { programs: [{ ...VSOCK_TEST, name: 'vsock_diag_test' }] });
  expect(result).toMatchObject({ verdict: 'unknown', why: 'vsock_test did not run in g2h' });
});

describe('a QEMU that does not start', () => {
  const broken: Script = {
    ...GOOD,
    printed: false,
    bringUp: {
      host: () =>
        trouble({
          phase: 'init',
          what: "the host's QEMU ended (status 1)",
          detail: 'qemu: cannot set up guest memory: Cannot allocate memory',
          qemuFailed: true,
        }),
    },
  };

  test('is never the series, not even where the base is known to boot', async () => {
    const result = await session('tcg+svm', [broken], { baseBoots: async () => true });
    expect(result.verdict).toBe('unknown');
    expect(result.why).toContain('Cannot allocate memory');
    expect(boots).toHaveLength(1);
    disposed();
  });

  test('with KVM is tried without', async () => {
    const result = await session('kvm+kvm', [broken, GOOD]);
    const reason = 'QEMU failed on /dev/kvm (qemu: cannot set up guest memory: Cannot allocate memory)';
    expect(result).toMatchObject({ verdict: 'pass', choice: { mode: 'tcg+svm', reason } });
  });

  test('or is killed in each of two boots is the machine', async () => {
    const killed: Script = {
      cases: CASES,
      run: (ask, machines) => {
        if (ask.server) ask.say('Control socket listening on 0.0.0.0:12345\n');
        else machines.kill('host', true);
      },
    };
    const result = await session('kvm+kvm', [killed]);
    expect(result).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('QEMU failed') });
    expect(boots).toHaveLength(2);
  });

  test('the second time ends the run: what the first saw is told, and not repeated', async () => {
    const result = await session('tcg+svm', [dying, broken]);
    expect(result).toMatchObject({
      verdict: 'unknown',
      why: expect.stringContaining('the tests could not go on'),
    });
    expect(result.suites[0]?.cases[0]).toMatchObject({ name: 'reset', status: 'pass' });
    expect(boots).toHaveLength(2);
  });
});

describe('a program that hangs', () => {
  test('already when asked for its cases: the limit ends it, and the run goes on', async () => {
    const result = await session('kvm+kvm', [{ ...GOOD, list: () => {} }]);
    expect(result.verdict).toBe('pass');
  });

  test('and cannot be killed ends the boot: no more limits are waited for', async () => {
    const deaf: Script = {
      cases: CASES,
      run: (ask) => {
        ask.onKill = () => {};
        if (ask.server) ask.say('Control socket listening on 0.0.0.0:12345\n');
        ask.say('0 - reset...');
      },
    };
    const result = await session('kvm+kvm', [deaf], { directions: ['g2h', 'h2g', 'loopback'] });
    expect(result.verdict).toBe('fail');
    expect(result.boots.map(({ outcome }) => outcome)).toEqual(result.boots.map(() => 'timeout'));
    // Server and client once a boot: h2g and loopback were not begun.
    expect(asked).toHaveLength(2 * boots.length);
    disposed();
  });
});

test('a splat that comes to light when the machines are off fails the run', async () => {
  const result = await session('kvm+kvm', [{ ...GOOD, lateSplats: [splat()] }]);
  expect(result.verdict).toBe('fail');
  expect(result.splats).toHaveLength(1);
  expect(result.suites[0]?.cases.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
});

test('an interrupt does not take what was over with it', async () => {
  const stop = new AbortController();
  const good = passing(CASES);
  let soFar: unknown;
  const script: Script = {
    cases: CASES,
    run: (ask, machines) => {
      // h2g begins with its server in the guest.
      if (ask.server && ask.machine === 'guest') stop.abort();
      else good(ask, machines);
    },
  };
  const running = session('kvm+kvm', [script], {
    directions: ['g2h', 'h2g'],
    signal: stop.signal,
    onCutShort: (evidence) => {
      soFar = evidence;
    },
  });
  await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(soFar).toMatchObject({
    boots: [{ number: 1 }],
    suites: [{ direction: 'g2h', cases: [{ status: 'pass' }, { status: 'pass' }, { status: 'pass' }] }],
  });
});

test.each(['while it comes up', 'in a test', 'in the list of cases'])(
  'an interrupt %s ends the machines',
  async (when) => {
    const stop = new AbortController();
    const script: Script = {
      ...GOOD,
      ...(when === 'in a test' ? { run: () => stop.abort() } : {}),
      ...(when === 'in the list of cases' ? { list: () => stop.abort() } : {}),
      ...(when === 'while it comes up'
        ? {
            bringUp: {
              host: async () => {
                stop.abort();
                throw Object.assign(new Error('interrupted'), { code: 'INTERRUPTED' });
              },
            },
          }
        : {}),
    };
    await expect(
      session('kvm+kvm', [script], { signal: stop.signal, stuckMs: 20_000 }),
    ).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    disposed();
  },
);

test('loopback runs while the guest comes up, once, and is read in its place', async () => {
  const order: string[] = [];
  let guestMay: () => void = () => {};
  const loopbackDone = new Promise<void>((resolve) => {
    guestMay = resolve;
  });
  const result = await session(
    'tcg+svm',
    [
      {
        ...GOOD,
        // The guest comes up only when loopback is through: the other order would never end.
        bringUp: {
          guest: async () => {
            await loopbackDone;
            order.push('guest up');
            return null;
          },
        },
      },
    ],
    {
      directions: ['g2h', 'loopback'],
      emit: (event) => {
        if (event.type === 'suite') order.push(event.direction);
        if (event.type === 'case' && event.case.name === CASES.at(-1)) guestMay();
      },
    },
  );
  expect(order).toEqual(['loopback', 'guest up', 'g2h']);
  expect(result.verdict).toBe('pass');
  expect(result.suites.map(({ direction }) => direction)).toEqual(['g2h', 'loopback']);
});
