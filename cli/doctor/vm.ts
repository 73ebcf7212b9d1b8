// SPDX-License-Identifier: MIT
/** Facts about running VMs here: QEMU, KVM, and the mode a run gets. */
import { RespinError } from '../../core/errors.ts';
import { oldRemark, type Qemu } from '../../tools/build-vm/qemu.ts';
import { GOOD_MAJOR, isGoodQemu } from '../../tools/build-vm/qemu-version.ts';
import type { Fact } from './fact.ts';
import type { Machine } from './machine.ts';

export async function vmFacts(machine: Machine): Promise<Fact[]> {
  const kvm = kvmFact(machine);
  const nested = await nestedFact(machine);
  const kvmNests = kvm.state === 'ok' && nested.state === 'ok';
  const { qemu, fact } = await qemuFact(machine, kvmNests);
  return [fact, kvm, nested, vhostFact(machine), await modeFact(machine, qemu)];
}

function vhostFact(machine: Machine): Fact {
  return {
    name: '/dev/vhost-vsock',
    state: 'ok',
    found: machine.exists('/dev/vhost-vsock') ? 'there, not used' : 'not there, not needed',
    why: 'vhost-vsock runs inside the host VM, with its own CIDs and ports; this machine needs no module and no root',
    required: false,
  };
}

async function modeFact(machine: Machine, qemu: Qemu | null): Promise<Fact> {
  const fact = { name: 'VM mode', required: false };
  // What earlier boots showed holds for one QEMU; without one nothing was shown.
  const { mode, reason, proven } = await machine.vmMode(qemu?.version ?? '');
  if (proven) return { ...fact, state: 'ok', found: mode, why: reason };
  return {
    ...fact,
    state: 'unknown',
    found: `${mode}, not probed yet`,
    why: `${reason}; respin run probes it by booting`,
  };
}

async function qemuFact(machine: Machine, kvmNests: boolean): Promise<{ qemu: Qemu | null; fact: Fact }> {
  const fact = { name: 'qemu', required: true };
  let qemu: Qemu | null;
  try {
    qemu = await machine.qemu();
  } catch (error) {
    if (!(error instanceof RespinError) || error.code !== 'QEMU_MISSING') throw error;
    return { qemu: null, fact: { ...fact, state: 'missing', found: '', why: error.message } };
  }
  if (qemu === null) return { qemu, fact: { ...fact, ...(await noQemu(machine)) } };
  const origin = qemu.origin === 'RESPIN_QEMU' ? 'as RESPIN_QEMU says' : `from the ${qemu.origin}`;
  const found = `${qemu.version}, ${origin}`;
  if (isGoodQemu(qemu.version) || kvmNests) {
    return { qemu, fact: { ...fact, state: 'ok', found, why: `runs the host VM: ${qemu.binary}` } };
  }
  return { qemu, fact: { ...fact, required: false, state: 'old', found, why: oldRemark(qemu) } };
}

async function noQemu(machine: Machine): Promise<Pick<Fact, 'state' | 'found' | 'why'>> {
  const apt = (await machine.ask('apt-get', ['--version'])) !== null;
  return apt
    ? {
        state: 'unknown',
        found: 'none yet',
        why: `runs the host VM; the first run downloads one of version ${GOOD_MAJOR} or later into the cache`,
      }
    : {
        state: 'missing',
        found: '',
        why: `runs the host VM: install qemu-system-x86, version ${GOOD_MAJOR} or later`,
      };
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
