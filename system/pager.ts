// SPDX-License-Identifier: MIT
/** Long text through the user's pager, chosen and started as git does it (git's pager.c). */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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
  });
  const end = (): void => endTree(child.pid);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  try {
    return await new Promise((resolve) => {
      child.once('error', () => resolve(false));
      // 127: a shell's word for a program that is not there.
      child.once('exit', (status) => resolve(status !== 127));
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** A shell that is ended leaves what it started; it is stopped first, so that it starts nothing meanwhile. */
function endTree(pid: number | undefined): void {
  if (pid === undefined) return;
  send(pid, 'SIGSTOP');
  for (const child of childrenOf(pid)) endTree(child);
  send(pid, 'SIGTERM');
  send(pid, 'SIGCONT');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number);
}

/** The fourth field of proc(5)'s stat, behind a name in brackets that may hold anything. */
function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
