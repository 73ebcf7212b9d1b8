// SPDX-License-Identifier: MIT
/** One test in machines that are up: a sender, a receiver, and what came of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFolder } from '../../core/logs.ts';
import type { CpuTicks, Kernels, PerfRound, PerfSample, PerfTest } from '../../core/perf.ts';
import type { Machine } from '../../core/run.ts';
import { orInterrupted } from '../../system/interruptible.ts';
import type { Agent, Program, ProgramEnd } from '../boot-vm/agent.ts';
import type { Trouble } from '../boot-vm/machines.ts';
import { LISTENING, type LoadRound, loadSides, machinesOf, readLoad } from './sides.ts';
import { quantile } from './statistics.ts';
import { WARM_UP_ROUNDS } from './tests.ts';

/** The part of the machines that a transfer needs. */
export interface TransferMachines {
  host: Pick<Agent, 'start'>;
  guest: Pick<Agent, 'start'>;
  trouble: Promise<Trouble>;
}

export interface TransferOptions {
  machines: TransferMachines;
  test: PerfTest;
  kernels: Kernels;
  set: number;
  boot: number;
  logs: LogFolder;
  /** Milliseconds of the wall that it may take. */
  limitMs: number;
  signal: AbortSignal;
}

/**
 * Why there is no figure. wrong: what arrived is not what was sent, or not all of it; the others
 * can be the machine's doing.
 */
export interface NoFigure {
  kind: 'wrong' | 'died' | 'stuck' | 'ended';
  what: string;
  detail: string;
}

const SIGKILL = 9;
/** What a side says after its peer has gone matters: who was first is the cause. */
const PEER_MS = 2_000;

interface Running {
  machine: Machine;
  program: Program;
  output: string;
  end: ProgramEnd | null;
}

/**
 * Never a figure of a transfer that was not whole.
 * @throws RespinError INTERRUPTED
 */
export async function transfer(options: TransferOptions): Promise<PerfSample | NoFigure> {
  const { machines, test, signal, limitMs } = options;
  const sides = loadSides(test);
  let listening: () => void = () => {};
  const isListening = new Promise<void>((resolve) => {
    listening = resolve;
  });
  const start = (role: 'sender' | 'receiver'): Running => {
    const { machine, words } = sides[role];
    const prefix = options.boot === 1 ? '' : `boot-${options.boot}-`;
    const log = options.logs.log(`${prefix}${test.id}-${role}.log`);
    const one: Running = { machine, output: '', end: null, program: null as unknown as Program };
    one.program = machines[machine].start(words, {
      mode: 'pipe',
      onOutput: (data) => {
        one.output += data.toString();
        log.write(data);
        if (role === 'receiver' && one.output.includes(LISTENING)) listening();
      },
    });
    void one.program.end.then((end) => {
      one.end = end;
      log.close();
      listening();
    });
    return one;
  };
  const timer = new AbortController();
  const late = sleep(limitMs, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  const died = machines.trouble.then(asDied);
  const started: Running[] = [];
  try {
    const receiver = start('receiver');
    started.push(receiver);
    const up = await orInterrupted(Promise.race([isListening, died, late]), signal);
    if (up === 'late') return stuck(test, limitMs, 'the receiver does not listen');
    if (up !== undefined) return up;
    if (receiver.end === null) started.push(start('sender'));
    const ends = Promise.all(started.map(({ program }) => program.end));
    const oneFailed = failed(started);
    const how = await orInterrupted(Promise.race([ends.then(() => null), oneFailed, died, late]), signal);
    if (how === 'late') return stuck(test, limitMs, 'neither side ends');
    if (how === 'failed') {
      // A machine that dies takes its side with it, and tells a little later; so does the other side.
      const more = await orInterrupted(
        Promise.race([
          died,
          ends.then(() => null),
          sleep(PEER_MS, null, { signal: timer.signal }).catch(() => null),
        ]),
        signal,
      );
      if (more !== null) return more;
    } else if (how !== null) return how;
    return result(options, started);
  } finally {
    timer.abort();
    for (const { end, program } of started) if (end === null) program.kill(SIGKILL);
  }
}

function asDied({ what, detail }: Trouble): NoFigure {
  return { kind: 'died', what, detail };
}

/** Resolves when a side has ended otherwise than well: its peer may wait for ever. */
async function failed(sides: readonly Running[]): Promise<'failed'> {
  return await new Promise((resolve) => {
    for (const { program } of sides) {
      void program.end.then((end) => {
        if (end.how !== 'status' || end.status !== 0) resolve('failed');
      });
    }
  });
}

function stuck(test: PerfTest, limitMs: number, what: string): NoFigure {
  return { kind: 'stuck', what: `${test.id}: ${what} in ${Math.round(limitMs / 1000)} s`, detail: '' };
}

function result(options: TransferOptions, sides: readonly Running[]): PerfSample | NoFigure {
  const { test, kernels, set, boot } = options;
  const { sender, receiver } = machinesOf(test.direction);
  const read = sides.map((side) => ({ side, said: readLoad(side.output) }));
  const tail = (text: string): string => text.slice(-2000);
  // A side that was cut off by its peer says so; what the peer says is the reason.
  const errors = read.flatMap(({ side, said }) =>
    said !== null && 'error' in said ? [`the ${side.machine}'s side: ${said.error}`] : [],
  );
  if (errors.length > 0) {
    const wrong = errors.some((error) =>
      /wrong data|after \d+ of \d+|were sent and|a message of/.test(error),
    );
    return { kind: wrong ? 'wrong' : 'ended', what: `${test.id}: ${errors.join('; ')}`, detail: '' };
  }
  for (const { side, said } of read) {
    const { end } = side;
    if (end?.how === 'status' && end.status === 0 && said !== null) continue;
    const how =
      end === null
        ? 'did not end'
        : end.how === 'status'
          ? `ended with status ${end.status}`
          : end.how === 'signal'
            ? `was ended by signal ${end.signal}`
            : `was lost: ${end.why}`;
    const what = `${test.id}: the ${side.machine}'s side ${how} without a result`;
    return { kind: 'ended', what, detail: tail(side.output) };
  }
  const roundsOf = (machine: Machine): LoadRound[] => {
    const said = read.find(({ side }) => side.machine === machine)?.said;
    return said && 'rounds' in said ? said.rounds : [];
  };
  const [sent, got] = [roundsOf(sender), roundsOf(receiver)];
  if (sent.length !== got.length || sent.length <= WARM_UP_ROUNDS) {
    return {
      kind: 'wrong',
      what: `${test.id}: ${sent.length} rounds sent, ${got.length} received`,
      detail: '',
    };
  }
  const uneven = sent.findIndex((round, at) => round.bytes !== got[at]?.bytes);
  if (uneven >= 0) {
    const what = `${test.id}: round ${uneven + 1}: ${sent[uneven]?.bytes} bytes sent, ${got[uneven]?.bytes} received`;
    return { kind: 'wrong', what, detail: '' };
  }
  const measured = (rounds: readonly LoadRound[]): LoadRound[] => rounds.slice(WARM_UP_ROUNDS);
  const counted = test.measure === 'latency' ? sent : got;
  const echoes = measured(sent).flatMap(({ echo }) => echo);
  const latency =
    test.measure === 'latency'
      ? { p50: quantile(echoes, 0.5), p99: quantile(echoes, 0.99), count: echoes.length }
      : null;
  const [bytes, ns] = [sum(measured(got), 'bytes'), sum(measured(got), 'ns')];
  return {
    ...{ test: test.id, kernels, set, boot, latency },
    gbps: latency === null ? (bytes * 8) / ns : null,
    warmUp: counted.slice(0, WARM_UP_ROUNDS).map(plain),
    rounds: measured(counted).map(plain),
    cpu: {
      host: ticks(measured(roundsOf('host'))),
      guest: ticks(measured(roundsOf('guest'))),
    },
  };
}

function plain({ bytes, ns }: LoadRound): PerfRound {
  return { bytes, ns };
}

function sum(rounds: readonly LoadRound[], of: 'bytes' | 'ns'): number {
  return rounds.reduce((total, round) => total + round[of], 0);
}

function ticks(rounds: readonly LoadRound[]): CpuTicks {
  const total: CpuTicks = { user: 0, system: 0, irq: 0, softirq: 0, steal: 0, guest: 0, idle: 0 };
  for (const { cpu } of rounds)
    for (const name of Object.keys(total)) total[name as keyof CpuTicks] += cpu[name as keyof CpuTicks];
  return total;
}
