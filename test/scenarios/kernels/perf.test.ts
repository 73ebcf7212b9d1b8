// SPDX-License-Identifier: MIT
/** respin perf in real machines: small amounts, for what it does with them and not for the figures. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PerfRecord } from '../../../core/perf.ts';
import { newPlace, ROOT, start } from './respin.ts';

const place = newPlace();

afterAll(() => rmSync(place.state, { recursive: true, force: true }));

const SMALL = ['--runs', '1', '--threads', '4', '--bytes', '1MB', '--message', '16KB'];

async function perf(
  ...args: string[]
): Promise<{ status: number | null; record: PerfRecord; stderr: string }> {
  const { status, stdout, stderr } = await start(place, ['perf', ...args, '--json']).ended;
  expect(stdout, stderr).not.toBe('');
  return { status, record: JSON.parse(stdout) as PerfRecord, stderr };
}

describe('by the instruction clock', () => {
  it('measures the tree against itself, both ways, and keeps every sample', async () => {
    const { status, record, stderr } = await perf('--base', '--clock', 'instructions', ...SMALL);
    expect(status, stderr).toBe(0);
    expect(record.machine).toMatchObject({ clock: 'instructions', nsPerInstruction: 1, hostCpus: 1 });
    expect(record.samples.map(({ test, set }) => `${set} ${test}`).toSorted()).toEqual([
      '0 16KB-g2h-stream',
      '0 16KB-h2g-stream',
      '1 16KB-g2h-stream',
      '1 16KB-h2g-stream',
    ]);
    for (const { gbps, rounds, cpu } of record.samples) {
      expect(gbps).toBeGreaterThan(0);
      expect(rounds.every(({ bytes }) => bytes === 1024 * 1024)).toBe(true);
      expect(cpu?.host.guest ?? 0).toBeGreaterThanOrEqual(0);
    }
    // One run of each says nothing, however far apart they lie.
    expect(record.changes.map(({ real, p }) => [real, p])).toEqual([
      [false, 1],
      [false, 1],
    ]);
    const folder = path.join(place.state, 'respin/perf', record.id);
    expect(existsSync(path.join(folder, 'perf.json'))).toBe(true);
    expect(readFileSync(path.join(folder, 'commands.sh'), 'utf8')).toMatch(/-icount shift=0,sleep=off/);
    expect(readdirSync(path.join(folder, 'logs'))).toEqual(
      expect.arrayContaining(['16KB-h2g-stream-sender.log', 'host-console.log', 'guest-console.log']),
    );
  });

  it('has no figure of a kernel that changes what it moves, and says where', async () => {
    const patch = path.join(ROOT, 'test/faults/wrong-data.patch');
    const { status, record } = await perf(patch, '--clock', 'instructions', '--direction', 'g2h', ...SMALL);
    expect(status).toBe(1);
    expect(record.error).toMatchObject({ code: 'WRONG_DATA' });
    expect(record.error?.message).toMatch(
      /^patched: 16KB-g2h-stream: the host's side: connection \d+: wrong data in bytes/,
    );
    expect(record.changes).toEqual([]);
    expect(record.samples.filter(({ set }) => set === 1)).toEqual([]);
  });

  it('has none of a transfer that stops on its way, and says in which round', async () => {
    const patch = path.join(ROOT, 'test/faults/stops-later.patch');
    const stream = ['--direction', 'h2g', '--message', '64KB', '--threads', '1', '--program', 'vsock-load'];
    const { status, record } = await perf(patch, '--clock', 'instructions', ...stream, '--runs', '1');
    // The emulated SVM loses a guest now and then: where it lost one of the base's, nobody can tell.
    const baseLost = record.boots.some(({ set, outcome }) => set === 0 && outcome === 'failed');
    expect(status).toBe(baseLost ? 3 : 1);
    expect(record.error).toMatchObject({ code: 'NO_FIGURE' });
    expect(record.error?.message).toMatch(
      /^patched: 64KB-h2g-stream: .*the host's side: round 1 had not ended after \d+ ms/,
    );
    expect(record.samples.filter(({ set }) => set === 1)).toEqual([]);
  });

  it('measures latency and messages', async () => {
    const { status, record, stderr } = await perf(
      ...[
        '--base',
        '--clock',
        'instructions',
        '--runs',
        '1',
        '--latency',
        '--message',
        '1B',
        '--type',
        'seqpacket',
      ],
    );
    expect(status, stderr).toBe(0);
    for (const { latency } of record.samples) {
      expect(latency?.count).toBe(2000);
      expect(latency?.p50).toBeGreaterThan(1000);
      expect(latency?.p99).toBeGreaterThanOrEqual(latency?.p50 ?? 0);
    }
  });
});

it('by the wall: names the machine and what else it did', async () => {
  const { status, record, stderr } = await perf('--base', '--clock', 'wall', '--direction', 'h2g', ...SMALL);
  expect(status, stderr).toBe(0);
  expect(record.machine).toMatchObject({ clock: 'wall', nsPerInstruction: null });
  expect(record.boots.every(({ load }) => load >= 0)).toBe(true);
  // The host has two vcpus there.
  expect(record.machine?.pinned).toBe(availableParallelism() >= 2);
});
