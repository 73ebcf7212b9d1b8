// SPDX-License-Identifier: MIT
/** docs/tutorial.md, command by command: what it shows is what is printed. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { shellWord } from '../../../core/shell-word.ts';
import { consoleCommands, mismatch } from '../../tutorial/console-blocks.ts';
import { environment, leftBehind, newPlace, ROOT } from '../kernels/respin.ts';

const place = newPlace();
const scratch = mkdtempSync(path.join(tmpdir(), 'respin-tutorial-'));
cpSync(path.join(ROOT, 'patches'), path.join(scratch, 'patches'), { recursive: true });

afterAll(() => {
  for (const folder of [place.state, scratch]) rmSync(folder, { recursive: true, force: true });
});

const env: NodeJS.ProcessEnv = {
  ...environment(place),
  ...{
    PATH: `${path.join(ROOT, 'bin')}:${process.env['PATH']}`,
    RESPIN_PATCHES: path.join(scratch, 'patches'),
  },
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_COUNT: '2', NO_COLOR: '1', LC_ALL: 'C.UTF-8' },
  ...{ TERM: 'xterm', RESPIN_PAGER: 'cat' },
  ...{ GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Maya Lind' },
  ...{ GIT_CONFIG_KEY_1: 'user.email', GIT_CONFIG_VALUE_1: 'maya@example.org' },
};
// It is the page that says whether the probes run.
delete env['RESPIN_PROBES'];

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** What stands on a terminal of 80 columns, as readers have one; progress goes elsewhere. */
async function shell(command: string): Promise<Ended> {
  const told = `stty cols 80 rows 50; { ${command}\n} 2>stderr`;
  const words = ['--quiet', '--return', '--command', `bash -c ${shellWord(told)}`, '/dev/null'];
  const child = spawn('script', words, { cwd: scratch, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      read[name] += text;
    });
  }
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const stderr = `${read.stderr}${readFileSync(path.join(scratch, 'stderr'), 'utf8')}`;
  return { status, stdout: read.stdout.replaceAll('\r\n', '\n'), stderr };
}

it.each(consoleCommands(readFileSync(path.join(ROOT, 'docs/tutorial.md'), 'utf8')))(
  'line $line: $command',
  async ({ command, status, output }) => {
    const ended = await shell(command);
    expect(ended.status, `${ended.stdout}${ended.stderr}`).toBe(status);
    if (output !== null) expect(mismatch(output, ended.stdout), ended.stdout).toBe(null);
  },
);

it('leaves nothing behind', () => {
  expect(leftBehind(place)).toEqual([]);
});
