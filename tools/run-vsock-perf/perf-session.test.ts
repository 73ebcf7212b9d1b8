// SPDX-License-Identifier: MIT
/** With machines that are none: what is booted when, and what becomes of a boot that gives no figure. */
import { describe, expect, it, vi } from 'vitest';
import type { RespinEvent } from '../../core/events.ts';
import type { Kernels } from '../../core/perf.ts';
import type { Program, ProgramEnd, StartOptions } from '../boot-vm/agent.ts';
import type { BootOptions, Trouble } from '../boot-vm/machines.ts';
import { countingPlan } from '../boot-vm/plan.ts';
import type { MeasuredBoot, MeasuredMachines } from './perf-boot.ts';
import { perfSession, turns } from './perf-session.ts';
import { perfTests } from './tests.ts';
import { VSOCK_LOAD } from './vsock-load.ts';

// What is written below has two rounds to warm up and two that count, however many there really are.
vi.mock('./tests.ts', async (original) => ({
  ...(await original<object>()),
  WARM_UP_ROUNDS: 2,
  MEASURED_ROUNDS: 2,
}));

const KERNELS: Record<string, Kernels> = {
  base: { host: 'base', guest: 'base' },
  patched: { host: 'patched', guest: 'patched' },
};
const TESTS = perfTests({
  ...{ directions: ['h2g'], messages: [16], types: ['stream'], threads: 1 },
  ...{ measure: 'throughput', clock: 'instructions', program: 'vsock-load', bytes: 160, emulated: true },
});
const CPU = '"cpu":{"user":0,"system":1,"irq":0,"softirq":0,"steal":0,"guest":0,"idle":0}';
const rounds = (ns: number): string =>
  `{"side":"x","rounds":[${Array.from({ length: 4 }, () => `{"bytes":160,"ns":${ns},${CPU}}`).join(',')}]}\n`;

/** What each side of a transfer says, or what becomes of its machine. */
type Act =
  | { ns: number }
  | { error: string }
  | { wrong: string }
  | { dies: true }
  | { hangs: true }
  | { splat: string };

interface Booted {
  images: string;
  act: Act;
  disposed: boolean;
}

function session(acts: (images: string, boot: number) => Act, over: { runs?: number; atOnce?: number } = {}) {
  const booted: Booted[] = [];
  const events: RespinEvent[] = [];
  const measured: MeasuredBoot[] = [];
  const abort = new AbortController();
  const done = perfSession({
    sets: ['base', 'patched'].map((name) => ({
      ...{ kernels: KERNELS[name] as Kernels, name },
      images: { hostKernel: name, hostRoot: name },
    })),
    ...{
      program: VSOCK_LOAD,
      tests: TESTS,
      runs: over.runs ?? 2,
      atOnce: over.atOnce ?? 1,
      plan: countingPlan('tcg+svm'),
    },
    qemu: { binary: 'qemu', dataDirs: [], libraryPath: [] },
    logs: { log: () => ({ write: () => {}, close: () => {} }) },
    testMs: 100,
    emit: (event) => events.push(event),
    signal: abort.signal,
    onBoot: (one) => measured.push(one),
    machines: async ({ images, number }: BootOptions) => {
      const one: Booted = { images: images.hostRoot, act: acts(images.hostRoot, number), disposed: false };
      booted.push(one);
      return machines(one);
    },
  });
  return { done, booted, events, measured, abort };
}

const GUEST_DIED: Trouble = {
  ...{ kind: 'died', machine: 'guest', phase: 'test', what: 'the guest died', detail: 'oops' },
  qemuFailed: false,
};

function machines(one: Booted): MeasuredMachines {
  const { act } = one;
  let die: (trouble: Trouble) => void = () => {};
  const trouble = new Promise<Trouble>((resolve) => {
    die = resolve;
  });
  let sends: () => void = () => {};
  const sending = new Promise<void>((resolve) => {
    sends = resolve;
  });
  const start = (words: readonly string[], { onOutput }: StartOptions = {}): Program => {
    const server = words.includes('--side=server');
    const say = (text: string): void => onOutput?.(Buffer.from(text));
    let settle: (end: ProgramEnd) => void = () => {};
    const end = new Promise<ProgramEnd>((resolve) => {
      settle = resolve;
    });
    const goes = (): void => {
      if ('ns' in act || 'splat' in act) say(rounds('ns' in act ? act.ns : 1000));
      if ('error' in act) say(`{"side":"x","kind":"failed","error":"${act.error}"}\n`);
      if ('wrong' in act) say(`{"side":"x","kind":"wrong","error":"${act.wrong}"}\n`);
      if ('dies' in act) die(GUEST_DIED);
      else if (!('hangs' in act)) settle({ how: 'status', status: 'error' in act || 'wrong' in act ? 1 : 0 });
    };
    if (server) {
      void sending.then(goes);
      setImmediate(() => say('listening\n'));
    } else {
      sends();
      setImmediate(goes);
    }
    return { end, kill: () => settle({ how: 'signal', signal: 9 }) } as unknown as Program;
  };
  const splats = 'splat' in act ? [{ machine: 'guest', title: act.splat, text: act.splat }] : [];
  return {
    host: { start },
    guest: { start },
    trouble,
    bringUpHost: async () => null,
    bringUpGuest: async () => null,
    pinVcpus: async () => true,
    powerOff: async () => 1,
    lastState: async () => {},
    initMs: { host: 1, guest: 2 },
    slowness: 1,
    splats: splats as unknown as MeasuredMachines['splats'],
    [Symbol.asyncDispose]: async () => {
      one.disposed = true;
    },
  };
}

it('takes its turns so that what drifts meets all alike', () => {
  expect(turns(2, 5)).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
  expect(turns(4, 2)).toEqual([0, 1, 2, 3, 3, 2, 1, 0]);
});

describe('a session', () => {
  it('gives a sample for each test of each boot', async () => {
    const { done, booted, measured } = session((images) => ({ ns: images === 'base' ? 1000 : 500 }));
    await done;
    expect(booted.map(({ images }) => images)).toEqual(['base', 'patched', 'patched', 'base']);
    expect(booted.every(({ disposed }) => disposed)).toBe(true);
    const samples = measured.flatMap((one) => one.samples);
    expect(samples.map(({ set, boot, gbps }) => [set, boot, gbps])).toEqual([
      [0, 1, 1.28],
      [1, 2, 2.56],
      [1, 3, 2.56],
      [0, 4, 1.28],
    ]);
    expect(samples[0]).toMatchObject({ warmUp: [{}, {}], rounds: [{ bytes: 160, ns: 1000 }, {}] });
  });

  it('boots side by side where that costs nothing', async () => {
    const { done, booted } = session(() => ({ ns: 1 }), { runs: 3, atOnce: 2 });
    await done;
    expect(booted).toHaveLength(6);
  });

  it.each<[string, Act]>([
    ['a machine that dies', { dies: true }],
    ['a transfer that hangs', { hangs: true }],
    ['a side that fails', { error: 'connect to 3:5201: Connection reset by peer' }],
    ['a kernel that complains', { splat: 'WARNING: CPU: 0' }],
  ])('makes %s good by another boot, and says so', async (_, act) => {
    const { done, booted, events, measured } = session((_images, boot) => (boot === 2 ? act : { ns: 1 }));
    await done;
    expect(booted.map(({ images }) => images)).toEqual(['base', 'patched', 'patched', 'patched', 'base']);
    expect(measured.map(({ boot }) => boot.outcome)).toEqual(['ok', 'failed', 'ok', 'ok', 'ok']);
    expect(measured[1]?.samples).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'note', level: 'warning' }));
  });

  it.each<[string, Act, string, string]>([
    ['dies', { dies: true }, 'NO_FIGURE', 'series'],
    ['moves wrong data', { wrong: 'connection 0: wrong data in bytes 0 to 16' }, 'WRONG_DATA', 'series'],
    ['cuts a transfer short', { wrong: 'connection 0 ended after 16 of 160 bytes' }, 'WRONG_DATA', 'series'],
  ])('has no figure of a kernel that %s when the base does not', async (_, act, code, blame) => {
    const { done, booted, measured } = session((images) => (images === 'patched' ? act : { ns: 1 }));
    await expect(done).rejects.toMatchObject({ code, blame });
    expect(booted.every(({ disposed }) => disposed)).toBe(true);
    expect(measured.filter(({ boot }) => boot.set === 1).flatMap((one) => one.samples)).toEqual([]);
  });

  it('holds it against the machine when the base does the same', async () => {
    const { done } = session(() => ({ wrong: 'connection 0: wrong data in bytes 0 to 16' }));
    await expect(done).rejects.toMatchObject({ code: 'WRONG_DATA', blame: 'machine' });
  });

  it.each<[string, (images: string, boot: number) => Act]>([
    [
      'a boot of the base has none either',
      (images, boot) => (images === 'patched' || boot === 1 ? { dies: true } : { ns: 1 }),
    ],
    [
      'one of its boots has',
      (images, boot) => (images === 'patched' && boot !== 2 ? { dies: true } : { ns: 1 }),
    ],
  ])('a kernel without figures is the machine’s doing where %s', async (_, act) => {
    await expect(session(act).done).rejects.toMatchObject({ code: 'NO_FIGURE', blame: 'machine' });
  });

  it('counts no boot twice: wrong data is not asked for again', async () => {
    const { done, booted } = session(() => ({ wrong: 'connection 0: wrong data in bytes 0 to 16' }));
    await expect(done).rejects.toMatchObject({ code: 'WRONG_DATA' });
    expect(booted).toHaveLength(1);
  });

  it('ends all boots at an interrupt', async () => {
    const { done, booted, abort } = session(() => ({ hangs: true }), { atOnce: 2 });
    setTimeout(() => abort.abort(), 20);
    await expect(done).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(booted.every(({ disposed }) => disposed)).toBe(true);
  });
});
