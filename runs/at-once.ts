// SPDX-License-Identifier: MIT
/** How many runs a machine can have side by side. */

/** A host VM has two vcpus, and under emulation each keeps a core busy. */
const CORES = 2;
/** The host VM's memory, the guest's within it, and what QEMU needs beside them. */
const BYTES = 3 * 2 ** 30;

/** @returns at least 1: one run is tried on any machine */
export function machinesAtOnce({ cores, freeBytes }: { cores: number; freeBytes: number }): number {
  return Math.max(1, Math.min(Math.floor(cores / CORES), Math.floor(freeBytes / BYTES)));
}
