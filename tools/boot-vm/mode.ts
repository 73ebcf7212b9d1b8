// SPDX-License-Identifier: MIT
/**
 * Which of the four VM modes a machine gets. What the device files say is only a
 * first guess (/dev/kvm may open and never run a kernel), so a mode with KVM counts
 * as usable only once a kernel has printed in it; until then the next one stands by.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Machine, VmMode } from '../../core/run.ts';
import { statePath } from '../../system/paths.ts';
import { writeWhole } from '../../system/whole.ts';

export interface KvmFacts {
  /** /dev/kvm: there and ours to open, there but not ours, or not there. */
  device: 'openable' | 'no-permission' | 'absent';
  /** The kvm module's `nested` parameter; null when it cannot be read. */
  nested: boolean | null;
  /** What earlier boots on this machine found out. */
  remembered: Remembered;
}

/** For each machine: did a kernel ever print when KVM ran it? */
export type Remembered = Partial<Record<Machine, 'works' | 'silent'>>;

export interface ModeChoice {
  mode: VmMode;
  /** Why this one and no better one; one line. */
  reason: string;
  /** Kernels have run in it here; without that the next mode may have to take the same builds over. */
  proven: boolean;
}

/** Chooses the best mode that nothing speaks against. */
export function chooseMode(facts: KvmFacts, wanted: VmMode | 'auto'): ModeChoice {
  if (wanted !== 'auto') return { mode: wanted, reason: 'asked for', proven: isProven(wanted, facts) };
  const noHostKvm = hostKvmMissing(facts);
  if (noHostKvm !== null) {
    if (facts.remembered.guest === 'silent') {
      const reason = `${noHostKvm}; no guest ran on the emulated SVM`;
      return { mode: 'tcg+tcg', reason, proven: true };
    }
    const reason = `${noHostKvm}; QEMU emulates a CPU with SVM for the guest`;
    return { mode: 'tcg+svm', reason, proven: isProven('tcg+svm', facts) };
  }
  if (facts.nested === false) {
    const reason = 'KVM works for the host, but the kvm module has nested=0';
    return { mode: 'kvm+tcg', reason, proven: isProven('kvm+tcg', facts) };
  }
  if (facts.remembered.guest === 'silent') {
    const reason = 'KVM works for the host, but no nested guest ran on it';
    return { mode: 'kvm+tcg', reason, proven: isProven('kvm+tcg', facts) };
  }
  const proven = isProven('kvm+kvm', facts);
  return {
    mode: 'kvm+kvm',
    reason: proven ? 'KVM works, nested too' : 'KVM is there, nested too; this run proves it',
    proven,
  };
}

/** Whether each machine that the mode runs on an accelerator has come up on it before. */
export function isProven(mode: VmMode, { remembered }: Pick<KvmFacts, 'remembered'>): boolean {
  const host = !mode.startsWith('kvm') || remembered.host === 'works';
  const guest = mode.endsWith('+tcg') || remembered.guest === 'works';
  return host && guest;
}

function hostKvmMissing(facts: KvmFacts): string | null {
  if (facts.device === 'absent') return 'no /dev/kvm';
  if (facts.device === 'no-permission') return '/dev/kvm is not yours to open (group kvm)';
  if (facts.remembered.host === 'silent') return '/dev/kvm opens, but no kernel ran on it';
  return null;
}

/**
 * What to try when a machine printed no byte in `mode`: the same kernels where KVM
 * is not in question. null: KVM was not in question. `why`: what QEMU said when it failed.
 */
export function fallback(mode: VmMode, silent: Machine, why: string | null = null): ModeChoice | null {
  if (silent === 'host') {
    if (!mode.startsWith('kvm')) return null;
    const reason = why === null ? 'a kernel on /dev/kvm printed nothing' : `QEMU failed on /dev/kvm (${why})`;
    return { mode: 'tcg+svm', reason, proven: false };
  }
  if (mode.endsWith('+tcg')) return null;
  return {
    mode: mode === 'kvm+kvm' ? 'kvm+tcg' : 'tcg+tcg',
    proven: false,
    reason:
      mode === 'kvm+kvm'
        ? 'a nested guest on KVM printed nothing'
        : 'a guest on the emulated SVM printed nothing',
  };
}

/** Reads the facts of this machine; `remembered` for this boot of it and this QEMU. */
export async function kvmFacts(qemuVersion: string): Promise<KvmFacts> {
  return { device: kvmDevice(), nested: nestedParameter(), remembered: await recall(qemuVersion) };
}

function kvmDevice(): KvmFacts['device'] {
  if (!existsSync('/dev/kvm')) return 'absent';
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return 'openable';
  } catch {
    return 'no-permission';
  }
}

function nestedParameter(): boolean | null {
  for (const module of ['kvm_intel', 'kvm_amd']) {
    const file = `/sys/module/${module}/parameters/nested`;
    if (existsSync(file)) return /^[Y1]/.test(readFileSync(file, 'utf8'));
  }
  return null;
}

const memory = (): string => statePath('kvm.json');

/** What holds until the next boot or the next QEMU. */
async function occasion(qemuVersion: string): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown');
  return `${boot.trim()} ${qemuVersion}`;
}

async function recall(qemuVersion: string): Promise<Remembered> {
  try {
    const kept: unknown = JSON.parse(await readFile(memory(), 'utf8'));
    const { when, remembered } = kept as { when?: string; remembered?: Remembered };
    return when === (await occasion(qemuVersion)) ? (remembered ?? {}) : {};
  } catch {
    // Nothing kept, or nothing readable: the next boot finds out anew.
    return {};
  }
}

/** Keeps what a boot showed about KVM. */
export async function remember(qemuVersion: string, found: Remembered): Promise<void> {
  const remembered = { ...(await recall(qemuVersion)), ...found };
  await writeWhole(memory(), `${JSON.stringify({ when: await occasion(qemuVersion), remembered })}\n`);
}
