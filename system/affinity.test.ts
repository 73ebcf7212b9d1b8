// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { allowedCpus, coresFirst, pinThread, readCpuList } from './affinity.ts';

it('reads lists of CPUs', () => {
  expect(readCpuList('0-3,8')).toEqual([0, 1, 2, 3, 8]);
  expect(readCpuList('5')).toEqual([5]);
  expect(readCpuList('')).toEqual([]);
  expect(readCpuList('0-')).toEqual([]);
});

it('takes cores before hyperthreads', () => {
  expect(
    coresFirst(
      [0, 1, 2, 3],
      [
        [0, 2],
        [1, 3],
        [0, 2],
        [1, 3],
      ],
    ),
  ).toEqual([0, 1, 2, 3]);
  expect(
    coresFirst(
      [0, 1, 2, 3],
      [
        [0, 1],
        [0, 1],
        [2, 3],
        [2, 3],
      ],
    ),
  ).toEqual([0, 2, 1, 3]);
  expect(coresFirst([4, 6], [])).toEqual([4, 6]);
});

it('pins a thread where it may, and says where it cannot', async () => {
  const cpus = await allowedCpus();
  expect(cpus).toHaveLength(availableParallelism());
  const [cpu = 0] = cpus.slice(-1);
  // A process of its own: what this one may use is left alone.
  const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
  const thread = sleeper.pid ?? 0;
  try {
    expect(await pinThread(thread, cpu)).toBe(true);
    expect(await readFile(`/proc/${thread}/status`, 'utf8')).toMatch(
      new RegExp(`^Cpus_allowed_list:\\t${cpu}$`, 'm'),
    );
    expect(await pinThread(thread, 4095)).toBe(false);
  } finally {
    sleeper.kill();
  }
  // Above the largest pid_max.
  expect(await pinThread(2 ** 22 + 1, cpu)).toBe(false);
});
