// SPDX-License-Identifier: MIT
/** The programs of tools/testing/vsock and the probes, and how each is told which cases to run. */
import { DIRECTIONS, type Direction, type Machine } from '../../core/run.ts';
import { GUEST_CID, GUEST_CONTROL_PORT, HOST_CONTROL_PORT } from '../build-vm/qemu-command.ts';

export interface TestProgram {
  name: string;
  directions: readonly Direction[];
  /** Whether it knows --list and --skip. */
  selectable: boolean;
  /** One of respin's own, which is told how long a step may take. */
  probe?: true;
  /** How often each case of a probe is run; once by default. */
  times?: number;
}

/** In the order they run. A new program of the tree gets a line here. */
export const TEST_PROGRAMS: readonly TestProgram[] = [
  { name: 'vsock_test', directions: DIRECTIONS, selectable: true },
  // It counts the sockets of its machine: with both sides on one machine it sees the other's too.
  { name: 'vsock_diag_test', directions: ['g2h', 'h2g'], selectable: true },
  { name: 'vsock_uring_test', directions: DIRECTIONS, selectable: false },
];

/**
 * probes/NAME.c for each, one idea a file: what vsock_test does not see. docs/probes.md says what each provokes.
 */
export const PROBES: readonly TestProgram[] = [
  { name: 'probe-states', directions: DIRECTIONS, selectable: true, probe: true },
  { name: 'probe-names', directions: DIRECTIONS, selectable: true, probe: true },
  { name: 'probe-user', directions: DIRECTIONS, selectable: true, probe: true },
  { name: 'probe-credit', directions: DIRECTIONS, selectable: true, probe: true },
  { name: 'probe-monitor', directions: DIRECTIONS, selectable: true, probe: true },
  { name: 'probe-load', directions: DIRECTIONS, selectable: true, probe: true },
  { name: 'probe-races', directions: DIRECTIONS, selectable: true, probe: true },
  // Skipped where the kernel has no fault injection: the debug profile has.
  { name: 'probe-faults', directions: DIRECTIONS, selectable: true, probe: true },
  // The guests of these two are programs of the host: both sides are there.
  { name: 'probe-device', directions: ['loopback'], selectable: true, probe: true },
  { name: 'probe-guest', directions: ['loopback'], selectable: true, probe: true },
  // The guest has no device for a moment, or another: their clients have to be the guest.
  { name: 'probe-unplug', directions: ['g2h'], selectable: true, probe: true },
  { name: 'probe-liar', directions: ['g2h'], selectable: true, probe: true },
  // It takes its time, and counts what others leave: last. Each side connects to the other: one of g2h and h2g is both.
  { name: 'probe-leaks', directions: ['g2h', 'loopback'], selectable: true, probe: true },
];

/** Whether a program can be told which of its cases to run. */
export function isSelectable(program: string): boolean {
  return [...TEST_PROGRAMS, ...PROBES].some(({ name, selectable }) => name === program && selectable);
}

/** Where a side of a program runs, and its command line. */
export interface SideCommand {
  machine: Machine;
  words: string[];
}

/** VMADDR_CID_HOST and VMADDR_CID_LOCAL of include/uapi/linux/vm_sockets.h */
const HOST_CID = 2;
const LOCAL_CID = 1;
/** The host as the guest's user network shows it. */
const HOST_ADDRESS = '10.0.2.2';

/**
 * Server and client of a program in a direction. In loopback both run in the host.
 * @param skips numbers of the cases not to run
 * @param stepSeconds for probes; what is compiled into the programs of the tree
 */
export function sideCommands(
  program: TestProgram,
  direction: Direction,
  skips: readonly number[],
  stepSeconds: number,
): { server: SideCommand; client: SideCommand } {
  const path = `/programs/${program.name}`;
  const skip = program.selectable ? skips.map((id) => `--skip=${id}`) : [];
  const times = program.times === undefined ? [] : [`--times=${program.times}`];
  const step = program.probe ? [`--step=${stepSeconds}`, ...times] : [];
  const port = `--control-port=${direction === 'h2g' ? GUEST_CONTROL_PORT : HOST_CONTROL_PORT}`;
  const side = (machine: Machine, mode: string, peer: number, host: string[]): SideCommand => ({
    machine,
    words: [path, `--mode=${mode}`, ...host, port, `--peer-cid=${peer}`, ...step, ...skip],
  });
  switch (direction) {
    case 'g2h':
      return {
        server: side('host', 'server', GUEST_CID, []),
        client: side('guest', 'client', HOST_CID, [`--control-host=${HOST_ADDRESS}`]),
      };
    case 'h2g':
      return {
        server: side('guest', 'server', HOST_CID, []),
        client: side('host', 'client', GUEST_CID, ['--control-host=127.0.0.1']),
      };
    case 'loopback':
      return {
        server: side('host', 'server', LOCAL_CID, []),
        client: side('host', 'client', LOCAL_CID, ['--control-host=127.0.0.1']),
      };
  }
}
