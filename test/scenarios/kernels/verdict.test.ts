// SPDX-License-Identifier: MIT
/** The main job on real parts: the shipped series, from wherever it comes, to a verdict. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { DIRECTIONS, type RunRecord } from '../../../core/run.ts';
import { hasPublicInbox, startPublicInbox } from '../public-inbox.ts';
import { leftBehind, newPlace, passed, ROOT, respin, start } from './respin.ts';

const CASES = 27;
const place = newPlace();
const scratch = mkdtempSync(path.join(tmpdir(), 'respin-verdict-'));
const series = path.join(ROOT, 'patches/vsock-rx-buffers/v1');

afterAll(() => {
  for (const folder of [place.state, scratch]) rmSync(folder, { recursive: true, force: true });
});

function expectVerdict(record: RunRecord): void {
  expect(record, record.why).toMatchObject({ schema: 'respin.run/1', exit: 0, splats: [], error: null });
  expect(['pass', 'flaky']).toContain(record.verdict);
  for (const direction of DIRECTIONS) expect(passed(record, 'vsock_test', direction)).toBe(CASES);
  for (const direction of ['g2h', 'h2g'] as const)
    expect(passed(record, 'vsock_diag_test', direction)).toBe(3);
  expect(record.series?.patches.every(({ patchId, commit }) => patchId !== '' && commit !== '')).toBe(true);
}

it('the shipped series passes 27 cases in each direction, and the diag test', async () => {
  const { status, record, stderr } = await respin(place, ['run', 'vsock-rx-buffers']);
  expect(status, stderr).toBe(0);
  expectVerdict(record);
  expect(record).toMatchObject({
    series: { name: 'vsock-rx-buffers', version: 'v4' },
    tree: { source: 'debian:linux-source-6.12' },
    variants: { host: 'patched', guest: 'patched' },
  });
  expect(record.series?.patches).toHaveLength(4);
  expect(leftBehind(place)).toEqual([]);

  const [id] = readdirSync(path.join(place.state, 'respin/runs'));
  const folder = path.join(place.state, 'respin/runs', String(id));
  expect(JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8'))).toEqual(record);
  for (const suite of record.suites) {
    for (const log of Object.values(suite.logs)) expect(existsSync(path.join(folder, log)), log).toBe(true);
  }
  expect(readFileSync(path.join(folder, 'commands.sh'), 'utf8')).toMatch(
    /qemu-system-x86_64'? .*respin-host/,
  );
  expect(readFileSync(path.join(folder, 'junit.xml'), 'utf8')).toContain('<testsuites');
  expect(readFileSync(path.join(folder, 'results.tap'), 'utf8')).toMatch(/^TAP version 14/);
  // The first boot may have been one on a KVM that runs nothing.
  const { number = 1 } = record.boots.at(-1) ?? {};
  const console = `${number === 1 ? '' : `boot-${number}-`}guest-console.log`;
  expect(readFileSync(path.join(folder, console), 'utf8')).toContain('Linux version 6.12');
});

it('some cases alone, some times: a verdict of these, and what there is not ends it', async () => {
  const words = ['run', 'vsock-rx-buffers', '--direction', 'g2h', '--case'];
  const { status, record, stderr } = await respin(place, [...words, 'vsock_test:0-1', '--times', '3']);
  expect(status, stderr).toBe(0);
  expect(['pass', 'flaky'], record.why).toContain(record.verdict);
  expect(record.part).toEqual({ cases: ['vsock_test:0-1'], times: 3 });
  expect(record.suites).toMatchObject([
    {
      ...{ program: 'vsock_test', direction: 'g2h' },
      cases: [0, 1].map((id) => ({ id, status: expect.stringMatching(/^(?:pass|flaky)$/), attempts: 3 })),
    },
  ]);
  const none = await respin(place, [...words, 'vsock_test:no such case']);
  expect(none.status).toBe(2);
  expect(none.stderr).toContain('error[CASE_UNKNOWN]');
  expect(none.stderr).toContain('0 SOCK_STREAM connection reset');
  expect(leftBehind(place)).toEqual([]);
});

it('the same from an mbox', async () => {
  const mbox = path.join(scratch, 'series.mbox');
  const names = readdirSync(series).sort();
  writeFileSync(mbox, names.map((name) => readFileSync(path.join(series, name), 'utf8')).join('\n'));
  const { status, record, stderr } = await respin(place, ['run', mbox, '--direction', 'g2h']);
  expect(status, stderr).toBe(0);
  expect(passed(record, 'vsock_test', 'g2h')).toBe(CASES);
  expect(record.suites.every(({ direction }) => direction === 'g2h')).toBe(true);
});

it('the same on a git clone of a tree, as a git range of it, which is only read', async () => {
  const tree = JSON.parse(
    (await start(place, ['tree', 'show', 'debian:linux-source-6.12', '--json']).ended).stdout,
  ) as { gitDir: string; commit: string };
  const clone = path.join(scratch, 'clone');
  // The cache is the user's own: nothing of a clone that will be gone stays in it.
  const forget = () => start(place, ['tree', 'remove', `git:${clone}#${tree.commit}`]).ended;
  onTestFinished(async () => expect((await forget()).stdout).toMatch(/^removed git:/));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', clone, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
    });
  execFileSync('git', ['init', '-q', clone]);
  git('fetch', '-q', tree.gitDir, tree.commit);
  git(
    'sparse-checkout',
    'set',
    '--no-cone',
    '/Makefile',
    '/net/vmw_vsock',
    '/include/linux',
    '/tools/testing/vsock',
  );
  git('checkout', '-q', '-b', 'work', tree.commit);
  git(
    'am',
    '-q',
    ...readdirSync(series)
      .filter((name) => !name.startsWith('0000'))
      .map((name) => path.join(series, name)),
  );
  const before = git('status', '--porcelain=v2', '--branch') + git('for-each-ref') + git('worktree', 'list');
  const { status, record, stderr } = await respin(place, [
    'run',
    `git:${clone}#${tree.commit}..work`,
    '--tree',
    `git:${clone}#${tree.commit}`,
  ]);
  expect(status, stderr).toBe(0);
  expectVerdict(record);
  expect(record.tree).toMatchObject({ commit: tree.commit });
  expect(git('status', '--porcelain=v2', '--branch') + git('for-each-ref') + git('worktree', 'list')).toBe(
    before,
  );
});

const archive = await hasPublicInbox();

it.skipIf(!archive)('the same fetched from an archive server: import URL, then run', async () => {
  await using inbox = await startPublicInbox('vsock');
  const names = readdirSync(series).sort();
  for (const name of names) {
    const mail = readFileSync(path.join(series, name), 'utf8').replace(/^From .*\n/, '');
    await inbox.deliver(Buffer.from(mail));
  }
  const patches = path.join(scratch, 'fetched');
  const env = { RESPIN_PATCHES: patches };
  const url = `${inbox.list}20261122-vsock-rx-buffers-v1-0@example.org/`;
  const imported = await start(place, ['review', 'import', url, '--json'], ROOT, env).ended;
  expect(imported.status, imported.stderr).toBe(0);
  const [name = ''] = readdirSync(patches);
  const { status, record, stderr } = await respin(place, ['run', name], ROOT, env);
  expect(status, stderr).toBe(0);
  expectVerdict(record);
  expect(record.series?.patches).toHaveLength(4);
  expect(leftBehind(place)).toEqual([]);
});
