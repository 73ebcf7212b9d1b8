// SPDX-License-Identifier: MIT
/** Starting programs under guard.sh, which ends them and all they started when respin ends or says so. */
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { RespinError } from '../core/errors.ts';

const GUARD = path.join(import.meta.dirname, 'guard.sh');
const GRACE_SECONDS = 3;

/** What a guarded program must be spawned with beside its stdio: descriptor 3 is a pipe. */
export const LIFE_LINE = 3;

/** The words that start `command` under the guard. */
export function guarded(command: string, args: readonly string[]): [string, string[]] {
  return [GUARD, [String(GRACE_SECONDS), command, ...args]];
}

/**
 * The environment of whatever is started. Messages are in English, so that they can be parsed.
 * respin may be started from a git hook, an alias or `git rebase -x`, where git names the user's
 * repository in these: a git started here would work on that one, whatever `-C` says.
 */
export const CLEAN_ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  LC_ALL: 'C.UTF-8',
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_NAMESPACE: undefined,
  GIT_PREFIX: undefined,
};

/** Ends a guarded program: TERM to all of its session, KILL after a grace. */
export function endGuarded(child: { stdio: readonly unknown[] }): void {
  (child.stdio[LIFE_LINE] as Duplex | null | undefined)?.destroy();
}

const running = new Set<Promise<unknown>>();

/** Keeps a promise that settles when a program has ended, for `allEnded`. */
export function whileRunning<T>(end: Promise<T>): Promise<T> {
  const told = end.then(
    () => {},
    () => {},
  );
  running.add(told);
  void told.then(() => running.delete(told));
  return end;
}

/** Resolves when every program that was started has ended. After an interrupt that takes the grace at most. */
export async function allEnded(): Promise<void> {
  while (running.size > 0) await Promise.all(running);
}

/** The error for a guarded program that could not be started; null when it was. */
export function startError(command: string, status: number | null, stderr: string): RespinError | null {
  if (status !== 126 && status !== 127) return null;
  const why = /^(?:\S*guard\.sh: .*|)setsid: (.*)/m.exec(stderr)?.[1];
  if (why === undefined) return null;
  if (/^not found/.test(why)) return toolMissing('setsid');
  return status === 127 || /No such file/.test(why) ? toolMissing(command) : cannotStart(command, why);
}

export function toolMissing(command: string): RespinError {
  return new RespinError({
    code: 'TOOL_MISSING',
    blame: 'machine',
    message: `${command} is not installed`,
    hint: 'run bin/setup, which installs what is missing, or respin doctor to see what that is',
  });
}

function cannotStart(command: string, why: string): RespinError {
  return new RespinError({
    code: 'TOOL_MISSING',
    blame: 'machine',
    message: `${command} cannot be started`,
    hint: 'may it be executed, and is it a program for this machine?',
    detail: why,
  });
}
