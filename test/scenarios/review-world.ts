// SPDX-License-Identifier: MIT
/** For the review scenarios: a world with series of its own, and the fixture series in every form it may come in. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Review } from '../../core/review.ts';
import { projectRoot } from '../../system/paths.ts';
import { type Ended, makeWorld, type World } from './world.ts';

export const ECHO = path.join(projectRoot, 'test/fixtures/review/echo-limit');
export const ECHO_NAME = 'vsock-echo-bound-the-memory-of-queued-packets';
export const SEED = path.join(projectRoot, 'test/fixtures/review/v8-review.txt');

export interface ReviewWorld extends World {
  /** Where its series are. */
  patches: string;
}

export async function makeReviewWorld(): Promise<ReviewWorld> {
  const world = await makeWorld();
  const patches = path.join(world.folder, 'patches');
  mkdirSync(patches);
  world.env['RESPIN_PATCHES'] = patches;
  return { ...world, patches, [Symbol.asyncDispose]: world[Symbol.asyncDispose] };
}

/** The committed mails of the fixture, by file name. */
export function fixtureMails(): Map<string, Buffer> {
  const folder = path.join(ECHO, 'mails');
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(path.join(folder, name))]),
  );
}

export function mboxrd(mails: Iterable<Buffer>): Buffer {
  const parts = [...mails].map((mail) => {
    const text = mail.toString('latin1').replace(/^(>*From )/gm, '>$1');
    return `From mboxrd@z Thu Jan  1 00:00:00 1970\n${text}\n`;
  });
  return Buffer.from(parts.join(''), 'latin1');
}

/** The same mails in another order, the same each time. */
export function shuffled<T>(list: readonly T[]): T[] {
  const result = [...list];
  let seed = 7;
  for (let at = result.length - 1; at > 0; at--) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const other = seed % (at + 1);
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}

/** Runs it with something on stdin. */
export async function respinWith(world: World, input: Buffer, ...args: string[]): Promise<Ended> {
  const child = spawn(path.join(projectRoot, 'bin/respin'), args, {
    cwd: world.folder,
    env: world.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout, stderr };
}

export interface ImportReport {
  series: { name: string; versions: string[]; added: number; mails: number; isNew: boolean }[];
  unused: number;
  problems: { origin: string; what: string }[];
  read: number;
}

/** Imports, and expects that nothing was wrong with it. */
export async function importInto(world: World, ...args: string[]): Promise<ImportReport> {
  return report(await world.respin('review', 'import', ...args, '--json'));
}

export function report({ status, stdout, stderr }: Ended): ImportReport {
  expect(status, stderr).toBe(0);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as ImportReport;
}

/** The review as a script gets it. */
export async function showReview(world: ReviewWorld, name = ECHO_NAME): Promise<Review> {
  const { status, stdout, stderr } = await world.respin('review', 'show', '--series', name, '--json');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as Review;
}

/** What was kept, by file name. */
export function keptMails(world: ReviewWorld, name = ECHO_NAME): Map<string, string> {
  const folder = path.join(world.patches, name, 'mail');
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => [file, readFileSync(path.join(folder, file), 'latin1')]),
  );
}

/** Writes mails as files of one folder; gives their paths. */
export function writeMails(folder: string, mails: ReadonlyMap<string, Buffer>): string[] {
  mkdirSync(folder, { recursive: true });
  return [...mails].map(([name, bytes]) => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  });
}
