// SPDX-License-Identifier: MIT
/**
 * Locks between processes, by flock(1): the kernel gives a lock back when its
 * holder dies, so there are no stale locks to reason about.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { interrupted, RespinError } from '../core/errors.ts';
import { fileTrouble, makeFolder } from './file-trouble.ts';
import { endGuarded, guarded } from './guard.ts';

export interface Lock extends AsyncDisposable {
  readonly file: string;
  release(): Promise<void>;
  /** Removes its file as well, where nobody wants to see one. All who lock it have to do so by this module. */
  remove(): Promise<void>;
}

/** Says which process holds a lock that has to be waited for. */
export type OnWait = (holder: string) => void;

const BUSY = 75;
/** So often another may have had the lock and removed the file in between; a file system without stable numbers ends here. */
const MOST_TURNS = 1000;

/**
 * Takes a lock in a folder of the user's for `work`: its file is there for as long, so that it is in nobody's git status.
 * Killed meanwhile, it stays, and the next to take it removes it.
 * @throws RespinError INTERRUPTED when `signal` fires first; what `work` throws
 */
export async function withPassingLock<T>(
  file: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const lock = await acquireLock(file, undefined, signal);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // Why the work failed matters more than a file that is left.
    await lock.remove().catch(() => {});
    throw error;
  }
  await lock.remove();
  return result;
}

/** Takes the lock, or gives null at once when another holds it. */
export async function tryLock(file: string): Promise<Lock | null> {
  return await hold(file, 'at once');
}

/** Whether another holds the lock. Unlike `tryLock` it never makes the file; one that is not there is not held. */
export async function isLocked(file: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileTrouble(cause, file);
  }
  try {
    // On a descriptor flock(1) opens nothing. Shared: two who look do not take each other for a holder.
    const words = ['--shared', '--nonblock', '--conflict-exit-code', String(BUSY), '3'];
    const child = spawn('flock', words, { stdio: ['ignore', 'ignore', 'ignore', handle.fd] });
    const code = await exitOf(child);
    if (code !== BUSY && code !== 0) throw lockFailed(file, code);
    return code === BUSY;
  } finally {
    await handle.close();
  }
}

/**
 * Takes the lock, waiting for whoever holds it; `onWait` is called once if there is a wait.
 * @throws RespinError INTERRUPTED when `signal` fires first
 */
export async function acquireLock(file: string, onWait?: OnWait, signal?: AbortSignal): Promise<Lock> {
  const free = await tryLock(file);
  if (free !== null) return free;
  onWait?.((await readFile(file, 'utf8').catch(() => '')).trim() || 'another process');
  const held = await hold(file, 'waits', signal);
  if (held === null)
    throw new RespinError({ code: 'LOCK_FAILED', blame: 'machine', message: `cannot lock ${file}` });
  return held;
}

async function hold(file: string, how: 'at once' | 'waits', signal?: AbortSignal): Promise<Lock | null> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (signal?.aborted) throw interrupted();
    await makeFolder(path.dirname(file));
    const handle = await lockable(file);
    try {
      const code = await flock(handle.fd, how, signal);
      if (signal?.aborted) throw interrupted();
      if (code !== 0 && code !== BUSY) throw lockFailed(file, code);
      // What its last holder has removed is nobody's any more.
      if (code === 0 && (await isStill(file, handle))) return await held(file, handle);
      if (code === BUSY) {
        await handle.close();
        return null;
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
  }
  throw lockFailed(file, 0);
}

/** A folder can be locked as well, and a file that may only be read. */
async function lockable(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'a+');
  } catch (cause) {
    return await open(file, 'r').catch(() => {
      throw fileTrouble(cause, file);
    });
  }
}

/**
 * Locks a descriptor of ours: the lock is that of the open file, which the child shares, and stays when the child has
 * ended (flock(2)).
 */
async function flock(fd: number, how: 'at once' | 'waits', signal?: AbortSignal): Promise<number> {
  // Below it are the guard's own descriptors.
  const own = 5;
  const nonblock = ['--nonblock', '--conflict-exit-code', String(BUSY), String(own)];
  const [program, words] = how === 'waits' ? guarded('flock', [String(own)]) : ['flock', nonblock];
  const child = spawn(program, words, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'ignore', fd],
    detached: true,
  });
  for (const stream of child.stdio) stream?.on('error', () => {});
  const abort = (): void => {
    endGuarded(child);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await exitOf(child);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Whether a path still leads to the file that was opened by it. */
async function isStill(file: string, handle: FileHandle): Promise<boolean> {
  const [own, there] = await Promise.all([handle.stat(), stat(file).catch(() => null)]);
  return there !== null && there.ino === own.ino && there.dev === own.dev;
}

/** A handle that nobody knows of is closed by the garbage collector, and the lock is gone. */
const handles = new Set<FileHandle>();

async function held(file: string, handle: FileHandle): Promise<Lock> {
  handles.add(handle);
  // For the message of whoever waits; the lock itself is the kernel's.
  await handle
    .truncate(0)
    .then(async () => await handle.write(`respin, process ${process.pid}\n`))
    .catch(() => {});
  let released = false;
  const release = async (): Promise<void> => {
    if (released) return;
    released = true;
    handles.delete(handle);
    await handle.close();
  };
  const remove = async (): Promise<void> => {
    try {
      if (!released && (await isStill(file, handle))) await rm(file, { force: true });
    } catch (cause) {
      throw fileTrouble(cause, file);
    } finally {
      await release();
    }
  };
  return { file, release, remove, [Symbol.asyncDispose]: release };
}

function lockFailed(file: string, code: number | null): RespinError {
  return new RespinError({
    code: 'LOCK_FAILED',
    blame: 'machine',
    message: `cannot lock ${file} (flock ended with ${code})`,
    hint: 'is the folder writable, and is there room on the disk?',
  });
}

/** Its exit status; 1 for a signal. @throws RespinError TOOL_MISSING (machine) */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new RespinError({
          code: 'TOOL_MISSING',
          blame: 'machine',
          message: `flock cannot be started: ${cause.message}`,
          hint: 'flock is part of util-linux',
          cause,
        }),
      ),
    );
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
