// SPDX-License-Identifier: MIT
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acquireLock, isLocked, tryLock, withPassingLock } from './lock.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-lock-'));
  file = path.join(folder, 'x.lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The processes that have the lock's file open, but for the test's own child. */
function lockers(...but: (number | undefined)[]): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && !but.includes(Number(pid)))
    .filter((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).some((fd) => opened(`/proc/${pid}/fd/${fd}`) === file);
      } catch {
        return false;
      }
    });
}

function opened(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
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

it('one that passes leaves no file, and lets one at a time in', async () => {
  let inside = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    expect(inside).toBe(1);
    expect(readdirSync(folder)).toEqual(['x.lock']);
    await sleep(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, async () => await withPassingLock(file, work)));
  expect(readdirSync(folder)).toEqual([]);
  await expect(
    withPassingLock(file, async () => {
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(readdirSync(folder)).toEqual([]);
});

it('one whose file somebody else has put in its place is not removed', async () => {
  const lock = await acquireLock(file);
  await rm(file);
  await writeFile(file, 'of another');
  await lock.remove();
  expect(readFileSync(file, 'utf8')).toBe('of another');
});

it('is not lost to the garbage collector', async () => {
  const module = JSON.stringify(path.join(import.meta.dirname, 'lock.ts'));
  const code = `const { tryLock } = await import(${module});
    await tryLock(process.argv[1]);
    for (let i = 0; i < 5; i++) { gc(); await new Promise((done) => setTimeout(done, 20)); }
    console.log('collected');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', code, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  expect(await tryLock(file)).toBeNull();
  child.kill('SIGKILL');
  await (await acquireLock(file)).release();
});

it.skipIf(process.getuid?.() === 0)(
  'a file that may only be read can be locked (skipped as root)',
  async () => {
    await writeFile(file, '', { mode: 0o444 });
    const lock = await acquireLock(file);
    expect(await tryLock(file)).toBeNull();
    await lock.release();
  },
);

it('a folder can be locked, and is left as it is', async () => {
  const lock = await acquireLock(folder);
  expect(await tryLock(folder)).toBeNull();
  expect(await isLocked(folder)).toBe(true);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
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
