// SPDX-License-Identifier: MIT
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acquireLock, isLocked, tryLock } from './lock.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-lock-'));
  file = path.join(folder, 'x.lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The processes that name the lock on their command line, but for the test's own child. */
function lockers(...but: (number | undefined)[]): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && !but.includes(Number(pid)))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(file);
      } catch {
        return false;
      }
    });
}

/** Another process that takes the lock, or waits for it, and says which. */
async function another(says: 'waits' | 'has it'): Promise<ChildProcess> {
  const module = JSON.stringify(path.join(import.meta.dirname, 'lock.ts'));
  const code = `const { acquireLock } = await import(${module});
    await acquireLock(process.argv[1], () => console.log('waits'));
    console.log('has it');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  await vi.waitUntil(() => said.includes(says), { timeout: 20_000, interval: 10 });
  return child;
}

it('is held by one at a time, and handed on', async () => {
  const first = await acquireLock(file);
  expect(await tryLock(file)).toBeNull();
  const second = acquireLock(file);
  await first.release();
  const held = await second;
  expect(await tryLock(file)).toBeNull();
  await held.release();
  await (await tryLock(file))?.release();
  await vi.waitUntil(() => lockers().length === 0, { timeout: 20_000 });
});

it('a process that is killed while it waits leaves nothing that waits on', async () => {
  const lock = await acquireLock(file);
  const holder = lockers();
  const child = await another('waits');
  await vi.waitUntil(() => lockers(child.pid).length > holder.length, { timeout: 20_000, interval: 10 });
  child.kill('SIGKILL');
  await vi.waitUntil(() => lockers().join() === holder.join(), { timeout: 20_000, interval: 20 });
  await lock.release();
});

it('an abort ends the waiting, and what waited', async () => {
  const lock = await acquireLock(file);
  const holder = lockers();
  const stop = new AbortController();
  const waiting = acquireLock(file, () => stop.abort(), stop.signal);
  await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const later = new AbortController();
  const second = acquireLock(file, undefined, later.signal);
  await vi.waitUntil(() => lockers().length > holder.length, { timeout: 20_000, interval: 10 });
  later.abort();
  await expect(second).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await vi.waitUntil(() => lockers().join() === holder.join(), { timeout: 20_000, interval: 20 });
  await lock.release();
});

it('a lock that was waited for is given back when its holder is killed', async () => {
  const lock = await acquireLock(file);
  const child = await another('waits');
  await lock.release();
  await vi.waitUntil(
    async () => {
      const free = await tryLock(file);
      await free?.release();
      return free === null;
    },
    { timeout: 20_000 },
  );
  child.kill('SIGKILL');
  await (await acquireLock(file)).release();
});

it('looking whether it is held makes no file', async () => {
  expect(await isLocked(file)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  const lock = await acquireLock(file);
  expect(await isLocked(file)).toBe(true);
  await lock.release();
  expect(await Promise.all([isLocked(file), isLocked(file)])).toEqual([false, false]);
});
