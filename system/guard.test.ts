// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { RespinError } from '../core/errors.ts';
import { run } from './exec.ts';
import { endGuarded } from './guard.ts';

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
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-guard-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pids = ['parent', 'child'].map((name) => path.join(folder, name));
  const text = `echo $$ > ${pids[0]}; sh -c 'trap "" TERM; echo $$ > ${pids[1]}; sleep 1000; sleep 1000' & wait`;
  return { text, pids };
}

it('ends the command and what it started when the guard’s descriptor 3 closes', async () => {
  const { text, pids } = await script();
  const child = spawn(guard, ['1', 'sh', '-c', text], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const started = await Promise.all(pids.map(pidFrom));
  expect(started.every(runs)).toBe(true);
  endGuarded(child);
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('ends them when respin is killed', async () => {
  const { text, pids } = await script();
  const exec = JSON.stringify(path.join(import.meta.dirname, 'exec.ts'));
  const program = `import { run } from ${exec}; await run('sh', ['-c', process.argv[1]], );`;
  const respin = spawn(process.execPath, ['--input-type=module', '-e', program, text], { stdio: 'ignore' });
  const started = await Promise.all(pids.map(pidFrom));
  respin.kill('SIGKILL');
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('passes on the command’s own status and output', async () => {
  const result = await run('sh', ['-c', 'echo out; echo err >&2; exit 7']);
  expect(result).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
});

it('ends them on abort, and says that it was interrupted', async () => {
  const { text, pids } = await script();
  const stop = new AbortController();
  const running = run('sh', ['-c', text], { signal: stop.signal });
  const failed = running.catch((error: unknown) => error);
  const started = await Promise.all(pids.map(pidFrom));
  stop.abort();
  expect(await failed).toBeInstanceOf(RespinError);
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('ends a command that had no time to begin a session of its own', async () => {
  for (let i = 0; i < 15; i++) {
    const child = spawn(guard, ['1', 'sleep', '1000'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    endGuarded(child);
    expect(await new Promise((resolve) => child.once('exit', resolve))).not.toBe(0);
  }
});

it('a time-out ends the command and all it started', async () => {
  const { text, pids } = await script();
  const result = await run('sh', ['-c', text], { timeout: 2_000 });
  expect(result.exitCode).not.toBe(0);
  const started = await Promise.all(pids.map(pidFrom));
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});

it('hands on its stdin', async () => {
  expect((await run('cat', [], { input: 'in\n' })).stdout).toBe('in\n');
  expect((await run('cat', [])).stdout).toBe('');
});

it('a program that is not there, or is none, is told from one that exits with 127', async () => {
  await expect(run('no-such-program', [])).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: 'no-such-program is not installed',
  });
  await expect(run('/etc/passwd', [])).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: '/etc/passwd cannot be started',
  });
  expect(await run('sh', ['-c', 'exit 127'])).toMatchObject({ exitCode: 127 });
});

it('a chain of filters ends with respin', async () => {
  const { text, pids } = await script();
  const filter = JSON.stringify(path.join(import.meta.dirname, 'filter.ts'));
  const program = `import { filter, drain } from ${filter};
    await drain(filter('sh', ['-c', process.argv[1]], null));`;
  const respin = spawn(process.execPath, ['--input-type=module', '-e', program, text], { stdio: 'ignore' });
  const started = await Promise.all(pids.map(pidFrom));
  respin.kill('SIGKILL');
  await vi.waitUntil(() => !started.some(runs), { timeout: 20_000 });
});
