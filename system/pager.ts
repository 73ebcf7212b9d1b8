// SPDX-License-Identifier: MIT
/** Long text through the user's pager, chosen and started as git does it (git's pager.c). */
import { spawn } from 'node:child_process';
import { displayWidth } from '../core/table.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The pager's command line: respin's own variable, git's, everybody's, or less; null where none is wanted. */
export function pagerCommand(env: Environment): string | null {
  const command = env['RESPIN_PAGER'] ?? env['GIT_PAGER'] ?? env['PAGER'] ?? 'less';
  return command.trim() === '' || command === 'cat' ? null : command;
}

/** Whether a terminal shows all of a text at once, with a line left for the prompt. */
export function fitsScreen(text: string, screen: { rows: number; columns: number }): boolean {
  let height = 0;
  for (const line of text.trimEnd().split('\n', screen.rows)) {
    height += Math.max(1, Math.ceil(displayWidth(line) / screen.columns));
  }
  return height < screen.rows;
}

/** As git decides whether a command line needs a shell. */
const FOR_SHELL = /[|&;<>()$`\\"' \t\n*?[#~=%]/;

/**
 * Feeds a text to a pager that has the terminal, and waits until it is left. One that is left
 * early has shown enough.
 * @param signal ends the pager
 * @returns false when there is no such program: nothing was shown
 */
export async function throughPager(
  text: string,
  command: string,
  { env, signal }: { env: Environment; signal: AbortSignal },
): Promise<boolean> {
  const [program, ...args] = FOR_SHELL.test(command) ? ['/bin/sh', '-c', command] : [command];
  // Not under the guard, whose sessions have no terminal: a pager reads its keys from there.
  const child = spawn(program ?? '', args, {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...env, LESS: env['LESS'] ?? 'FRX', LV: env['LV'] ?? '-c' },
    signal,
    killSignal: 'SIGTERM',
  });
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  return await new Promise((resolve) => {
    child.once('error', ({ name }) => name !== 'AbortError' && resolve(false));
    // 127: a shell's word for a program that is not there.
    child.once('exit', (status) => resolve(status !== 127));
  });
}
