// SPDX-License-Identifier: MIT
/**
 * Locks between processes, by flock(1): the kernel gives a lock back when its
 * holder dies, so there are no stale locks to reason about.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { interrupted, RespinError } from '../core/errors.ts';
import { fileTrouble, makeFolder } from './file-trouble.ts';
import { endGuarded, guarded } from './guard.ts';

export interface Lock extends AsyncDisposable {
  readonly file: string;
  release(): Promise<void>;
}

/** Says which process holds a lock that has to be waited for. */
export type OnWait = (holder: string) => void;

const BUSY = 75;

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
    const code = await heldOrExit(child);
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
  if (signal?.aborted) throw interrupted();
  await makeFolder(path.dirname(file));
  // The child keeps the lock until its stdin closes; a session of its own keeps ^C from it.
  const keep = [file, 'sh', '-c', 'echo held; exec cat >/dev/null'];
  // One that waits does not look at its stdin yet: the guard ends it with respin.
  const [program, words] =
    how === 'waits'
      ? guarded('flock', keep)
      : ['flock', ['--nonblock', '--conflict-exit-code', String(BUSY), ...keep]];
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'ignore', 'pipe'], detached: true });
  for (const stream of child.stdio) stream?.on('error', () => {});
  const abort = (): void => {
    endGuarded(child);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const code = await heldOrExit(child);
    if (signal?.aborted) throw interrupted();
    if (code === BUSY) return null;
    if (code !== null) {
      throw lockFailed(file, code);
    }
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  // For the message of whoever waits; the lock itself is the kernel's.
  await writeFile(file, `respin, process ${process.pid}\n`).catch(() => {});
  child.unref();
  for (const stream of child.stdio) (stream as { unref?: () => void } | null)?.unref?.();
  let released = false;
  const release = async (): Promise<void> => {
    if (released) return;
    released = true;
    child.ref();
    const gone = new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('exit', () => resolve());
    });
    child.stdin?.end();
    await gone;
  };
  return { file, release, [Symbol.asyncDispose]: release };
}

function lockFailed(file: string, code: number | null): RespinError {
  return new RespinError({
    code: 'LOCK_FAILED',
    blame: 'machine',
    message: `cannot lock ${file} (flock ended with ${code})`,
    hint: 'is the folder writable, and is there room on the disk?',
  });
}

/** Resolves with null once the child says it holds the lock, else with its exit status. */
function heldOrExit(child: ChildProcess): Promise<number | null> {
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
    child.stdout?.once('data', () => resolve(null));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
