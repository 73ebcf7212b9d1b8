// SPDX-License-Identifier: MIT
/**
 * That a base kernel comes up on this machine: what a patched kernel that prints nothing
 * is measured against. Without it the machine could be at fault as well.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { VmMode } from '../core/run.ts';
import { statePath } from '../system/paths.ts';
import { writeWhole } from '../system/whole.ts';
import { type BootOptions, Machines } from '../tools/boot-vm/machines.ts';

function proofFile(commit: string, mode: VmMode, qemuVersion: string): string {
  const key = createHash('sha256').update(`${commit} ${mode} ${qemuVersion}`).digest('hex').slice(0, 16);
  return statePath('base-boots', key);
}

/** Keeps that the base at `commit` came up in this mode on this machine. */
export async function rememberBase(commit: string, mode: VmMode, qemuVersion: string): Promise<void> {
  await writeWhole(proofFile(commit, mode, qemuVersion), `${commit} ${mode} ${qemuVersion}\n`);
}

export async function recallBase(commit: string, mode: VmMode, qemuVersion: string): Promise<boolean> {
  return existsSync(proofFile(commit, mode, qemuVersion));
}

/** Boots the host alone: does it come to its init? */
export async function proveBase(options: BootOptions): Promise<boolean> {
  await using machines = await Machines.start(options);
  const trouble = await machines.bringUpHost();
  if (trouble === null) await machines.powerOff();
  return trouble === null;
}
