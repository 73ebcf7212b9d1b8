// SPDX-License-Identifier: MIT
/** respin run without machines: its words, and what records of some cases are taken for. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../core/run.ts';
import { expectError, makeWorld, type World } from './world.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/reports');
const WHOLE = '20261126-100000-vsock-rx-buffers-00aa';
const PART = '20261126-110000-vsock-rx-buffers-00bb';
let world: World;

beforeEach(async () => {
  world = await makeWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function keep(id: string, over: Partial<RunRecord> = {}): void {
  const record = JSON.parse(readFileSync(path.join(FIXTURES, 'pass.json'), 'utf8')) as RunRecord;
  const folder = path.join(world.state, 'respin/runs', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...record, id, ...over }));
}

describe('wrong words', () => {
  it.each<[string[], RegExp]>([
    [['--probes', '--no-probes'], /--probes and --no-probes do not go together/],
    [['--times', '20'], /--times is about cases, and no --case names one/],
    [['--case', 'vsock_test:3', '--times', '0'], /--times 0: not a number from 1 to 1000/],
    [['--case', 'vsock_test:3', '--times', 'often'], /--times often: not a number/],
    [['--case', 'vsock_test:3', '--probes'], /--case names what is run/],
    [['--case', 'vsock_tset'], /there is no program vsock_tset/],
    [['--case', 'vsock_test:3', '--case', 'vsock_test:'], /there is no case behind the colon/],
    [['--case', 'vsock_uring_test:1'], /vsock_uring_test cannot be told which cases to run/],
    [['--case', 'probe-device', '--direction', 'g2h,h2g'], /probe-device: it does not run in g2h, h2g/],
  ])('%j', async (args, message) => {
    await expectError(world, ['run', '--base', ...args], { code: 'BAD_OPTION', exit: 2, message });
  });
});

describe('a run of some cases alone', () => {
  beforeEach(() => {
    keep(WHOLE);
    keep(PART, { part: { cases: ['vsock_test:3'], times: 20 } });
  });

  it('is marked where runs are listed', async () => {
    const { stdout } = await world.respin('runs', 'list');
    expect(stdout).toMatch(/00bb +pass .*only vsock_test:3 20x: /);
    expect(stdout).not.toMatch(/00aa +pass .*only/);
  });

  it('bears no Tested-by out: the last run is the last of everything', async () => {
    for (const [key, value] of [
      ['user.name', 'Ann Author'],
      ['user.email', 'ann@example.org'],
    ] as const)
      execFileSync('git', ['config', '--global', key, value], { env: world.env });
    const last = await world.respin('review', 'tested-by', 'last');
    expect(last.stdout, last.stderr).toContain(WHOLE);
    expect(last.stdout).toContain('Tested-by: ');
    const named = await world.respin('review', 'tested-by', PART);
    expect(named.stdout).toContain('I ran only vsock_test:3 on ');
    expect(named.stdout).not.toContain('Tested-by: ');
    expect(named.stderr).toContain('there is no Tested-by in the mail');
  });
});
