// SPDX-License-Identifier: MIT
/** respin's own program: many threads, both socket types, latency, and every byte compared. */
import type { CpuTicks, PerfTest } from '../../core/perf.ts';
import type { Machine } from '../../core/run.ts';
import {
  type LoadProgram,
  type LoadRound,
  machinesOf,
  type Reading,
  type Role,
  receiverCid,
  type Side,
  type Start,
} from './load-program.ts';
import { MEASURED_ROUNDS, WARM_UP_ROUNDS } from './tests.ts';

export const VSOCK_LOAD: LoadProgram = {
  ...{ name: 'vsock-load', version: null, starts: 1, output: 'pipe' },
  ...{ listening: 'listening', tooEarly: null, receiverEnds: true },
  sides,
  read,
};

function sides(test: PerfTest, { firstRoundMs, port }: Start): Record<Role, Side> {
  const { sender, receiver } = machinesOf(test.direction);
  const words = [
    ...[`--type=${test.type}`, `--threads=${test.threads}`, `--message=${test.message}`],
    ...(test.bytes === null ? [] : [`--bytes=${test.bytes}`]),
    ...(test.ms === null ? [] : [`--ms=${test.ms}`]),
    ...(test.echoes === null ? [] : [`--echo=${test.echoes}`]),
    `--rounds=${WARM_UP_ROUNDS + MEASURED_ROUNDS}`,
    ...(firstRoundMs === null ? [] : [`--limit=${firstRoundMs}`]),
  ];
  const side = (machine: Machine, role: string, peer: string[]): Side => ({
    machine,
    words: ['/programs/vsock-load', `--side=${role}`, ...peer, `--port=${port}`, ...words],
  });
  return {
    sender: side(sender, 'client', [`--cid=${receiverCid(test.direction)}`]),
    receiver: side(receiver, 'server', []),
  };
}

/** The receiver's figure; in latency the sender's. */
function read(test: PerfTest, said: Record<Role, string>): Reading {
  const own = { receiver: readLine(said.receiver), sender: readLine(said.sender) };
  const machines = machinesOf(test.direction);
  // A side that was cut off by its peer says so; what the peer says is the reason.
  const errors = (['receiver', 'sender'] as const).flatMap((role) => {
    const line = own[role];
    if (line === null || !('error' in line)) return [];
    return [{ kind: line.kind, text: `the ${machines[role]}'s side: ${line.error}` }];
  });
  if (errors.length > 0) {
    const error = errors.map(({ text }) => text).join('; ');
    const kind = (['wrong', 'late'] as const).find((one) => errors.some((each) => each.kind === one));
    return kind === 'wrong' ? { wrong: error } : kind === 'late' ? { late: error } : { error };
  }
  const [got, sent] = [roundsOf(own.receiver), roundsOf(own.sender)];
  if (got === null) return { silent: 'receiver' };
  if (sent === null) return { silent: 'sender' };
  if (sent.length !== got.length) {
    return { wrong: `${sent.length} rounds sent, ${got.length} received` };
  }
  const rounds: LoadRound[] = [];
  for (const [at, there] of sent.entries()) {
    const here = got[at];
    if (here === undefined || there.bytes !== here.bytes) {
      return { wrong: `round ${at + 1}: ${there.bytes} bytes sent, ${here?.bytes} received` };
    }
    const { bytes, ns } = test.measure === 'latency' ? there : here;
    const cpu = { [machines.sender]: there.cpu, [machines.receiver]: here.cpu } as Record<Machine, CpuTicks>;
    rounds.push({ bytes, ns, cpu, echo: there.echo });
  }
  return { rounds };
}

interface SideRound {
  bytes: number;
  ns: number;
  cpu: CpuTicks;
  echo: number[];
}

function roundsOf(line: ReturnType<typeof readLine>): SideRound[] | null {
  return line !== null && 'rounds' in line ? line.rounds : null;
}

/** A side's line of JSON, the last that there is; null when there is none that is whole. */
function readLine(output: string): { rounds: SideRound[] } | { error: string; kind: unknown } | null {
  const line = output.split('\n').findLast((one) => one.startsWith('{'));
  if (line === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const { error, kind, rounds } = value as { error?: unknown; kind?: unknown; rounds?: unknown };
  if (typeof error === 'string') return { error, kind };
  if (!Array.isArray(rounds)) return null;
  const all = rounds.map(readRound);
  return all.every((round) => round !== null) ? { rounds: all } : null;
}

const TICKS = ['user', 'system', 'irq', 'softirq', 'steal', 'guest', 'idle'] as const;

function readRound(value: unknown): SideRound | null {
  const { bytes, ns, cpu, echo = [] } = (value ?? {}) as Record<string, unknown>;
  const ticks = cpu as Partial<Record<string, unknown>> | null | undefined;
  if (!isCount(bytes) || !isCount(ns) || ns === 0 || ticks == null) return null;
  if (!TICKS.every((name) => isCount(ticks[name])) || !Array.isArray(echo) || !echo.every(isCount))
    return null;
  return { bytes, ns, cpu: ticks as unknown as CpuTicks, echo };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
