// SPDX-License-Identifier: MIT
/**
 * How long each phase may take. They are there to end what will never end, not to
 * judge speed: a machine that shares its cores is many times slower than an idle one.
 */
import type { Machine, VmMode } from '../../core/run.ts';

export type Phase = 'start' | 'first-byte' | 'init' | 'power-off';

/** Milliseconds with hardware virtualization on an idle machine, generously. */
const BASE: Record<Phase, number> = { start: 5_000, 'first-byte': 5_000, init: 15_000, 'power-off': 8_000 };

/**
 * Factors from the measurements in docs/machines.md: a guest comes to its init in about a second with
 * KVM on KVM, in 4.4 s on emulated SVM and in 60 s on TCG in TCG; doubled for other load.
 */
const SCALE: Record<VmMode, Record<Machine, number>> = {
  'kvm+kvm': { host: 1, guest: 1 },
  'kvm+tcg': { host: 1, guest: 8 },
  'tcg+svm': { host: 8, guest: 8 },
  'tcg+tcg': { host: 8, guest: 60 },
};

/** The factor on a machine's time-outs in this mode. */
export function timeScale(mode: VmMode, machine: Machine): number {
  return SCALE[mode][machine];
}

/** Milliseconds a phase may take. */
export function phaseLimit(phase: Phase, mode: VmMode, machine: Machine): number {
  return BASE[phase] * timeScale(mode, machine);
}

/**
 * Seconds a step of the programs may take (their TIMEOUT, 10 s in the tree): longer
 * under emulation, where slowness alone would fail a case. As long as nobody knows that
 * KVM runs kernels here, the programs may have to run under emulation after all.
 */
export function stepTimeout({ mode, proven }: { mode: VmMode; proven: boolean }): number {
  return mode === 'kvm+kvm' && proven ? 10 : mode === 'tcg+tcg' ? 60 : 20;
}

/**
 * Milliseconds without a word from either side after which a case counts as stuck:
 * a little more than two steps that each run into their own time-out.
 */
export function stuckLimit(stepSeconds: number): number {
  return (2 * stepSeconds + 15) * 1000;
}

/** Milliseconds from QEMU's start to the host's init on an idle machine. */
const USUAL_HOST_INIT: Record<VmMode, number> = {
  'kvm+kvm': 1_500,
  'kvm+tcg': 1_500,
  'tcg+svm': 2_500,
  'tcg+tcg': 2_500,
};

/**
 * How much slower than an idle machine this one is, told by how long its host took:
 * the factor on every later limit, at least 1.
 */
export function slowness(mode: VmMode, hostInitMs: number): number {
  return Math.max(1, hostInitMs / USUAL_HOST_INIT[mode]);
}

/** What a person reads when a phase did not end. */
export function phaseMessage(phase: Phase, machine: Machine, ms: number): string {
  const seconds = Math.round(ms / 1000);
  switch (phase) {
    case 'start':
      return `QEMU for the ${machine} did not come up in ${seconds} s`;
    case 'first-byte':
      return `the ${machine} printed no console byte in ${seconds} s`;
    case 'init':
      return `the ${machine} printed, but did not come to its init in ${seconds} s`;
    case 'power-off':
      return `the ${machine} did not power off in ${seconds} s`;
  }
}
