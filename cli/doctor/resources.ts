// SPDX-License-Identifier: MIT
/** Facts about the machine itself: architecture, Node.js, cores, memory, disk. */
import type { Fact } from './fact.ts';
import type { Machine } from './machine.ts';

const GIB = 1024 ** 3;
/** Host VM of 2 GiB, guest inside it, and a compiler or two. */
const MEMORY_GIB = 4;
/** A source tree, its work trees and a few builds. */
const DISK_GIB = 10;
const NODE_MAJOR = 24;

export async function resourceFacts(machine: Machine): Promise<Fact[]> {
  const memory = (await machine.memory()) / GIB;
  const { folder, free } = await machine.cache();
  const disk = free / GIB;
  const node = Number.parseInt(machine.nodeVersion, 10);
  return [
    {
      name: 'architecture',
      state: machine.arch === 'x64' ? 'ok' : 'missing',
      found: machine.arch,
      why: 'kernels are built and run for x86-64 only',
      required: true,
    },
    {
      name: 'node',
      state: node >= NODE_MAJOR ? 'ok' : 'old',
      found: machine.nodeVersion,
      why: node >= NODE_MAJOR ? 'runs respin' : `runs respin; needs ${NODE_MAJOR}: run bin/setup`,
      required: true,
    },
    {
      name: 'cores',
      state: machine.cores > 1 ? 'ok' : 'old',
      found: String(machine.cores),
      why:
        machine.cores > 1 ? 'builds and VMs share them' : 'works, but kernel builds and VMs take their time',
      required: false,
    },
    {
      // Total memory is a little less than what the machine was given: the kernel keeps some.
      name: 'memory',
      state: memory >= MEMORY_GIB * 0.9 ? 'ok' : 'missing',
      found: `${memory.toFixed(1)} GiB`,
      why: `the host VM and the guest in it need about ${MEMORY_GIB} GiB`,
      required: true,
    },
    {
      name: 'disk',
      state: disk >= DISK_GIB ? 'ok' : 'missing',
      found: `${disk.toFixed(1)} GiB free`,
      why:
        disk >= DISK_GIB
          ? `the cache: ${folder}`
          : `the cache, ${folder}, needs about ${DISK_GIB} GiB; XDG_CACHE_HOME puts it elsewhere`,
      // Less is enough once the tree is there; a build that finds no room says so itself.
      required: disk < 1,
    },
  ];
}
