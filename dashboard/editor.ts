// SPDX-License-Identifier: MIT
/** The user's editor at a line of a file of the kernel tree one stands in. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RespinError } from '../core/errors.ts';
import { run } from '../system/exec.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** As git chooses it, less its own configuration (git's editor.c). */
export function editorCommand(env: Environment): string {
  return env['GIT_EDITOR'] ?? env['VISUAL'] ?? env['EDITOR'] ?? 'vi';
}

/**
 * Where the file is in the work tree at `cwd`. A name out of a patch is hostile: it is looked for below the top alone.
 * @throws RespinError NOT_IN_TREE (usage)
 */
export async function fileInTree(cwd: string, file: string): Promise<string> {
  const { exitCode, stdout } = await run('git', ['rev-parse', '--show-toplevel'], { cwd }).catch(() => ({
    exitCode: 1,
    stdout: '',
  }));
  const top = exitCode === 0 ? stdout.trim() : cwd;
  const full = path.resolve(top, file);
  const below = path.relative(top, full);
  if (below !== '' && !below.startsWith('..') && !path.isAbsolute(below) && existsSync(full)) return full;
  throw new RespinError({
    code: 'NOT_IN_TREE',
    blame: 'usage',
    message: `${file} is not in ${top}`,
    hint: 'start respin dash in a work tree of the kernel, or with -C TREE',
  });
}

/**
 * Waits until the editor is left. It has the terminal meanwhile.
 * @param stdin of this process, which must not read what is typed into the editor
 * @throws RespinError NO_EDITOR (usage)
 */
export async function editAt(
  file: string,
  line: number,
  { env, stdin }: { env: Environment; stdin: NodeJS.ReadStream },
): Promise<void> {
  const command = editorCommand(env);
  // When the last listener has gone, which takes a turn, pause() does end the reading.
  await setImmediate();
  stdin.pause();
  // Opened anew: of one that is shared, a child turns O_NONBLOCK off for its parent as well.
  const terminal = openSync('/dev/tty', 'r+');
  try {
    // +LINE is vi's way, and emacs's, nano's, joe's and mg's. The shell splits the variable, as for git.
    const words = ['-c', `${command} "$@"`, command, `+${line}`, file];
    const child = spawn('/bin/sh', words, { stdio: [terminal, terminal, terminal], env });
    const status = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(NOT_FOUND));
      child.once('exit', (code) => resolve(code));
    });
    if (status !== NOT_FOUND) return;
  } finally {
    closeSync(terminal);
  }
  throw new RespinError({
    code: 'NO_EDITOR',
    blame: 'usage',
    message: `there is no editor ${command}`,
    hint: 'set EDITOR',
  });
}

/** A shell's word for a program that is not there. */
const NOT_FOUND = 127;
