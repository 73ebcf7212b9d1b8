// SPDX-License-Identifier: MIT
/** What `respin perf` measures, and the record it keeps: `perf.json`. */
import type { KernelInfo, Machine, VmMode } from './run.ts';
import type { AppliedPatch, Variant } from './tree.ts';

export const PERF_SCHEMA = 'respin.perf/1';

/**
 * instructions: the host VM's clock goes on with the instructions it executes, whatever else the
 * machine does. wall: seconds.
 */
export type PerfClock = 'instructions' | 'wall';
export const PERF_CLOCKS: readonly PerfClock[] = ['instructions', 'wall'];

/** vsock-load is respin's own; vsock_perf the tree's; uperf the user's. */
export type PerfProgram = 'vsock-load' | 'vsock_perf' | 'uperf';
export const PERF_PROGRAMS: readonly PerfProgram[] = ['vsock-load', 'vsock_perf', 'uperf'];

export type SocketType = 'stream' | 'seqpacket';

/** g2h: the guest sends, the host receives. h2g: the other way. */
export type PerfDirection = 'g2h' | 'h2g';
export const PERF_DIRECTIONS: readonly PerfDirection[] = ['g2h', 'h2g'];

export interface PerfTest {
  /** `64KB-g2h-stream`; unique in a record. */
  id: string;
  direction: PerfDirection;
  type: SocketType;
  /** Connections, with a thread on each side. */
  threads: number;
  /** Bytes of each send and receive. */
  message: number;
  /** throughput: how much arrives. latency: a message there and back, one after the other. */
  measure: 'throughput' | 'latency';
  /** Of a round: bytes, or milliseconds, or messages there and back; the others are null. */
  bytes: number | null;
  ms: number | null;
  echoes: number | null;
}

/** Whose kernel each machine boots. */
export type Kernels = Record<Machine, Variant>;

/** What a machine's /proc/stat counted during the measured rounds, in ticks of 1/100 s of its own clock. */
export interface CpuTicks {
  user: number;
  system: number;
  irq: number;
  softirq: number;
  steal: number;
  /** In the host: spent in the guest. */
  guest: number;
  idle: number;
}

export interface PerfRound {
  bytes: number;
  /**
   * Nanoseconds of the receiver's clock, from the moment it says go to its last byte; of the client's in latency, and
   * in uperf, where it ends with the answer to the last byte.
   */
  ns: number;
}

/** One test in one boot: a run of those that a table gives the mean of. */
export interface PerfSample {
  /** `PerfTest.id` */
  test: string;
  kernels: Kernels;
  /** Which set of samples it belongs to, from 0: two sets may have the same kernels. */
  set: number;
  /** `PerfBoot.number` */
  boot: number;
  /**
   * Throughput: bits per nanosecond, which is Gb/s, over all measured rounds. Latency: null.
   * By the instruction clock a second is 1,000,000,000 instructions.
   */
  gbps: number | null;
  /** Latency: nanoseconds there and back. */
  latency: { p50: number; p99: number; count: number } | null;
  /** The first ones are left out of the result: they warm up. */
  warmUp: PerfRound[];
  rounds: PerfRound[];
  /** Of sender and receiver; null where the program does not tell. */
  cpu: Record<Machine, CpuTicks> | null;
}

export interface PerfBoot {
  number: number;
  kernels: Kernels;
  /** As in `PerfSample`. */
  set: number;
  /** ok: every test has its sample. failed: none of it counts. */
  outcome: 'ok' | 'failed';
  hostInitMs: number | null;
  guestInitMs: number | null;
  /** Milliseconds from QEMU's start to its end. */
  ms: number;
  /** Of this machine when the boot began: its load average over one minute. */
  load: number;
  /** Per cent of this machine's CPU time that was stolen by its hypervisor meanwhile; null where it cannot be told. */
  steal: number | null;
  detail: string | null;
}

/** What two sets of samples come to. */
export interface PerfChange {
  test: string;
  before: Kernels;
  after: Kernels;
  /** Means; Gb/s, or nanoseconds of the percentile for latency. */
  beforeMean: number;
  afterMean: number;
  beforeInterval: readonly [number, number];
  afterInterval: readonly [number, number];
  /** Sample standard deviations in per cent of the mean. */
  beforeSpread: number;
  afterSpread: number;
  /** Per cent of the mean before, and its 95 % interval. */
  change: number;
  interval: readonly [number, number];
  /** Of a permutation test on the means. */
  p: number;
  /** Per cent: what the samples before show between a kernel and itself, and never less than what the clock is good for. */
  noise: number;
  /** Whether it is called a change: p below 0.01 and larger than the noise. */
  real: boolean;
  /** p50 or p99 for latency. */
  of: 'throughput' | 'p50' | 'p99';
  samples: { before: number[]; after: number[] };
}

/** 2 of the 252 ways to divide five and five: the first number of runs with which p can be below 0.01. */
export const FEWEST_RUNS = 5;

export interface PerfRecord {
  schema: typeof PERF_SCHEMA;
  id: string;
  /** ISO 8601, UTC. */
  started: string;
  ended: string;
  /** respin's own version. */
  respin: string;
  argv: string[];
  exit: number;
  series: { name: string; title: string; version: string; source: string; patches: AppliedPatch[] } | null;
  tree: {
    source: string;
    version: string;
    commit: string;
    sha256: string | null;
    /** The subject of the commit; null for a tree without history. */
    subject: string | null;
  };
  machine: {
    mode: VmMode;
    reason: string;
    qemu: string;
    hostCpus: number;
    guestCpus: number;
    /** `AMD EPYC`, and how many cores of it. */
    cpu: string;
    cpus: number;
    clock: PerfClock;
    /** Nanoseconds of the clock for an instruction; null by the wall. */
    nsPerInstruction: number | null;
    /** Whether QEMU's vcpu threads were pinned to cores. */
    pinned: boolean;
  } | null;
  program: { name: PerfProgram; version: string | null };
  /** Runs of each test with each pair of kernels. */
  runs: number;
  /** By variant; null for one that was not built. */
  kernels: Record<Variant, KernelInfo | null>;
  tests: PerfTest[];
  boots: PerfBoot[];
  /** Every sample that was taken, in the order they were. */
  samples: PerfSample[];
  /** What they come to: the first pair of kernels against each other one. */
  changes: PerfChange[];
  /** Milliseconds a stage took. */
  timings: Record<string, number>;
  error: { code: string; message: string; hint: string | null; detail: string | null } | null;
}
