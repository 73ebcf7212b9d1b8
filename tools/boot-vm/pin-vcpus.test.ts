// SPDX-License-Identifier: MIT
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pinVcpus } from './pin-vcpus.ts';

let vcpu: ChildProcess;
beforeEach(() => {
  vcpu = spawn('sleep', ['60'], { stdio: 'ignore' });
});
afterEach(() => {
  vcpu.kill();
});

/** As QEMU 10.0.2 answers query-cpus-fast. */
const qmp = (threads: readonly number[]) => ({
  execute: async () =>
    threads.map((thread, at) => ({
      ...{ 'thread-id': thread, 'cpu-index': at, target: 'x86_64' },
      ...{
        props: { 'core-id': at, 'thread-id': 0, 'socket-id': 0 },
        'qom-path': '/machine/unattached/device[0]',
      },
    })),
});
const agent = (status: number, ran: string[] = []) => ({
  run: async (words: readonly string[]) => {
    ran.push(words.join(' '));
    return { output: '', end: { how: 'status', status } as const };
  },
});

describe('vcpus are pinned', () => {
  it('the host’s to a CPU of this machine, the guest’s to one of the host', async () => {
    const ran: string[] = [];
    const thread = vcpu.pid ?? 0;
    expect(await pinVcpus({ host: qmp([thread]), guest: qmp([77]), agent: agent(0, ran) })).toBe(true);
    expect(await readFile(`/proc/${thread}/status`, 'utf8')).toMatch(/^Cpus_allowed_list:\t\d+$/m);
    expect(ran).toEqual(['/bin/busybox taskset -p 1 77']);
  });

  it('not where there are more of them than CPUs', async () => {
    const ran: string[] = [];
    const many = Array.from({ length: availableParallelism() + 1 }, () => vcpu.pid ?? 0);
    expect(await pinVcpus({ host: qmp(many), guest: qmp([77]), agent: agent(0, ran) })).toBe(false);
    expect(await pinVcpus({ host: qmp([1]), guest: qmp([76, 77]), agent: agent(0, ran) })).toBe(false);
    expect(ran).toEqual([]);
  });

  it.each([
    ['the host’s taskset fails', { agent: agent(1) }],
    ['a thread is not there', { host: qmp([2 ** 22 + 1]) }],
    ['QEMU does not say which threads they are', { guest: { execute: async () => [{}] } }],
    ['QEMU is gone', { guest: { execute: () => Promise.reject(new Error('QEMU is gone')) } }],
  ])('not where %s', async (_, change) => {
    const all = { host: qmp([vcpu.pid ?? 0]), guest: qmp([77]), agent: agent(0) };
    expect(await pinVcpus({ ...all, ...change })).toBe(false);
  });
});
