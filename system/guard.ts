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

/** Ends a guarded program: TERM to all of its session, KILL after a grace. */
export function endGuarded(child: { stdio: readonly unknown[] }): void {
  (child.stdio[LIFE_LINE] as Duplex | null | undefined)?.destroy();
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
