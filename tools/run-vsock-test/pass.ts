// SPDX-License-Identifier: MIT
/** One start of a program's two sides, to its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { interrupted } from '../../core/errors.ts';
import type { LogFolder } from '../../core/logs.ts';
import type { CaseResult, Direction, Machine } from '../../core/run.ts';
import type { Agent, Program, ProgramEnd } from '../boot-vm/agent.ts';
import type { Trouble } from '../boot-vm/machines.ts';
import { combine, type SideEnd, type SideName } from './combine.ts';
import { ProgramOutput } from './parse-output.ts';
import { type SideCommand, sideCommands, type TestProgram } from './programs.ts';

/** The part of the machines that running a program needs. */
export interface RunningMachines {
  host: Pick<Agent, 'start'>;
  guest: Pick<Agent, 'start'>;
  trouble: Promise<Trouble>;
}

export interface PassOptions {
  machines: RunningMachines;
  program: TestProgram;
  direction: Direction;
  skips: readonly number[];
  /** Seconds that a step may take. */
  stepSeconds: number;
  /** The program's cases in order, where known. */
  expected: readonly { id: number; name: string }[];
  logs: LogFolder;
  /** Log names, one a side. */
  logNames: Record<SideName, string>;
  /** Milliseconds without a word from either side after which the case counts as stuck. */
  stuckMs: number;
  /** Milliseconds a killed side is waited for. */
  killedMs: number;
  /** Asked before stuck sides are killed: what can be seen of them then. */
  onStuck?: () => Promise<void>;
  /** Milliseconds that the news of a machine's death may come after the loss of its programs. */
  lostMs?: number;
  /** A case that is over on both sides. */
  onCase: (result: CaseResult) => void;
  /** Asked of each case that failed, as soon as one side says so: whether the rest need not be run. */
  isEnough?: (result: CaseResult) => boolean;
  signal: AbortSignal;
}

export interface PassResult {
  cases: CaseResult[];
  /** A machine died under it. */
  trouble: Trouble | null;
  /** It was ended because nothing was heard any more. */
  stuck: boolean;
  /** Where a side did not end even when it was killed: that machine runs nothing any more. */
  unkillable: Machine | null;
}

/** In loopback both sides run in the host; the record calls the server `host`. */
function sideNames(direction: Direction): { server: SideName; client: SideName } {
  return direction === 'h2g' ? { server: 'guest', client: 'host' } : { server: 'host', client: 'guest' };
}

const SIGKILL = 9;
/** How long a killed side is waited for. A task that cannot be killed is stuck in the kernel. */
export const KILLED_MS = 15_000;

/**
 * How long after the programs the machine itself is known to be gone: its QEMU has to end and
 * its consoles to be read.
 */
const LOST_MS = 20_000;

/** A case may go on talking for this many times what it may be silent; then it is stuck as well. */
const TALKING = 10;
/** More than any honest program prints in a pass. */
const MAX_BYTES = 64 * 1024 * 1024;

interface Side {
  output: ProgramOutput;
  program: Program | null;
  machine: Machine | null;
  end: ProgramEnd | null;
  /** It was ended from here: the signal it then dies of is no crash of its own. */
  killed: boolean;
}

/** @throws RespinError INTERRUPTED */
export async function runPass(options: PassOptions): Promise<PassResult> {
  const { machines, direction, signal } = options;
  if (signal.aborted) throw interrupted();
  const commands = sideCommands(options.program, direction, options.skips, options.stepSeconds);
  const names = sideNames(direction);
  const sides: Record<SideName, Side> = { host: newSide(), guest: newSide() };
  const reported = new Set<string>();
  let trouble: Trouble | null = null;
  let stuck = false;
  let enough = false;
  let ending = false;
  let listening: () => void = () => {};
  const serverListens = new Promise<void>((resolve) => {
    listening = resolve;
  });
  let timer: NodeJS.Timeout | undefined;
  let longest: NodeJS.Timeout | undefined;
  let bytes = 0;
  let finish: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const giveUp = (): void => {
    stuck = true;
    finish();
  };
  const heard = (): void => {
    clearTimeout(timer);
    // What a side still says when the pass is over must not start the clock again.
    if (ending) return;
    // A side whose peer has failed has one step's time left to notice, not two.
    const failed = Object.values(sides).some(
      ({ end }) => end !== null && !(end.how === 'status' && end.status === 0),
    );
    timer = setTimeout(giveUp, failed ? options.stuckMs / 2 : options.stuckMs);
  };
  const wentOn = (): void => {
    clearTimeout(longest);
    if (!ending) longest = setTimeout(giveUp, TALKING * options.stuckMs);
  };
  const start = (name: SideName, command: SideCommand): void => {
    const side = sides[name];
    const log = options.logs.log(options.logNames[name]);
    side.machine = command.machine;
    side.program = machines[command.machine].start(command.words, {
      onOutput: (data) => {
        heard();
        bytes += data.length;
        if (bytes > MAX_BYTES) return giveUp();
        log.write(data);
        for (const event of side.output.push(data, performance.now())) {
          if (event.type === 'listening') listening();
          if (event.type !== 'case-end') continue;
          wentOn();
          report(options, sides, reported);
          if (event.side !== 'failed' || !isEnough(options, sides)) continue;
          enough = true;
          finish();
        }
      },
    });
    void side.program.end.then((end) => {
      side.end = end;
      side.output.end(performance.now());
      listening();
      heard();
      // A server that is gone before anyone connected has nobody to wait for.
      if (sides.host.end !== null && sides.guest.end !== null) finish();
      else if (sides.host.program === null || sides.guest.program === null) finish();
      log.close();
    });
  };
  const abort = (): void => finish();
  signal.addEventListener('abort', abort, { once: true });
  void machines.trouble.then((what) => {
    trouble = what;
    listening();
    finish();
  });
  try {
    heard();
    wentOn();
    start(names.server, commands.server);
    await Promise.race([serverListens, over]);
    if (sides[names.server].end === null && trouble === null && !signal.aborted && !stuck) {
      start(names.client, commands.client);
    }
    await over;
    ending = true;
    if (signal.aborted) throw interrupted();
    if (stuck && !enough) await options.onStuck?.();
    if (stuck || enough) {
      await killAll(sides, machines.trouble, options.killedMs, signal);
      if (signal.aborted) throw interrupted();
    }
    trouble ??= await loss(sides, machines.trouble, options.lostMs ?? LOST_MS, signal);
  } finally {
    ending = true;
    clearTimeout(timer);
    clearTimeout(longest);
    signal.removeEventListener('abort', abort);
  }
  const left = enough ? 'enough' : stuck ? 'timeout' : null;
  const cases = combine(
    {
      host: ended(sides.host, left, trouble, options.stuckMs),
      guest: ended(sides.guest, left, trouble, options.stuckMs),
    },
    options.expected,
  );
  const alive = Object.values(sides).find((side) => side.killed && side.end === null);
  return { cases, trouble, stuck: stuck && !enough, unkillable: alive?.machine ?? null };
}

function newSide(): Side {
  return { output: new ProgramOutput(), program: null, machine: null, end: null, killed: false };
}

async function killAll(
  sides: Record<SideName, Side>,
  trouble: Promise<Trouble>,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const ends = Object.values(sides).flatMap((side) => {
    if (side.program === null || side.end !== null) return [];
    side.killed = true;
    side.program.kill(SIGKILL);
    return [side.program.end];
  });
  await within<unknown>(limitMs, signal, Promise.all(ends), trouble);
}

/** What became of the machine whose programs are lost: it tells a little later than they. */
async function loss(
  sides: Record<SideName, Side>,
  trouble: Promise<Trouble>,
  limitMs: number,
  signal: AbortSignal,
): Promise<Trouble | null> {
  const lost = Object.values(sides).find(({ end }) => end?.how === 'lost');
  if (lost === undefined) return null;
  const told = await within(limitMs, signal, trouble);
  if (signal.aborted) throw interrupted();
  return (
    told ?? {
      kind: 'died',
      machine: lost.machine ?? 'host',
      phase: 'test',
      what: `the programs in the ${lost.machine} were lost, and nothing tells why`,
      detail: '',
      qemuFailed: false,
    }
  );
}

/** The first of the promises; null after the limit, or when the signal fires. */
async function within<T>(limitMs: number, signal: AbortSignal, ...any: Promise<T>[]): Promise<T | null> {
  const timer = new AbortController();
  const either = AbortSignal.any([timer.signal, signal]);
  try {
    return await Promise.race([...any, sleep(limitMs, null, { signal: either }).catch(() => null)]);
  } finally {
    timer.abort();
  }
}

function ended(side: Side, left: SideEnd['cut'], trouble: Trouble | null, limitMs: number): SideEnd {
  const { end } = side;
  const output = side.output.result;
  if (end?.how === 'status') return { output, exit: end.status, signal: null, cut: null };
  // What it died of before anything else went wrong is its own.
  if (end?.how === 'signal' && !side.killed) {
    return { output, exit: null, signal: signalName(end.signal), cut: null };
  }
  if (trouble !== null || end?.how === 'lost')
    return { output, exit: null, signal: null, cut: 'machine-died' };
  return { output, exit: null, signal: null, cut: left, limitMs };
}

/** The numbers of x86-64 Linux, signal(7). */
const SIGNALS: Record<number, string> = {
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  31: 'SIGSYS',
};

function signalName(signal: number): string {
  return SIGNALS[signal] ?? String(signal);
}

/** One of the cases that failed so far is all that is asked for. */
function isEnough(options: PassOptions, sides: Record<SideName, Side>): boolean {
  if (options.isEnough === undefined) return false;
  const cut = (side: Side): SideEnd => ({
    output: side.output.result,
    exit: null,
    signal: null,
    cut: 'enough',
  });
  return combine({ host: cut(sides.host), guest: cut(sides.guest) }).some(
    (result) => result.status === 'fail' && options.isEnough?.(result),
  );
}

/** Tells of the cases that are over on both sides and were not told of before. */
function report(options: PassOptions, sides: Record<SideName, Side>, reported: Set<string>): void {
  const running = (side: Side): SideEnd => ({ output: side.output.result, exit: 0, signal: null, cut: null });
  for (const result of combine({ host: running(sides.host), guest: running(sides.guest) })) {
    const done = result.status === 'pass' || result.status === 'skip';
    const key = `${result.id} ${result.name}`;
    if (!done || reported.has(key)) continue;
    reported.add(key);
    options.onCase(result);
  }
}
