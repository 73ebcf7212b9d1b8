// SPDX-License-Identifier: MIT
/** How the machines are laid out in each mode. */
import type { VmMode } from '../../core/run.ts';
import type { MachinePlan } from '../build-vm/qemu-command.ts';

const HOST_MEMORY = 2048;
const GUEST_MEMORY = 512;

/**
 * The plan for a mode. Under emulation the guest has one vcpu: with two, cases
 * fail by slowness alone when the machine is busy (the table in docs/machines.md).
 */
export function planFor(mode: VmMode): MachinePlan {
  return {
    mode,
    hostCpus: 2,
    guestCpus: mode === 'kvm+kvm' ? 2 : 1,
    thread: 'multi',
    clock: 'wall',
    hostMemory: HOST_MEMORY,
    guestMemory: GUEST_MEMORY,
    preallocate: false,
    lyingDevice: false,
  };
}

/**
 * The plan to confirm a failure in: one vcpu and one thread, where an emulator's
 * race cannot be what failed.
 */
export function confirmingPlan(mode: VmMode): MachinePlan {
  return { ...planFor(mode), hostCpus: 1, guestCpus: 1, thread: mode.startsWith('tcg') ? 'single' : 'multi' };
}

/** The plan to measure seconds in. */
export function timingPlan(mode: VmMode): MachinePlan {
  return { ...planFor(mode), preallocate: true };
}

/** The plan to measure in by the instruction clock, which one vcpu alone can drive. */
export function countingPlan(mode: 'tcg+svm' | 'tcg+tcg'): MachinePlan {
  return { ...confirmingPlan(mode), clock: 'instructions', preallocate: true };
}
