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

/** What came up, and on what. */
export interface BaseBoot {
  /** The keys of the base's builds for host and guest: tree, configuration and compiler. */
  host: string;
  guest: string;
  mode: VmMode;
  /** QEMU's version. */
  qemu: string;
}

const proofText = ({ host, guest, mode, qemu }: BaseBoot): string => `${host} ${guest} ${mode} ${qemu}\n`;

function proofFile(boot: BaseBoot): string {
  return statePath('base-boots', createHash('sha256').update(proofText(boot)).digest('hex').slice(0, 16));
}

/** Keeps that the base came up on this machine. */
export async function rememberBase(boot: BaseBoot): Promise<void> {
  await writeWhole(proofFile(boot), proofText(boot));
}

export function recallBase(boot: BaseBoot): boolean {
  return existsSync(proofFile(boot));
}

/** Boots host and guest: do both come to their init? */
export async function proveBase(options: BootOptions): Promise<boolean> {
  await using machines = await Machines.start(options);
  const trouble = (await machines.bringUpHost()) ?? (await machines.bringUpGuest());
  if (trouble === null) await machines.powerOff();
  return trouble === null;
}
