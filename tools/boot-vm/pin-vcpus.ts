// SPDX-License-Identifier: MIT
/** Each vcpu on a CPU of its own, so that no scheduler moves it in the middle of a measurement. */
import { allowedCpus, pinThread } from '../../system/affinity.ts';
import type { Agent } from './agent.ts';
import type { Qmp } from './qmp.ts';

export interface Pinning {
  host: Pick<Qmp, 'execute'>;
  guest: Pick<Qmp, 'execute'>;
  /** Inside the host, where the guest's vcpus are threads. */
  agent: Pick<Agent, 'run'>;
}

/**
 * Pins the host's vcpus to CPUs of this machine, and the guest's to those of the host. Gives false, with nothing
 * promised, where there are fewer CPUs than vcpus, no taskset, or no right to it. For machines that are both up.
 */
export async function pinVcpus({ host, guest, agent }: Pinning): Promise<boolean> {
  const [cpus, hosts, guests] = await Promise.all([allowedCpus(), vcpuThreads(host), vcpuThreads(guest)]);
  if (hosts.length === 0 || guests.length === 0) return false;
  if (hosts.length > cpus.length || guests.length > hosts.length) return false;
  const done = await Promise.all([
    ...hosts.map((thread, at) => pinThread(thread, cpus[at] as number)),
    ...guests.map((thread, at) => pinInHost(agent, thread, at)),
  ]);
  return done.every(Boolean);
}

/** QMP query-cpus-fast (qapi/machine.json of QEMU): the threads of the vcpus, by vcpu. */
async function vcpuThreads(qmp: Pick<Qmp, 'execute'>): Promise<number[]> {
  const vcpus: unknown = await qmp.execute('query-cpus-fast').catch(() => null);
  if (!Array.isArray(vcpus)) return [];
  const threads = vcpus.map((vcpu: { 'thread-id'?: unknown } | null) => vcpu?.['thread-id']);
  return threads.every((thread) => typeof thread === 'number') ? threads : [];
}

/** The host's busybox knows no list, but a mask. */
async function pinInHost(agent: Pick<Agent, 'run'>, thread: number, cpu: number): Promise<boolean> {
  const mask = (1n << BigInt(cpu)).toString(16);
  const { end } = await agent.run(['/bin/busybox', 'taskset', '-p', mask, `${thread}`]);
  return end.how === 'status' && end.status === 0;
}
