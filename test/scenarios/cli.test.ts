// SPDX-License-Identifier: MIT
/** bin/respin as a shell sees it: what goes to which stream, and the exit status. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const RESPIN = path.resolve(import.meta.dirname, '../../bin/respin');

let folder: string;
/** Shared, so that not every start compiles respin anew. */
let compiled: string;

beforeAll(async () => {
  compiled = await mkdtemp(path.join(tmpdir(), 'respin-compiled-'));
});

afterAll(async () => {
  await rm(compiled, { recursive: true });
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-cli-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

function start(args: string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(RESPIN, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      XDG_CACHE_HOME: path.join(folder, 'cache'),
      XDG_STATE_HOME: path.join(folder, 'state'),
      XDG_CONFIG_HOME: path.join(folder, 'config'),
      NODE_COMPILE_CACHE: compiled,
      RESPIN_QEMU: '',
      ...env,
    },
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}

const respin = (...args: string[]): Promise<Ended> => start(args).ended;

describe('help', () => {
  it('is a result: on stdout, status 0, without colour', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { status, stdout, stderr } = await respin(...args);
      expect(status).toBe(0);
      expect(stdout).toContain('usage: respin');
      expect(stdout).not.toContain('\x1b');
      expect(stderr).toBe('');
    }
  });

  it('without a command goes to stderr, status 2', async () => {
    expect(await respin()).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('usage: respin'),
    });
  });

  it('of a command shows its options', async () => {
    expect(await respin('apply', '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--tree SOURCE'),
    });
    expect((await respin('help', 'config')).stdout).toBe((await respin('config', '-h')).stdout);
  });

  it('of a verb is of that verb alone, however it is asked for', async () => {
    const { status, stdout } = await respin('review', 'resolve', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('usage: respin review resolve ID… --as STATE [--why TEXT] [--series NAME]\n');
    expect(stdout).not.toContain('--draft');
    for (const args of [
      ['help', 'review', 'resolve'],
      ['review', '-h', 'resolve', 'c12'],
    ]) {
      expect((await respin(...args)).stdout).toBe(stdout);
    }
    expect(await respin('help', 'review', 'reslove')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean respin review resolve?'),
    });
  });

  it('the version is one line', async () => {
    const { status, stdout } = await respin('--version');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^respin \d+\.\d+\.\d+ \(Node\.js \d+\.\S+\)\n$/);
  });
});

describe('wrong words', () => {
  it.each<[string[], string, string]>([
    [['docotr'], "error[UNKNOWN_COMMAND]: there is no command 'docotr'", 'hint: did you mean doctor?'],
    [
      ['config', 'shwo'],
      "error[UNKNOWN_COMMAND]: there is no command 'respin config shwo'",
      'respin config show?',
    ],
    [
      ['config', 'show', '--orgin'],
      'error[UNKNOWN_OPTION]: unknown option --orgin',
      'hint: did you mean --origin?',
    ],
    [['--nope', 'config'], 'error[UNKNOWN_OPTION]: unknown option --nope', 'hint: '],
    [['-C', 'nowhere', 'config', 'show'], 'error[NO_SUCH_FOLDER]: -C: ', 'nowhere'],
    [['series', 'show', 'no-such-series'], 'error[SERIES_UNKNOWN]: ', 'hint: '],
    [['config', 'show', '--json', '--ndjson'], 'error[BAD_OPTION]: ', 'hint: '],
  ])('respin %j exits 2 and says so on stderr', async (args, message, hint) => {
    const { status, stderr } = await respin(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('a control byte in them is escaped', async () => {
    expect((await respin('do\x1b[2Jc')).stderr).toContain('do\\x1b[2Jc');
  });

  it('the stack comes with --debug', async () => {
    expect((await respin('series', 'show', 'nix', '--debug')).stderr).toMatch(/^\s+at /m);
  });

  it('a bad respin.toml is named with its key', async () => {
    await writeFile(path.join(folder, 'respin.toml'), 'jobs = "many"\n');
    const { status, stderr } = await respin('config', 'show');
    expect(status).toBe(2);
    expect(stderr).toContain(`${path.join(folder, 'respin.toml')}: jobs cannot be "many"`);
  });
});

describe('--json', () => {
  it.each([
    [['config', 'show']],
    [['series', 'list']],
    [['tree', 'list']],
    [['series', 'show', 'vsock-rx-buffers']],
    [['doctor']],
    [['version']],
  ])('respin %j prints one document and nothing else', async (args) => {
    const { status, stdout, stderr } = await respin(...args, '--json');
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stdout).not.toContain('\x1b');
    expect(stderr).toBe('');
    expect([0, 3]).toContain(status);
  });

  it('an error is a document, too', async () => {
    const { status, stdout, stderr } = await respin('series', 'show', 'nix', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'SERIES_UNKNOWN' } });
    expect(stderr).toContain('error[SERIES_UNKNOWN]');
  });
});

it('compiled code is kept in the cache folder, and nowhere else', async () => {
  const env = { NODE_COMPILE_CACHE: undefined };
  expect(await start(['--version'], env).ended).toMatchObject({ status: 0 });
  expect(await readdir(path.join(folder, 'cache/respin'))).toEqual(['compile']);
  expect(await readdir(folder)).toEqual(['cache']);
});

it('settings tell where they come from', async () => {
  await writeFile(path.join(folder, 'respin.toml'), 'keep-runs = 7\n');
  await mkdir(path.join(folder, 'below'));
  const { stdout } = await start(['-C', 'below', 'config', 'show', '--origin'], { RESPIN_JOBS: '3' }).ended;
  expect(stdout).toMatch(/^jobs +3 +environment RESPIN_JOBS$/m);
  expect(stdout).toMatch(new RegExp(`^keep-runs +7 +${path.join(folder, 'respin.toml')}$`, 'm'));
  expect(stdout).toMatch(/^mode +auto +default$/m);
});

describe('a tree', () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', path.join(folder, 'linux'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
    });

  beforeEach(async () => {
    await mkdir(path.join(folder, 'linux'));
    await writeFile(
      path.join(folder, 'linux/Makefile'),
      'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 3\nEXTRAVERSION =\n',
    );
    git('init', '-q', '-b', 'main');
    git('add', '-A', '-f');
    git('-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-q', '-m', 'a kernel');
  });

  it('is added, listed, shown and removed; the clone it came from stays as it was', async () => {
    const before = `${git('for-each-ref')}${git('status', '--porcelain=v2', '--branch')}`;
    const added = await respin('tree', 'add', 'git:linux#main', '--json');
    expect(added, added.stderr).toMatchObject({ status: 0 });
    const tree = JSON.parse(added.stdout) as { source: string; commit: string };
    expect(tree).toEqual({
      ...tree,
      source: `git:${folder}/linux#main`,
      commit: git('rev-parse', 'main').trim(),
    });

    expect((await respin('tree', 'list')).stdout).toContain(tree.commit.slice(0, 12));
    expect((await respin('tree', 'show', tree.commit.slice(0, 8))).stdout).toContain(tree.source);
    expect(`${git('for-each-ref')}${git('status', '--porcelain=v2', '--branch')}`).toBe(before);

    expect(await respin('tree', 'remove', 'git:linux#main')).toMatchObject({ status: 0 });
    expect(await respin('tree', 'show', tree.source)).toMatchObject({ status: 2 });
  });

  it('that is added with --ndjson gives events, one a line, and nothing else', async () => {
    const { status, stdout } = await respin('tree', 'add', 'git:linux#main', '--ndjson');
    expect(status).toBe(0);
    const events = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { at: number; type: string });
    for (const event of events)
      expect(event).toMatchObject({ at: expect.any(Number), type: expect.any(String) });
  });

  it('prints nothing on stderr with -q', async () => {
    expect(await respin('-q', 'tree', 'add', 'git:linux#main')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('doctor', () => {
  it('agrees with its exit status', async () => {
    const { status, stdout } = await respin('doctor', '--json');
    const report = JSON.parse(stdout) as { possible: boolean; facts: unknown[] };
    expect(status).toBe(report.possible ? 0 : 3);
    expect(report.facts.length).toBeGreaterThan(15);
  });

  it('exits 3 and names what is missing', async () => {
    const { status, stdout } = await start(['doctor'], { RESPIN_QEMU: path.join(folder, 'no-qemu') }).ended;
    expect(status).toBe(3);
    expect(stdout).toMatch(/^missing +qemu/m);
    expect(stdout).toMatch(/A run is not possible without:.*qemu/);
  });
});

/** A program that says it has started, and goes on until it is told to stop. */
async function patientTool(
  onTerm: string,
): Promise<{ env: NodeJS.ProcessEnv; pidFile: string; termFile: string }> {
  const bin = path.join(folder, 'bin');
  const pidFile = path.join(folder, 'pid');
  const termFile = path.join(folder, 'term');
  await mkdir(bin);
  const wait = 'while :; do sleep 1000 & wait $!; done';
  await writeFile(
    path.join(bin, 'gcc'),
    `#!/bin/sh\ntrap 'kill $! 2>/dev/null; echo x >${termFile}; ${onTerm}' TERM\necho $$ >${pidFile}.new\nmv ${pidFile}.new ${pidFile}\n${wait}\n`,
  );
  await chmod(path.join(bin, 'gcc'), 0o755);
  return { env: { PATH: `${bin}:${process.env['PATH']}` }, pidFile, termFile };
}

const there = (file: string): Promise<string> =>
  vi.waitFor(async () => await readFile(file, 'utf8'), { timeout: 60_000, interval: 20 });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends what was started, status 130',
    async (signal) => {
      const { env, pidFile } = await patientTool('exit 0');
      const { child, ended } = start(['doctor'], env);
      const pid = Number(await there(pidFile));
      child.kill(signal);
      expect(await ended).toMatchObject({ status: 130, stdout: '', stderr: 'interrupted\n' });
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000 });
    },
  );

  it('a second ^C does not wait for a program that will not stop', async () => {
    const { env, pidFile, termFile } = await patientTool(':');
    const { child, ended } = start(['doctor'], env);
    const pid = Number(await there(pidFile));
    try {
      child.kill('SIGINT');
      await there(termFile);
      child.kill('SIGINT');
      // Its own exit: the program still holds the other end of no pipe of ours but its output.
      const status = await new Promise((resolve) => child.once('exit', resolve));
      expect(status).toBe(130);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
    await ended;
  });
});

it('an error is the last line of --ndjson', async () => {
  const { status, stdout } = await start(['apply', 'no-such-series', '--ndjson']).ended;
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ type: 'error', error: { code: 'SERIES_UNKNOWN' } });
});

it('a slow reader of a pipe gets all of it', async () => {
  // A shell reads byte by byte; the document is longer than the 64 KiB a pipe holds.
  const script =
    '"$0" series show vsock-rx-buffers --json | while IFS= read -r line; do printf "%s\\n" "$line"; done';
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const stdout = execFileSync('sh', ['-c', script, RESPIN], { cwd: folder, env, encoding: 'utf8' });
  expect(stdout.length).toBeGreaterThan(2 ** 16);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'vsock-rx-buffers' });
});

describe('a reader that goes away', () => {
  it('is no error', async () => {
    for (const args of [['config', '--help'], ['series', 'list'], ['doctor']]) {
      const { child, ended } = start(args);
      child.stdout?.destroy();
      const { status, signal, stderr } = await ended;
      expect(stderr).toBe('');
      expect(signal).toBeNull();
      expect([0, 3, 130]).toContain(status);
    }
  });
});

describe('check', () => {
  it('takes the state of net-next from respin.toml, and from the command line before that', async () => {
    const check = (...args: string[]): Promise<Ended> =>
      respin('check', 'vsock-rx-buffers', '--only', 'net-next-closed', ...args);
    await writeFile(path.join(folder, 'respin.toml'), 'net-next = "closed.html"\n');
    await writeFile(path.join(folder, 'closed.html'), '<title>net-next is CLOSED</title>\n');
    const closed = await check();
    expect(closed.status).toBe(1);
    expect(closed.stdout).toContain('net-next is closed');
    expect((await check('--net-next', 'open')).status).toBe(0);
    const wrong = await check('--net-next', '2026-12-20..2026-12-07');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('error[BAD_SETTING]: --net-next');
  });
});
