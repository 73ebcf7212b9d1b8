// SPDX-License-Identifier: MIT
/** respin perf without machines: its words, and records that are there already. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PerfRecord } from '../../core/perf.ts';
import { perfRecord } from '../../reports/perf-fixture.ts';
import { expectError, makeWorld, type World } from './world.ts';

const A = '20261126-100000-vsock-rx-buffers-00aa';
const B = '20261126-110000-vsock-rx-buffers-00bb';
let world: World;

beforeEach(async () => {
  world = await makeWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function keep(id: string, over: Partial<PerfRecord> = {}): string {
  const folder = path.join(world.state, 'respin/perf', id);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'perf.json');
  writeFileSync(file, JSON.stringify({ ...perfRecord(), id, ...over }));
  return file;
}

describe('wrong words', () => {
  it.each<[string[], RegExp]>([
    [['--runs', '0'], /--runs 0: not a number from 1 to 100/],
    [['--threads', 'many'], /--threads many/],
    [['--message', '64Kb/s'], /64Kb\/s is no size/],
    [['--message', '2MB'], /2MB is no size/],
    [['--clock', 'sundial'], /--clock sundial: not known/],
    [['--direction', 'loopback'], /loopback is not a direction/],
    [['--type', 'dgram'], /dgram is not a type/],
    [['--program', 'iperf'], /--program iperf: not known/],
    [['--program', 'vsock_perf', '--threads', '4'], /vsock_perf has one stream/],
    [['--program', 'uperf', '--latency'], /uperf does not measure latency/],
    [['--matrix'], /--matrix is about a series/],
    [['--bytes', '32KB'], /--bytes 32KB does not give each of 64 connections whole messages of 64KB/],
    [['--bytes', '4MB,8MB'], /--bytes is one size/],
    [['--latency', '--bytes', '4MB'], /--latency moves single messages/],
    [['--profile', 'debug,fast'], /--profile debug,fast: both machines are measured with the same/],
    [['--clock', 'instructions', '--mode', 'kvm+kvm'], /does not measure in kvm\+kvm/],
    [['--svg', '--plot'], /--svg and --plot( and --json)? do not go together/],
  ])('%j', async (args, message) => {
    await expectError(world, ['perf', '--base', ...args], { code: 'BAD_OPTION', exit: 2, message });
  });

  it('--matrix beside --host', async () => {
    const args = ['perf', 'vsock-rx-buffers', '--matrix', '--host', 'base'];
    await expectError(world, args, { code: 'BAD_OPTION', exit: 2, message: /--matrix has all combinations/ });
  });
});

describe('records', () => {
  it('none yet', async () => {
    expect((await world.respin('perf', 'list')).stdout).toMatch(/^no measurements yet/);
    await expectError(world, ['perf', 'show'], {
      code: 'NO_SUCH_RUN',
      exit: 2,
      message: /no finished measurement/,
    });
  });

  it('are listed, the newest first, and shown by id, as last and from a file', async () => {
    const file = keep(A);
    keep(B);
    const { stdout } = await world.respin('perf', 'list');
    expect(
      stdout
        .split('\n')
        .slice(1, 3)
        .map((line) => line.split(' ')[0]),
    ).toEqual([B, A]);
    for (const which of [[], [B.slice(0, 15)], [file]]) {
      const shown = await world.respin('perf', 'show', ...which);
      expect(shown.status, shown.stderr).toBe(0);
      expect(shown.stdout).toMatch(/64KB h2g .*\+30\.1 %/);
      expect(shown.stdout).toMatch(/counts instructions, not cache misses/);
    }
    const json = await world.respin('perf', 'show', A, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ id: A, schema: 'respin.perf/1' });
  });

  it('become a block for a commit message, a plot, and a picture', async () => {
    keep(A);
    const message = (await world.respin('perf', 'show', '--commit-message')).stdout;
    expect(message).toMatch(/^Test: 64KB, h2g\nBefore: .* Gb\/s\nAfter: .* Gb\/s \(\+30%\)$/m);
    expect(Math.max(...message.split('\n').map((line) => line.length))).toBeLessThanOrEqual(75);
    expect((await world.respin('perf', 'show', '--svg')).stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect((await world.respin('perf', 'show', '--plot')).stdout).toContain('64KB');
  });

  it('are compared', async () => {
    keep(A);
    keep(B);
    const { status, stdout, stderr } = await world.respin('perf', 'compare', A, B);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/64KB h2g/);
    const { machine } = perfRecord();
    keep(B, { machine: machine && { ...machine, qemu: '7.2.0' } });
    const json = JSON.parse((await world.respin('perf', 'compare', A, B, '--json')).stdout);
    expect(json.differences).toEqual([expect.stringMatching(/^QEMU: .* in a, 7\.2\.0 in b$/)]);
    expect(json.changes.length).toBeGreaterThan(0);
    expect(json.changes.filter(({ real }: { real: boolean }) => real)).toEqual([]);
    for (const more of [['--svg'], ['--runs', '3']]) {
      const message = new RegExp(`perf compare has no ${more[0]}`);
      await expectError(world, ['perf', 'compare', A, B, ...more], { code: 'BAD_OPTION', exit: 2, message });
    }
    const args = ['perf', 'compare', A];
    await expectError(world, args, { code: 'MISSING_ARGUMENT', exit: 2, message: /needs two records/ });
  });

  it('that is damaged, of another kind or cut off is named as such', async () => {
    const file = keep(A);
    writeFileSync(file, '{"schema":"respin.run/1"}');
    await expectError(world, ['perf', 'show', file], {
      code: 'PERF_RECORD',
      exit: 2,
      message: /has the schema/,
    });
    await expectError(world, ['perf', 'show', A], { code: 'RECORD_DAMAGED', exit: 3 });
    await expectError(world, ['perf', 'show', './none.json'], { code: 'PERF_RECORD', exit: 2 });
    await expectError(world, ['perf', 'show', 'a', 'b'], { code: 'TOO_MANY_ARGUMENTS', exit: 2 });
  });
});
