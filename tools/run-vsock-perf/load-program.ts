// SPDX-License-Identifier: MIT
/** What a program that measures is to `transfer`: two command lines, and what their output comes to. */
import type { CpuTicks, PerfDirection, PerfProgram, PerfRound, PerfTest } from '../../core/perf.ts';
import type { Machine } from '../../core/run.ts';
import { GUEST_CID } from '../build-vm/qemu-command.ts';

export type Role = 'sender' | 'receiver';

export interface Side {
  machine: Machine;
  words: string[];
}

export interface LoadRound extends PerfRound {
  /** null where the program does not tell. */
  cpu: Record<Machine, CpuTicks> | null;
  /** Nanoseconds of each message there and back; empty in a test of throughput. */
  echo: number[];
}

/**
 * wrong: what arrived is not what was sent, or not all of it. late: what a side says of a round that does not end.
 * error: what a side says went wrong. silent: the side that has no whole result in its output.
 */
export type Reading =
  | { rounds: LoadRound[] }
  | { wrong: string }
  | { late: string }
  | { error: string }
  | { silent: Role };

/** One start of both sides. */
export interface Start {
  firstRoundMs: number | null;
  /** Another for each start in a boot: a daemon that was ended may still hold its own. */
  port: number;
}

export interface LoadProgram {
  name: PerfProgram;
  /** null where it has none of its own. */
  version: string | null;
  /** How often both sides are started for a test, one start after the other, until it has its rounds. */
  starts: number;
  /**
   * Who sends connects; the receiver listens.
   * @param start.firstRoundMs milliseconds of the machines' clock that the first round may take, for a program that watches
   *   its rounds; null: for ever
   */
  sides(test: PerfTest, start: Start): Record<Role, Side>;
  /** pty: for a program whose lines would else come at its end only. */
  output: 'pipe' | 'pty';
  /** What the receiver prints when it listens, or is about to; null when it does not tell. */
  listening: string | null;
  /** What a sender says that came before the receiver listened; null where none can. */
  tooEarly: RegExp | null;
  /** A receiver that waits for the next sender has to be ended. */
  receiverEnds: boolean;
  /** What both sides of one start printed. */
  read(test: PerfTest, said: Record<Role, string>): Reading;
}

/** VMADDR_CID_HOST of include/uapi/linux/vm_sockets.h */
const HOST_CID = 2;
export function machinesOf(direction: PerfDirection): Record<Role, Machine> {
  return direction === 'g2h' ? { sender: 'guest', receiver: 'host' } : { sender: 'host', receiver: 'guest' };
}

/** Where the sender finds the receiver. */
export function receiverCid(direction: PerfDirection): number {
  return direction === 'g2h' ? HOST_CID : GUEST_CID;
}
