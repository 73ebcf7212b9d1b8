// SPDX-License-Identifier: MIT
/** Facts about running VMs here: QEMU, KVM, and the mode a run gets. */
import { RespinError } from '../../core/errors.ts';
import type { VmMode } from '../../core/run.ts';
import { oldRemark } from '../../tools/build-vm/qemu.ts';
import { GOOD_MAJOR, isGoodQemu } from '../../tools/build-vm/qemu-version.ts';
import type { Fact } from './fact.ts';
import type { Machine } from './machine.ts';

/** What an earlier run found out by booting. */
export interface ProbedMode {
  mode: VmMode;
  reason: string;
}

/** Gives what was probed on this boot of the machine; null when nothing was. */
export type ProbeMemory = () => Promise<ProbedMode | null>;

export async function vmFacts(machine: Machine, remembered: ProbeMemory): Promise<Fact[]> {
  const kvm = kvmFact(machine);
  const nested = await nestedFact(machine);
  const probed = await remembered();
  return [
    await qemuFact(machine, kvm.state === 'ok' && nested.state === 'ok'),
    kvm,
    nested,
    {
      name: '/dev/vhost-vsock',
      state: 'ok',
      found: machine.exists('/dev/vhost-vsock') ? 'there, not used' : 'not there, not needed',
      why: 'vhost-vsock runs inside the host VM, with its own CIDs and ports; this machine needs no module and no root',
      required: false,
    },
    probed === null
      ? {
          name: 'VM mode',
          state: 'unknown',
          found: 'not probed yet',
          why: `respin run probes it by booting; ${expectation(kvm.state === 'ok', nested.state === 'ok')}`,
          required: false,
        }
      : { name: 'VM mode', state: 'ok', found: probed.mode, why: probed.reason, required: false },
  ];
}

function expectation(kvm: boolean, nested: boolean): string {
  if (kvm && nested) return 'kvm+kvm is tried first';
  if (kvm) return 'kvm+tcg is tried first, because KVM here runs no VM in a VM';
  return 'without KVM tcg+svm is tried first';
}

async function qemuFact(machine: Machine, kvmNests: boolean): Promise<Fact> {
  const fact = { name: 'qemu', required: true };
  try {
    const qemu = await machine.qemu();
    if (qemu === null) {
      const apt = (await machine.ask('apt-get', ['--version'])) !== null;
      return {
        ...fact,
        state: apt ? 'unknown' : 'missing',
        found: 'none yet',
        why: apt
          ? `runs the host VM; the first run downloads one of version ${GOOD_MAJOR} or later into the cache`
          : `runs the host VM: install qemu-system-x86, version ${GOOD_MAJOR} or later`,
      };
    }
    const found = `${qemu.version}, ${qemu.origin === 'RESPIN_QEMU' ? 'as RESPIN_QEMU says' : `from the ${qemu.origin}`}`;
    if (isGoodQemu(qemu.version) || kvmNests)
      return { ...fact, state: 'ok', found, why: `runs the host VM: ${qemu.binary}` };
    return { ...fact, required: false, state: 'old', found, why: oldRemark(qemu) };
  } catch (error) {
    if (!(error instanceof RespinError) || error.code !== 'QEMU_MISSING') throw error;
    return { ...fact, state: 'missing', found: '', why: error.message };
  }
}

function kvmFact(machine: Machine): Fact {
  const fact = { name: '/dev/kvm', required: false };
  if (!machine.exists('/dev/kvm')) {
    return {
      ...fact,
      state: 'missing',
      found: '',
      why: 'makes the host VM fast; without it QEMU emulates one',
    };
  }
  if (!machine.openable('/dev/kvm')) {
    return {
      ...fact,
      state: 'missing',
      found: 'may not be opened',
      why: 'makes the host VM fast: add this user to the group kvm',
    };
  }
  // Seen: a paravirtual KVM that opens, answers, and never runs a stock kernel.
  return {
    ...fact,
    state: 'ok',
    found: 'opens',
    why: 'makes the host VM fast; whether it really runs one only a boot can tell',
  };
}

async function nestedFact(machine: Machine): Promise<Fact> {
  const fact = { name: 'nested KVM', required: false };
  for (const module of ['kvm_intel', 'kvm_amd']) {
    const value = (await machine.read(`/sys/module/${module}/parameters/nested`))?.trim();
    if (value === undefined) continue;
    if (/^[Y1]/.test(value))
      return { ...fact, state: 'ok', found: `${module} nested=${value}`, why: 'makes the guest VM fast' };
    return {
      ...fact,
      state: 'missing',
      found: `${module} nested=${value}`,
      why: `makes the guest VM fast: modprobe -r ${module} && modprobe ${module} nested=1`,
    };
  }
  return {
    ...fact,
    state: 'missing',
    found: 'no kvm_intel or kvm_amd',
    why: 'makes the guest VM fast; QEMU emulates SVM instead',
  };
}
