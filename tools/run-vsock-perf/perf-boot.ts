// SPDX-License-Identifier: MIT
/** One boot of host and guest: every test once in fresh machines. */
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import type { Kernels, PerfBoot, PerfSample, PerfTest } from '../../core/perf.ts';
import type { Machine, Splat } from '../../core/run.ts';
import { type BootOptions, Machines, type Trouble } from '../boot-vm/machines.ts';
import type { LoadProgram } from './load-program.ts';
import { sizeFactor } from './tests.ts';
import { type NoFigure, type TransferMachines, transfer } from './transfer.ts';

/** What a boot needs of `Machines`. */
export type MeasuredMachines = TransferMachines &
  Pick<
    Machines,
    'bringUpHost' | 'bringUpGuest' | 'pinVcpus' | 'powerOff' | 'initMs' | 'slowness' | 'splats'
  > &
  AsyncDisposable & { lastState(machine: Machine): Promise<void> };

export interface PerfBootOptions extends BootOptions {
  kernels: Kernels;
  set: number;
  program: LoadProgram;
  tests: readonly PerfTest[];
  /** Milliseconds of the wall that a test may take on an idle machine. */
  testMs: number;
  /** Before each test, with how many are done. */
  onTest(test: PerfTest, done: number): void;
  /** How machines are started; for tests. */
  machines?: (options: BootOptions) => Promise<MeasuredMachines>;
}

export interface MeasuredBoot {
  boot: PerfBoot;
  /** All of them, or none. */
  samples: PerfSample[];
  /** Whether each vcpu was kept on a CPU of its own. */
  pinned: boolean;
  /** Why there are no samples; null when there are. */
  noFigure: NoFigure | null;
}

/**
 * Milliseconds of the instruction clock for a first round of a usual size, which takes 150 to 200: a kernel that is five
 * times slower still has its figure. The rounds behind it go by the first. A guest that stands still spins, of which
 * the emulator executes no more than some 12,000 instructions a millisecond: two minutes.
 */
const FIRST_ROUND_MS = 1_500;

/** @throws RespinError INTERRUPTED */
export async function measureBoot(options: PerfBootOptions): Promise<MeasuredBoot> {
  const began = performance.now();
  const [load = 0] = loadavg();
  const before = await cpuTimes();
  const machines = await (options.machines ?? Machines.start)(options);
  let samples: PerfSample[] = [];
  let noFigure: NoFigure | null = null;
  let pinned = false;
  try {
    const notUp = (await machines.bringUpHost()) ?? (await machines.bringUpGuest());
    // The instruction clock does not see where a vcpu runs.
    if (notUp === null && options.plan.clock === 'wall') pinned = await machines.pinVcpus();
    const taken = notUp === null ? await allTests(options, machines) : asNoFigure(notUp);
    if ('kind' in taken) noFigure = taken;
    else samples = taken;
  } finally {
    await machines[Symbol.asyncDispose]();
  }
  // What stands in the last lines of a console is read by now.
  noFigure ??= reported(machines.splats);
  const { number, kernels, set } = options;
  const boot: PerfBoot = {
    ...{ number, kernels, set, load, steal: stolen(before, await cpuTimes()) },
    outcome: noFigure === null ? 'ok' : 'failed',
    hostInitMs: machines.initMs.host,
    guestInitMs: machines.initMs.guest,
    ms: performance.now() - began,
    detail: noFigure === null ? null : `${noFigure.what}\n${noFigure.detail}`.trim(),
  };
  return { boot, samples: noFigure === null ? samples : [], pinned, noFigure };
}

/** Every boot has a CID space of its own. */
const FIRST_PORT = 5201;

async function allTests(
  options: PerfBootOptions,
  machines: MeasuredMachines,
): Promise<PerfSample[] | NoFigure> {
  const { program, tests, kernels, set, plan, logs, signal, number } = options;
  const samples: PerfSample[] = [];
  for (const [done, test] of tests.entries()) {
    options.onTest(test, done);
    const limitMs = options.testMs * machines.slowness * sizeFactor(test);
    const firstRoundMs = plan.clock === 'instructions' ? Math.ceil(FIRST_ROUND_MS * sizeFactor(test)) : null;
    const sample = await transfer({
      ...{ machines, program, test, kernels, set, boot: number, logs, limitMs, firstRoundMs, signal },
      port: FIRST_PORT + done * program.starts,
    });
    if (!('kind' in sample)) {
      samples.push(sample);
      continue;
    }
    if (sample.kind === 'stuck')
      for (const machine of ['guest', 'host'] as const) await machines.lastState(machine);
    return sample;
  }
  const off = await machines.powerOff();
  // A machine that does not come down has taken its figures all the same, but nobody would trust it.
  return typeof off === 'number' ? samples : asNoFigure(off);
}

function asNoFigure({ what, detail }: Trouble): NoFigure {
  return { kind: 'died', what, detail };
}

/** A kernel that complains goes other ways than one that does not. */
function reported(splats: readonly Splat[]): NoFigure | null {
  const [first] = splats;
  if (first === undefined) return null;
  return { kind: 'died', what: `the ${first.machine}'s kernel reported: ${first.title}`, detail: first.text };
}

/** Of /proc/stat's first line, in ticks: all, and those the hypervisor took. */
async function cpuTimes(): Promise<{ all: number; stolen: number } | null> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => '');
  const ticks = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').map(Number);
  // guest and guest_nice are in user and nice already.
  const counted = ticks?.slice(0, 8);
  if (counted === undefined || counted.length < 8) return null;
  return { all: counted.reduce((sum, one) => sum + one, 0), stolen: counted[7] as number };
}

function stolen(
  before: Awaited<ReturnType<typeof cpuTimes>>,
  after: Awaited<ReturnType<typeof cpuTimes>>,
): number | null {
  if (before === null || after === null || after.all <= before.all) return null;
  return ((after.stolen - before.stolen) / (after.all - before.all)) * 100;
}
