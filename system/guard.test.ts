// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { RespinError } from '../core/errors.ts';
import { run } from './exec.ts';

const guard = path.join(import.meta.dirname, 'guard.sh');

/** Whether the process runs; one that only waits for its parent to read its status does not. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function pidFrom(file: string): Promise<number> {
  return await vi.waitUntil(async () => Number(await readFile(file, 'utf8').catch(() => '')) || false, {
    timeout: 20_000,
  });
}

/** Starts a child that ignores TERM below a command that does not. */
async function script(): Promise<{ text: string; pids: string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'guard-'));
  const pids = ['parent', 'child'].map((name) => path.join(folder, name));
  const text = `echo $$ > ${pids[0]}; sh -c 'trap "" TERM; echo $$ > ${pids[1]}; sleep 1000; sleep 1000' & wait`;
  return { text, pids };
}

it('ends the command and what it started when the guard’s stdin closes', async () => {
  const { text, pids } = await script();
  const child = spawn(guard, ['1', 'sh', '-c', text], { stdio: ['pipe', 'ignore', 'ignore'] });
  const started = await Promise.all(pids.map(pidFrom));
  expect(started.every(runs)).toBe(true);
  child.stdin.end();
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('ends them when respin is killed', async () => {
  const { text, pids } = await script();
  const exec = JSON.stringify(path.join(import.meta.dirname, 'exec.ts'));
  const program = `import { run } from ${exec}; await run('sh', ['-c', process.argv[1]], { guarded: true });`;
  const respin = spawn(process.execPath, ['--input-type=module', '-e', program, text], { stdio: 'ignore' });
  const started = await Promise.all(pids.map(pidFrom));
  respin.kill('SIGKILL');
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('passes on the command’s own status and output', async () => {
  const result = await run('sh', ['-c', 'echo out; echo err >&2; exit 7'], { guarded: true });
  expect(result).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
});

it('ends them on abort, and says that it was interrupted', async () => {
  const { text, pids } = await script();
  const stop = new AbortController();
  const running = run('sh', ['-c', text], { guarded: true, signal: stop.signal });
  const failed = running.catch((error: unknown) => error);
  const started = await Promise.all(pids.map(pidFrom));
  stop.abort();
  expect(await failed).toBeInstanceOf(RespinError);
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('ends a command that had no time to begin a session of its own', async () => {
  for (let i = 0; i < 15; i++) {
    const child = spawn(guard, ['1', 'sleep', '1000'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end();
    expect(await new Promise((resolve) => child.once('exit', resolve))).not.toBe(0);
  }
});

it('a time-out ends a guarded command and all it started', async () => {
  const { text, pids } = await script();
  const result = await run('sh', ['-c', text], { guarded: true, timeout: 2_000 });
  expect(result.exitCode).not.toBe(0);
  const started = await Promise.all(pids.map(pidFrom));
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('a time-out ends an unguarded command and all it started', async () => {
  const { text, pids } = await script();
  const result = await run('sh', ['-c', text], { timeout: 2_000 });
  expect(result.exitCode).not.toBe(0);
  const started = await Promise.all(pids.map(pidFrom));
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});
