// SPDX-License-Identifier: MIT
/** Long output on a terminal: through the pager, as with git. The terminal is made by util-linux's script. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '../../system/paths.ts';
import { fakeProgram, makeWorld, type World } from './world.ts';

const RESPIN = path.join(projectRoot, 'bin/respin');
const noScript = spawnSync('script', ['--version']).status !== 0;

interface Terminal {
  child: ChildProcess;
  /** What the terminal showed, with lines as they were written; `status N` is the last one. */
  ended: Promise<string>;
  type(keys: string): void;
}

describe.skipIf(noScript)('on a terminal (skipped without the program script)', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
    fakeProgram(world, 'pager', 'echo "LESS=$LESS"; sed "s/^/| /"');
    // It goes on for a while, so that respin is the one to meet the closed pipe.
    fakeProgram(world, 'impatient', 'head -n 1; exec <&-; sleep 0.5');
  });
  afterAll(async () => await world[Symbol.asyncDispose]());

  function onTerminal(words: string, env: NodeJS.ProcessEnv = {}, rows = 5): Terminal {
    // The shell outlives a ^C, as an interactive one does; dash would end at once.
    const line = `trap : INT; stty rows ${rows} cols 80; '${RESPIN}' ${words}; echo status $?`;
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: world.folder,
      env: {
        ...world.env,
        SHELL: '/bin/sh',
        TERM: 'xterm',
        ...without('RESPIN_PAGER', 'GIT_PAGER', 'PAGER', 'LESS'),
        ...env,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const ended = new Promise<string>((resolve) => {
      child.once('close', () => resolve(shown.replaceAll('\r\n', '\n')));
    });
    return { child, ended, type: (keys) => void child.stdin.write(keys) };
  }

  const without = (...names: string[]): NodeJS.ProcessEnv =>
    Object.fromEntries(names.map((name) => [name, undefined]));
  const shown = async (words: string, env?: NodeJS.ProcessEnv, rows?: number): Promise<string> =>
    await onTerminal(words, env, rows).ended;

  it('what is longer than the screen goes through the pager, with what less needs', async () => {
    const text = await shown('config show', { PAGER: 'pager' });
    expect(text).toMatch(/^LESS=FRX\n\| setting +value\n/);
    expect(text).toMatch(/\nstatus 0\n$/);
    expect(
      await shown('config show', { RESPIN_PAGER: 'pager | tr a-z A-Z', PAGER: 'cat', LESS: 'S' }),
    ).toMatch(/^LESS=S\n\| SETTING +VALUE\n/);
  });

  it.each<[string, string, NodeJS.ProcessEnv, number?]>([
    ['is short', 'config show', { PAGER: 'pager' }, 40],
    ['is for a script', 'config show --json', { PAGER: 'pager' }],
    ['is piped', 'config show | cat', { PAGER: 'pager' }],
    ['is wanted plain', 'config show --no-pager', { PAGER: 'pager' }],
    ['is wanted plain by the environment', 'config show', { PAGER: 'pager', RESPIN_PAGER: '' }],
    ['has no pager', 'config show', { PAGER: 'no-such-pager' }],
    ['is on a terminal that can do nothing', 'config show', { PAGER: 'pager', TERM: 'dumb' }],
  ])('what %s does not', async (_, words, env, rows) => {
    const text = await shown(words, env, rows);
    expect(text).toMatch(/step-timeout/);
    expect(text).not.toMatch(/^\||LESS/m);
    expect(text).toMatch(/\nstatus 0\n$/);
  });

  it('a pager that is left early is no error', async () => {
    // More than a socket holds, so that the rest of it meets a closed one.
    const settings = path.join(world.folder, 'respin.toml');
    writeFileSync(settings, `tree = "git:/${'x'.repeat(2 ** 20)}#v1"\n`);
    try {
      expect(await shown('config show', { PAGER: 'impatient' })).toMatch(/^setting +value\nstatus 0\n$/);
    } finally {
      rmSync(settings);
    }
  });

  it('a ^C is for the pager', async () => {
    const [ready, go] = [path.join(world.folder, 'ready'), path.join(world.folder, 'go')];
    fakeProgram(
      world,
      'waiting',
      `trap 'echo x >>${ready}' INT; echo x >${ready}; while [ ! -e ${go} ]; do sleep 0.1; done; sed "s/^/| /"`,
    );
    const { ended, type } = onTerminal('config show', { RESPIN_PAGER: 'waiting' });
    for (let count = 1; count <= 3; count++) {
      await vi.waitFor(
        () => expect(existsSync(ready) && readFileSync(ready, 'utf8')).toBe('x\n'.repeat(count)),
        {
          timeout: 60_000,
        },
      );
      if (count < 3) type('\x03');
    }
    writeFileSync(go, '');
    expect(await ended).toMatch(/\| step-timeout .*\n(?:\| .*\n)*status 0\n$/);
  });
});
