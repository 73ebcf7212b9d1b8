// SPDX-License-Identifier: MIT
/** The two sides of a transfer: their command lines, and what they say. */
import type { CpuTicks, PerfDirection, PerfRound, PerfTest } from '../../core/perf.ts';
import type { Machine } from '../../core/run.ts';
import { GUEST_CID } from '../build-vm/qemu-command.ts';
import { MEASURED_ROUNDS, WARM_UP_ROUNDS } from './tests.ts';

export interface Side {
  machine: Machine;
  words: string[];
}

/** VMADDR_CID_HOST of include/uapi/linux/vm_sockets.h */
const HOST_CID = 2;
/** Every boot has a CID space of its own. */
const PORT = 5201;

/** Who sends connects; the receiver listens. */
export function machinesOf(direction: PerfDirection): { sender: Machine; receiver: Machine } {
  return direction === 'g2h' ? { sender: 'guest', receiver: 'host' } : { sender: 'host', receiver: 'guest' };
}

export function loadSides(test: PerfTest): { sender: Side; receiver: Side } {
  const { sender, receiver } = machinesOf(test.direction);
  const rounds = WARM_UP_ROUNDS + MEASURED_ROUNDS;
  const words = [
    ...[`--type=${test.type}`, `--threads=${test.threads}`, `--message=${test.message}`],
    ...(test.bytes === null ? [] : [`--bytes=${test.bytes}`]),
    ...(test.ms === null ? [] : [`--ms=${test.ms}`]),
    ...(test.echoes === null ? [] : [`--echo=${test.echoes}`]),
    `--rounds=${rounds}`,
  ];
  const side = (machine: Machine, role: string, peer: string[]): Side => ({
    machine,
    words: ['/programs/vsock-load', `--side=${role}`, ...peer, `--port=${PORT}`, ...words],
  });
  const peer = receiver === 'guest' ? GUEST_CID : HOST_CID;
  return { sender: side(sender, 'client', [`--cid=${peer}`]), receiver: side(receiver, 'server', []) };
}

/** What the receiver prints when the sender may come. */
export const LISTENING = 'listening';

export interface LoadRound extends PerfRound {
  cpu: CpuTicks;
  /** Nanoseconds of each message there and back; empty unless it is the sender's of a latency test. */
  echo: number[];
}

/**
 * The rounds in a side's line of JSON.
 * @returns its error, in its own words; or null when it has printed no such line
 */
export function readLoad(output: string): { rounds: LoadRound[] } | { error: string } | null {
  for (const line of output.split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return null;
    }
    const { error, rounds } = value as { error?: unknown; rounds?: unknown };
    if (typeof error === 'string') return { error };
    if (!Array.isArray(rounds)) return null;
    const read = rounds.map(readRound);
    return read.every((round) => round !== null) ? { rounds: read } : null;
  }
  return null;
}

const TICKS = ['user', 'system', 'irq', 'softirq', 'steal', 'guest', 'idle'] as const;

function readRound(value: unknown): LoadRound | null {
  const { bytes, ns, cpu, echo = [] } = value as Record<string, unknown>;
  const ticks = cpu as Partial<Record<string, unknown>> | undefined;
  if (!isCount(bytes) || !isCount(ns) || ns === 0 || ticks === undefined) return null;
  if (!TICKS.every((name) => isCount(ticks[name])) || !Array.isArray(echo) || !echo.every(isCount))
    return null;
  return { bytes, ns, cpu: ticks as unknown as CpuTicks, echo };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
