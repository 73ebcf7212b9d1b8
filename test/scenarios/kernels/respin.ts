// SPDX-License-Identifier: MIT
/**
 * respin on real kernels. The cache is the user's own (an empty XDG_CACHE_HOME makes it
 * all anew); the records go to a folder of the test's.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { CaseStatus, Direction, RunRecord } from '../../../core/run.ts';

export const ROOT = path.resolve(import.meta.dirname, '../../..');
const RESPIN = path.join(ROOT, 'bin/respin');

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Everything on stdout and stderr so far. */
  said(): string;
  ended: Promise<Ended>;
}

/** A mark in the environment, by which everything a test started can be found again. */
export interface Place {
  mark: string;
  state: string;
  /** What others had left half-made in the cache before. */
  halfBefore: readonly string[];
}

export function newPlace(): Place {
  const state = mkdtempSync(path.join(tmpdir(), 'respin-state-'));
  return { mark: `respin-mark-${path.basename(state)}`, state, halfBefore: halfInCache() };
}

/** What was left half-made in the cache since; what a living process makes just now is not left. */
export function leftHalfMade({ halfBefore }: Place): string[] {
  return halfInCache().filter((name) => !halfBefore.includes(name));
}

function halfInCache(): string[] {
  const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'respin');
  return ['builds', 'images', 'programs', 'trees'].flatMap((room) => {
    const folder = path.join(cache, room);
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.flatMap((name) => {
      const [, maker] = /\.half-(\d+)$/.exec(name) ?? [];
      return maker === undefined || existsSync(`/proc/${maker}`) ? [] : [`${room}/${name}`];
    });
  });
}

/** The user's, with the records in a folder of the test's; the probes have a test of their own. */
export function environment({ state, mark }: Place): NodeJS.ProcessEnv {
  return { ...process.env, RESPIN_PROBES: 'false', XDG_STATE_HOME: state, RESPIN_TEST_MARK: mark };
}

export function start(
  place: Place,
  args: readonly string[],
  cwd = ROOT,
  env: Record<string, string> = {},
): Started {
  const child = spawn(RESPIN, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(place), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    pid: child.pid as number,
    kill: (signal) => child.kill(signal),
    said: () => stdout + stderr,
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, stdout, stderr }));
    }),
  };
}

/** Runs `respin ARGS --json` to its end. */
export async function respin(
  place: Place,
  args: readonly string[],
  cwd = ROOT,
  env: Record<string, string> = {},
): Promise<Ended & { record: RunRecord }> {
  const ended = await start(place, [...args, '--json'], cwd, env).ended;
  try {
    return { ...ended, record: JSON.parse(ended.stdout) as RunRecord };
  } catch {
    throw new Error(
      `respin ${args.join(' ')} printed no document (status ${ended.status}):\n${ended.stderr}`,
    );
  }
}

/** Processes that carry the mark and still run: what a run left behind. */
export function leftBehind(place: Place): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const marked = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(
          `RESPIN_TEST_MARK=${place.mark}`,
        );
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return marked && command !== '' ? [`${pid} ${command}`] : [];
      } catch {
        // It ended while we looked, or is not ours to look at.
        return [];
      }
    });
}

/** `pass: 27` for a program and direction. */
export function counts(
  record: RunRecord,
  program: string,
  direction: Direction,
): Partial<Record<CaseStatus, number>> {
  const found: Partial<Record<CaseStatus, number>> = {};
  const suite = record.suites.find((one) => one.program === program && one.direction === direction);
  for (const { status } of suite?.cases ?? []) found[status] = (found[status] ?? 0) + 1;
  return found;
}

/** Fewer may be flaky than pass, but together they are all: an emulated machine may stumble once. */
export function passed(record: RunRecord, program: string, direction: Direction): number {
  const { pass = 0, flaky = 0 } = counts(record, program, direction);
  return pass + flaky;
}
