// SPDX-License-Identifier: MIT
/** Which CPUs this program may use, and keeping a thread on one of them. */
import { readFile } from 'node:fs/promises';
import { run } from './exec.ts';

/**
 * The numbers of the CPUs this process may run on; those that are cores of their own come first, their
 * hyperthreads behind them. Empty where the kernel does not tell.
 * Format: proc_pid_status(5) `Cpus_allowed_list`; Documentation/admin-guide/cputopology.rst.
 */
export async function allowedCpus(): Promise<number[]> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const allowed = readCpuList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
  const siblings = await Promise.all(
    allowed.map(async (cpu) => {
      const file = `/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`;
      return readCpuList((await readFile(file, 'utf8').catch(() => '')).trim());
    }),
  );
  return coresFirst(allowed, siblings);
}

/** `0-3,8`; empty when it is no such list. */
export function readCpuList(text: string): number[] {
  const cpus: number[] = [];
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined) return [];
    for (let cpu = Number(from); cpu <= Number(to); cpu++) cpus.push(cpu);
  }
  return cpus;
}

/** @param siblings for each of `cpus`, which share its core, itself among them */
export function coresFirst(cpus: readonly number[], siblings: readonly (readonly number[])[]): number[] {
  const taken = new Set<number>();
  const [first, behind]: [number[], number[]] = [[], []];
  for (const [at, cpu] of cpus.entries()) {
    (taken.has(cpu) ? behind : first).push(cpu);
    for (const sibling of siblings[at] ?? []) taken.add(sibling);
  }
  return [...first, ...behind];
}

/** Keeps a thread on one CPU: taskset(1) of util-linux. False where that cannot be done. */
export async function pinThread(thread: number, cpu: number): Promise<boolean> {
  const pinned = await run('taskset', ['-p', '-c', `${cpu}`, `${thread}`]).catch(() => null);
  return pinned?.exitCode === 0;
}
