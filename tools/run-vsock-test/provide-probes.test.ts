// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { provideStatic } from '../build-vm/static-program.ts';
import { combine, type SideEnd } from './combine.ts';
import { ProgramOutput, parseCaseList } from './parse-output.ts';
import { PROBES } from './programs.ts';
import { provideProbes } from './provide-probes.ts';

const { signal } = new AbortController();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-probes-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** One that only says which devices it has. */
function qemuWith(...devices: string[]): { binary: string; libraryPath: string[] } {
  const binary = path.join(folder, `qemu-with-${devices.join('-')}`);
  const lines = devices.map((name) => `echo 'name "${name}", bus PCI'`);
  writeFileSync(binary, ['#!/bin/sh', '[ "$*" = "-device help" ] || exit 1', ...lines, ''].join('\n'));
  chmodSync(binary, 0o755);
  return { binary, libraryPath: [] };
}

it('the guest has a device that lies where QEMU has what it takes', async () => {
  const having = await provideProbes(qemuWith('vhost-vsock-pci', 'vhost-user-vsock-pci'), signal);
  expect(having.lyingDevice).toBe(true);
  const without = await provideProbes(
    qemuWith('vhost-vsock-pci', 'vhost-user-vsock-pci-transitional'),
    signal,
  );
  expect(without.lyingDevice).toBe(false);
  expect((await provideProbes({ binary: '/bin/false', libraryPath: [] }, signal)).lyingDevice).toBe(false);
});

it('every probe can be compiled without a warning, and lists cases of different names', async () => {
  const { binaries: probes } = await provideProbes(qemuWith('virtio-rng-pci'), signal);
  expect(Object.keys(probes)).toEqual(PROBES.map(({ name }) => name));
  for (const binary of Object.values(probes)) {
    const cases = parseCaseList(execFileSync(binary, ['--list']).toString());
    expect(cases.length).toBeGreaterThan(0);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  }
  const sources = Object.keys(probes).map((name) => `${name.slice('probe-'.length)}.c`);
  const words = [
    '-Wall',
    '-Wextra',
    '-Werror',
    '-fsyntax-only',
    ...sources,
    'probe.c',
    'vring.c',
    'vhost-user.c',
  ];
  execFileSync('gcc', words, { cwd: path.join(import.meta.dirname, 'probes'), stdio: 'pipe' });
});

describe('the cases of a probe', () => {
  const PORT = 20_000 + (process.pid % 20_000);
  const SOURCES = path.join(import.meta.dirname, '../../test/fixtures/probes/framework.c');
  const LATER = [
    'client fails, server sleeps',
    'server fails, client sleeps',
    'server ends before client',
    'both fail',
    'client fails at last',
  ];

  /** Both sides on this machine, to their end. */
  async function run(...words: string[]) {
    const own = path.join(import.meta.dirname, 'probes');
    const name = 'framework';
    vi.stubEnv('CPATH', own);
    const binary = await provideStatic(
      { name, sources: [SOURCES, path.join(own, 'probe.c')], headers: [path.join(own, 'probe.h')] },
      signal,
    );
    const side = (...mode: string[]) => {
      const args = [...mode, `--control-port=${PORT}`, '--peer-cid=1', '--step=1', ...words];
      const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const output = new ProgramOutput();
      const listens = new Promise<void>((resolve) => {
        child.stdout.on('data', (data: Buffer) => {
          if (output.push(data, 0).some(({ type }) => type === 'listening')) resolve();
        });
      });
      const ends = once(child, 'close').then(([exit]): SideEnd => {
        output.end(0);
        return { output: output.result, exit: Number(exit), signal: null, cut: null };
      });
      return { listens, ends };
    };
    const server = side('--mode=server');
    await server.listens;
    const client = side('--mode=client', '--control-host=127.0.0.1');
    return { host: await server.ends, guest: await client.ends };
  }

  /** Cases by their place in framework.c. */
  const without = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `--skip=${from + index}`);

  it('each is one of its own: whatever becomes of it, the next one begins on both sides', async () => {
    const sides = await run(...without(10, 14));
    expect(combine(sides).map(({ name, status, reason }) => [name, status, reason])).toEqual([
      ['SOCK_STREAM good', 'pass', null],
      ['SOCK_SEQPACKET good', 'pass', null],
      ['SOCK_STREAM server fails', 'fail', 'host: type 1 is not to my taste'],
      ['client dies', 'fail', 'guest: killed by signal 6'],
      ['client skips', 'skip', 'guest: no such thing'],
      ['server skips when nobody waits', 'skip', 'host: no such thing'],
      ['server naps', 'fail', 'host: a nap timed out'],
      ['wrong pattern', 'fail', expect.stringMatching(/^guest: byte 75 is 0x.., not 0x..$/)],
      ['third time', 'pass', null],
      ['good at the end', 'pass', null],
      ...LATER.map((name) => [name, 'skip', null]),
    ]);
    expect([sides.host.exit, sides.guest.exit]).toEqual([1, 1]);
    expect(sides.host.output.finished).toBe(true);
  });

  it('a side whose peer has failed does not wait for the end of its own step', async () => {
    // Three of them are longer than this test may take.
    const sides = await run(...without(0, 9), '--step=30');
    const results = combine(sides).filter(({ status }) => status !== 'skip');
    expect(results.map(({ name, status, reason }) => [name, status, reason])).toEqual([
      ['client fails, server sleeps', 'fail', 'guest: too late'],
      ['server fails, client sleeps', 'fail', 'host: too late'],
      // To end first is not to fail.
      ['server ends before client', 'pass', null],
      ['both fail', 'fail', 'host: too late; guest: type 0 is not to my taste'],
      ['client fails at last', 'fail', 'guest: too late'],
    ]);
    expect(sides.host.output.finished && sides.guest.output.finished).toBe(true);
  });

  it('what is left out on one side is left out on both', async () => {
    const sides = await run(...without(2, 7), ...without(10, 14));
    expect(combine(sides).map(({ status }) => status)).toEqual([
      ...['pass', 'pass', 'skip', 'skip', 'skip', 'skip', 'skip', 'skip', 'pass', 'pass'],
      ...LATER.map(() => 'skip'),
    ]);
    expect([sides.host.exit, sides.guest.exit]).toEqual([0, 0]);
  });

  it('each is run as often as it is told, as long as it goes well on both sides', async () => {
    const rounds = path.join(folder, 'rounds');
    vi.stubEnv('ROUNDS', rounds);
    const sides = await run('--times=5', '--skip=2', ...without(6, 7), ...without(10, 14));
    expect(combine(sides).map(({ name, status, reason }) => [name, status, reason])).toEqual([
      ['SOCK_STREAM good', 'pass', null],
      ['SOCK_SEQPACKET good', 'pass', null],
      ['SOCK_STREAM server fails', 'skip', null],
      ['client dies', 'fail', 'guest: killed by signal 6'],
      ['client skips', 'skip', 'guest: no such thing'],
      ['server skips when nobody waits', 'skip', 'host: no such thing'],
      ['server naps', 'skip', null],
      ['wrong pattern', 'skip', null],
      ['third time', 'fail', 'host: once too often in round 3 of 5'],
      ['good at the end', 'pass', null],
      ...LATER.map((name) => [name, 'skip', null]),
    ]);
    expect(readFileSync(rounds, 'utf8')).toBe('xxx');
    expect(sides.host.output.finished && sides.guest.output.finished).toBe(true);
  });
});
