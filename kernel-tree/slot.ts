// SPDX-License-Identifier: MIT
/**
 * Build slots: full checkouts of a tree with their build folders, kept so that the next
 * build is incremental. Each belongs to one run at a time.
 *
 *     slots/<tree>/<n>.lock             held (flock) while a run uses the slot
 *     slots/<tree>/<n>/git.lock         held by git itself while it writes
 *     slots/<tree>/<n>/source           a repository of its own that borrows the tree's objects
 *     slots/<tree>/<n>/build-<profile>  O= folder of make
 *
 * No git work tree of the cache's repository: slots then would share its worktrees/ folder,
 * and one killed run could disturb all. This way a broken slot is deleted and made again.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { emitting } from '../core/channel.ts';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import type { Tree } from '../core/tree.ts';
import { acquireLock, type Lock, tryLock } from '../system/lock.ts';
import { cachePath } from '../system/paths.ts';
import { fileTrouble } from '../system/whole.ts';
import { at, type GitOptions, git, gitError, resolve, treeHash, tryGit } from './git.ts';
import { keyOf } from './stored.ts';

export interface Slot extends AsyncDisposable {
  /** From 0. */
  number: number;
  /** The sources, clean, at the commit asked for. */
  sourceDir: string;
  /** The O= folder for the profile asked for. */
  buildDir: string;
  /** The sources were checked out anew: there is nothing to build upon. */
  fresh: boolean;
  release(): Promise<void>;
}

/** Where the slots of a tree lie. */
export function slotsFolder(key: string): string {
  return cachePath('slots', key);
}

/**
 * Takes a free slot of the tree, the one whose checkout is nearest to `commit`, or makes
 * another; never waits for other runs. Only files that differ are written, so that make
 * sees what changed. The slot is given back by `release`, or by the end of the process.
 * @throws RespinError TREE_BROKEN, NO_SPACE, GIT_FAILED (machine), INTERRUPTED
 */
export async function* acquireSlot(
  tree: Tree,
  commit: string,
  options: { profile: string; signal?: AbortSignal },
): Steps<Slot> {
  const { profile, signal } = options;
  if (!/^[\w][\w.-]*$/.test(profile)) throw new Error(`not a profile: ${profile}`);
  return yield* emitting<RespinEvent, Slot>(async (emit) => {
    await treeHash(tree.gitDir, commit);
    const room = slotsFolder(keyOf(tree));
    const { number, lock } = await takeFree(room, tree, commit);
    const folder = path.join(room, String(number));
    const sourceDir = path.join(folder, 'source');
    const buildDir = path.join(folder, `build-${profile}`);
    try {
      await gitEnded(folder, signal);
      const fresh = await checkOut(tree, commit, sourceDir, emit, signal);
      await mkdir(buildDir, { recursive: true });
      const release = (): Promise<void> => lock.release();
      return { number, sourceDir, buildDir, fresh, release, [Symbol.asyncDispose]: release };
    } catch (cause) {
      await lock.release();
      throw fileTrouble(cause, folder);
    }
  });
}

/** Numbers of the slots there are, lowest first. */
export async function slotNumbers(room: string): Promise<number[]> {
  const names = await readdir(room).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw error;
  });
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

export function slotLock(room: string, number: number): string {
  return path.join(room, `${number}.lock`);
}

async function takeFree(room: string, tree: Tree, commit: string): Promise<{ number: number; lock: Lock }> {
  const numbers = await slotNumbers(room);
  for (const number of await nearestFirst(room, numbers, tree, commit)) {
    const lock = await tryLock(slotLock(room, number));
    if (lock !== null) return { number, lock };
  }
  for (let number = 0; ; number++) {
    if (numbers.includes(number)) continue;
    const lock = await tryLock(slotLock(room, number));
    if (lock !== null) return { number, lock };
  }
}

/** By how many files would have to be written; the sort is stable, so equal ones keep their order. */
async function nearestFirst(
  room: string,
  numbers: readonly number[],
  tree: Tree,
  commit: string,
): Promise<number[]> {
  if (numbers.length < 2) return [...numbers];
  const distances = new Map<number, number>();
  for (const number of numbers) {
    distances.set(number, await distance(path.join(room, String(number), 'source'), tree, commit));
  }
  return numbers.toSorted((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0));
}

async function distance(sourceDir: string, tree: Tree, commit: string): Promise<number> {
  const farthest = Number.MAX_SAFE_INTEGER;
  const head = existsSync(path.join(sourceDir, '.git', 'index')) ? await headOf(sourceDir) : null;
  if (head === null) return farthest;
  if (head === commit) return 0;
  const diff = await tryGit(at(tree.gitDir), ['diff-tree', '-r', '--name-only', head, commit]);
  return diff.exitCode === 0 ? diff.stdout.split('\n').length : farthest;
}

/** Where git works on a slot's sources: `-C` alone would find a repository further up when this one is broken. */
export function within(sourceDir: string): string[] {
  return ['--git-dir', path.join(sourceDir, '.git'), '--work-tree', sourceDir];
}

async function headOf(sourceDir: string): Promise<string | null> {
  return await resolve(within(sourceDir), 'HEAD');
}

/** Waits for the git of a killed run; its guard ends it within seconds. */
async function gitEnded(folder: string, signal?: AbortSignal): Promise<void> {
  await using _lock = await acquireLock(path.join(folder, 'git.lock'), undefined, signal);
}

/** Gives whether the sources were made anew. */
async function checkOut(
  tree: Tree,
  commit: string,
  sourceDir: string,
  emit: (event: RespinEvent) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  if (await switchTo(tree, commit, sourceDir, signal)) return false;
  // Whatever state a killed run or a disk fault left it in: made again from nothing.
  emit({ type: 'note', level: 'info', text: `checking out ${tree.source} to ${sourceDir}` });
  await rm(sourceDir, { recursive: true, force: true });
  await mkdir(sourceDir, { recursive: true });
  const format = commit.length === 64 ? 'sha256' : 'sha1';
  const where = within(sourceDir);
  await git([], ['init', '--quiet', '--template=', `--object-format=${format}`, sourceDir]);
  await lend(tree, sourceDir);
  await git(where, checkoutArgs(commit), optionsOf(sourceDir, signal));
  return true;
}

/** The objects stay in the tree's repository. Written each time: the cache may have been moved. */
async function lend(tree: Tree, sourceDir: string): Promise<void> {
  const info = path.join(sourceDir, '.git', 'objects', 'info');
  await mkdir(info, { recursive: true });
  const objects = path.join(tree.gitDir, 'objects');
  const line = /^"|[\n\\]/.test(objects) ? JSON.stringify(objects) : objects;
  await writeFile(path.join(info, 'alternates'), `${line}\n`);
}

/** Switches a checkout that is there; false when there is none that git can work with. */
async function switchTo(
  tree: Tree,
  commit: string,
  sourceDir: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const gitDir = path.join(sourceDir, '.git');
  // Without its index the checkout never came to its end: starting anew costs the same.
  if (!existsSync(path.join(gitDir, 'index'))) return false;
  // The slot's lock is ours, so a lock of git's own is one that a killed git left.
  for (const name of await readdir(gitDir)) {
    if (name.endsWith('.lock')) await rm(path.join(gitDir, name), { force: true });
  }
  await lend(tree, sourceDir);
  const result = await tryGit(within(sourceDir), checkoutArgs(commit), optionsOf(sourceDir, signal));
  if (result.exitCode !== 0) {
    const error = gitError('checkout', result.stderr);
    if (error.code === 'NO_SPACE') throw error;
    return false;
  }
  await git(within(sourceDir), ['clean', '-ffdxq'], optionsOf(sourceDir, signal));
  return true;
}

/** Puts another commit into a slot that is ours. @throws RespinError NO_SPACE, TREE_BROKEN, GIT_FAILED */
export async function putInSlot(sourceDir: string, commit: string): Promise<void> {
  await git(within(sourceDir), checkoutArgs(commit), optionsOf(sourceDir));
}

function optionsOf(sourceDir: string, signal?: AbortSignal): GitOptions {
  const holding = path.join(path.dirname(sourceDir), 'git.lock');
  return { cwd: sourceDir, holding, ...(signal === undefined ? {} : { signal }) };
}

/** `checkout.workers=0`: as many as there are cores. */
function checkoutArgs(commit: string): string[] {
  return ['-c', 'checkout.workers=0', 'checkout', '--quiet', '--force', '--detach', commit];
}

/**
 * Takes the locks of all slots of a tree, for removing them.
 * @throws RespinError TREE_IN_USE when a run holds one
 */
export async function lockAllSlots(key: string, source: string): Promise<Lock[]> {
  const room = slotsFolder(key);
  const locks: Lock[] = [];
  for (const number of await slotNumbers(room)) {
    const lock = await tryLock(slotLock(room, number));
    if (lock === null) {
      for (const held of locks) await held.release();
      throw new RespinError({
        code: 'TREE_IN_USE',
        blame: 'machine',
        message: `${source} is in use: a run works in its slot ${number}`,
        hint: 'wait for the run to end, or end it',
      });
    }
    locks.push(lock);
  }
  return locks;
}
