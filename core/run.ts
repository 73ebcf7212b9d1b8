// SPDX-License-Identifier: MIT
/** The run record: what `run.json` says. */
import type { AppliedPatch, Variant } from './tree.ts';

export const RUN_SCHEMA = 'respin.run/1';

/** g2h: the guest connects, the host serves. h2g: the other way. loopback: one machine, CID 1. */
export type Direction = 'g2h' | 'h2g' | 'loopback';
export const DIRECTIONS: readonly Direction[] = ['g2h', 'h2g', 'loopback'];

/** Host and guest VM: what QEMU runs each on, best first. */
export type VmMode = 'kvm+kvm' | 'kvm+tcg' | 'tcg+svm' | 'tcg+tcg';
export const VM_MODES: readonly VmMode[] = ['kvm+kvm', 'kvm+tcg', 'tcg+svm', 'tcg+tcg'];

/** host = L1, boots the patched vhost; guest = L2, boots inside host. */
export type Machine = 'host' | 'guest';

/**
 * flaky: failed, then passed when repeated. not-run: the program ended before it.
 * unknown: the machine, not the series, kept it from a result. xfail: failed as this kernel is known to.
 */
export type CaseStatus = 'pass' | 'fail' | 'xfail' | 'skip' | 'not-run' | 'flaky' | 'unknown';

/** What one side of a program printed for a case. */
export type SideStatus = 'ok' | 'skipped' | 'failed' | 'unfinished' | 'not-run';

export interface CaseResult {
  /** The program's own number; it moves between kernel versions, so `name` is the key. */
  id: number;
  name: string;
  status: CaseStatus;
  /** In loopback both sides run in the host: `host` is the server, `guest` the client. */
  host: SideStatus;
  guest: SideStatus;
  /** Wall-clock milliseconds of the last attempt, null when it did not run. */
  ms: number | null;
  /** How often it ran: 1 is once. */
  attempts: number;
  /** How many of these failed, where some did and it ran more than once. */
  failed?: number;
  /** Why it failed or was skipped, in the program's own words; null when there is nothing to say. */
  reason: string | null;
  /** Logs of the attempt that `reason` is of, where that was not the suite's first run. */
  logs?: { host: string; guest: string };
}

export interface SuiteResult {
  /** `vsock_test`, `vsock_diag_test`, `vsock_uring_test`. */
  program: string;
  direction: Direction;
  cases: CaseResult[];
  /** Log files of the two sides, relative to the record's folder. */
  logs: { host: string; guest: string };
  /** Why the suite has no result at all, e.g. the program was not built. */
  skipped: string | null;
}

/** A sign of a kernel fault in a console log. */
export interface Splat {
  machine: Machine;
  /** The kind, from the table in tools/boot-vm/splat-table.ts: `oops`, `warning`, `kasan`, … */
  kind: string;
  /** The line that names it, without time stamp. */
  title: string;
  /** Where: `function+0x1c/0x80` or file:line where it could be resolved. */
  where: string | null;
  /** The report as printed, stack trace resolved where it could be. */
  text: string;
  /** Log file and the 1-based line the report starts at. */
  log: string;
  line: number;
  /** Which attempt (boot of the machines) it came from, 1-based. */
  boot: number;
}

export type VerdictKind = 'pass' | 'fail' | 'flaky' | 'unknown';

export interface MachineInfo {
  mode: VmMode;
  /** Why this mode and no better one. */
  reason: string;
  /** QEMU's version, `10.0.2`. */
  qemu: string;
  hostCpus: number;
  guestCpus: number;
  /** Cores of the machine the run was made on. */
  cpus: number;
  /** The factor on the time-outs inside the guest, from the mode; those of the host have one of their own. */
  timeScale: number;
  /** Step time-out compiled into the programs, in seconds; the tree's own is 10. */
  stepTimeout: number;
}

export interface KernelInfo {
  /** `6.12.117` */
  release: string;
  compiler: string;
  configHash: string;
  /** `fast`, `debug`: which configuration fragments it was made from. */
  profile: string;
}

/** One start of host and guest. A run has more than one when a result had to be confirmed. */
export interface BootResult {
  number: number;
  mode: VmMode;
  why: string;
  outcome: 'ok' | 'died' | 'timeout';
  /** Milliseconds from QEMU's start; null when it never came that far. */
  hostInitMs: number | null;
  guestInitMs: number | null;
  powerOffMs: number | null;
  detail: string | null;
}

export interface RunPart {
  /** As on the command line: `vsock_test:3`, `probe-user`. */
  cases: string[];
  /** How often each was run, when it went well. */
  times: number;
}

/** What a run was of, by the keys of what was built for it: equal keys are equal kernels and programs. */
export interface RunBuilds {
  host: string;
  guest: string;
  /** The build that the tree's own programs are from. */
  programs: string;
  /** null: the probes were not run. */
  probes: string | null;
}

export interface RunRecord {
  schema: typeof RUN_SCHEMA;
  id: string;
  /** ISO 8601, UTC. */
  started: string;
  ended: string;
  /** respin's own version. */
  respin: string;
  argv: string[];
  verdict: VerdictKind;
  /** One sentence: why this verdict. */
  why: string;
  exit: number;
  /** Some cases alone were run: the verdict is of them, and says nothing of the series as a whole. */
  part?: RunPart;
  series: {
    name: string;
    title: string;
    version: string;
    source: string;
    patches: AppliedPatch[];
    /** How many patches it has, where only the first of them were applied: what `patches` names. */
    of?: number;
  } | null;
  tree: { source: string; version: string; commit: string; sha256: string | null };
  machine: MachineInfo | null;
  variants: { host: Variant; guest: Variant };
  /** What each machine booted; null when nothing was built. */
  kernels: Record<Machine, KernelInfo> | null;
  /** null when nothing was built; records of before have none. */
  builds?: RunBuilds | null;
  boots: BootResult[];
  suites: SuiteResult[];
  splats: Splat[];
  /** Milliseconds a stage took. */
  timings: Record<string, number>;
  /** SHA-256 of what was to be built: patches, tree, configurations; records of before have none. */
  request?: string;
  /** The error that ended the run early, null when it came to its end. */
  error: { code: string; message: string; hint: string | null; detail: string | null } | null;
}

/** Whether its verdict is that of a version: all its patches, all cases, in both machines. */
export function isOfVersion({
  series,
  part,
  variants,
}: Pick<RunRecord, 'series' | 'part' | 'variants'>): boolean {
  return (
    series !== null &&
    series.of === undefined &&
    part === undefined &&
    variants.host === 'patched' &&
    variants.guest === 'patched'
  );
}
