// SPDX-License-Identifier: MIT
/** For the scenarios: bin/respin as a user starts it, in a home of its own, and what it left behind. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { projectRoot } from '../../system/paths.ts';
import { fakeQemu } from '../../tools/boot-vm/fake-qemu.ts';

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

export interface World extends AsyncDisposable {
  folder: string;
  cache: string;
  state: string;
  env: NodeJS.ProcessEnv;
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Started;
  respin(...args: string[]): Promise<Ended>;
}

/** Code compiled by one start serves the next; it is not part of any world. */
const COMPILED = path.join(tmpdir(), `respin-scenarios-compiled-${process.getuid?.() ?? 0}`);

/** @param place where its folder is made; by default the temporary folder */
export async function makeWorld(place: string = tmpdir()): Promise<World> {
  const folder = await mkdtemp(path.join(place, 'respin-world-'));
  const [cache, state] = [path.join(folder, 'cache'), path.join(folder, 'state')];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // Its machines are none, and know the programs of the tree alone.
    RESPIN_PROBES: 'false',
    HOME: folder,
    XDG_CACHE_HOME: cache,
    XDG_STATE_HOME: state,
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    NODE_COMPILE_CACHE: COMPILED,
    RESPIN_NO_CCACHE: '1',
    RESPIN_QEMU: fakeQemu(folder, 'good'),
    NO_COLOR: undefined,
  };
  const start: World['start'] = (args, more = {}) => {
    const child = spawn(path.join(projectRoot, 'bin/respin'), args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, ...more },
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, stdout, stderr }));
    });
    return { child, ended };
  };
  return {
    ...{ folder, cache, state, env, start },
    respin: async (...args) => await start(args).ended,
    [Symbol.asyncDispose]: async () => {
      await noProcessLeft(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Blamed {
  code: string;
  exit: 1 | 2 | 3 | 130;
  message?: RegExp | string;
  hint?: RegExp | string;
  detail?: RegExp | string;
}

/** The error as a person sees it, then as a script does; nothing else on stdout. */
export async function expectError(world: World, args: readonly string[], blamed: Blamed): Promise<string> {
  const plain = await world.start(args).ended;
  expect(plain.status, plain.stderr).toBe(blamed.exit);
  expect(plain.stdout).toBe('');
  expect(plain.stderr).toContain(`error[${blamed.code}]: `);
  expect(plain.stderr).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  expect(plain.stderr).not.toMatch(/^\s+at .*\.ts:\d+/m);

  const json = await world.start([...args, '--json']).ended;
  expect(json.status).toBe(blamed.exit);
  const { error } = JSON.parse(json.stdout) as {
    error: { code: string; message: string; hint: string | null; detail: string | null };
  };
  expect(error.code).toBe(blamed.code);
  if (blamed.message !== undefined) expect(error.message).toMatch(blamed.message);
  if (blamed.hint !== undefined) expect(error.hint ?? '').toMatch(blamed.hint);
  if (blamed.detail !== undefined) expect(error.detail ?? '').toMatch(blamed.detail);
  expect(error.hint ?? error.detail, 'neither hint nor detail').toBeTruthy();
  nothingHalfMade(world);
  await noProcessLeft(world.folder);
  return plain.stderr;
}

/** No half-made thing, no work tree of a failed apply. */
export function nothingHalfMade(world: World): void {
  const names = [world.cache, world.state]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      // Not below what git owns and what is checked out.
      walk(folder, (name) => !/^(?:repo\.git|source)$/.test(name)),
    );
  expect(names.filter((name) => /\.half-|\.gone-/.test(name))).toEqual([]);
  expect(names.filter((name) => /\/apply\/[^/]+$/.test(name) && !name.endsWith('.lock'))).toEqual([]);
}

function walk(folder: string, into: (name: string) => boolean): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() && into(entry.name) ? [file, ...walk(file, into)] : [file];
  });
}

/** Everything that was started with the world's folder in its environment or command line. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return line !== '' && (line.includes(folder) || environment.includes(folder))
          ? [`${pid} ${line}`]
          : [];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** What a killed respin started ends within the guard's grace. */
export async function noProcessLeft(folder: string): Promise<void> {
  await vi.waitFor(() => expect(processesOf(folder)).toEqual([]), { timeout: 60_000, interval: 50 });
}

export function sh(cwd: string, command: string, ...args: string[]): string {
  const who = { NAME: 'Ann Author', EMAIL: 'ann@example.org', DATE: '1700000000 +0100' };
  const env = Object.fromEntries(
    Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  );
  return execFileSync(command, args, {
    cwd,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface FakeTree {
  folder: string;
  /** As `--tree` takes it. */
  source: string;
  base: string;
  /** Edits files and commits. `edit` null removes the file. */
  commit(subject: string, edits: Record<string, ((text: string) => string) | null>): string;
  /** Writes the commits since `from` as mails into a folder below the world's; gives their paths. */
  mails(name: string, from?: string, ...options: string[]): string[];
  /** Back to the base. */
  reset(): void;
}

/** A clone of a kernel small enough to be built in a second: see test/fixtures/fake-kernel. */
export function fakeTree(world: World, name = 'linux'): FakeTree {
  const folder = path.join(world.folder, name);
  cpSync(path.join(projectRoot, 'test/fixtures/fake-kernel'), folder, { recursive: true });
  const makefile = path.join(folder, 'Makefile');
  const version = 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 7\nEXTRAVERSION =\n';
  writeFileSync(makefile, `${version}${readFileSync(makefile, 'utf8')}`);
  writeFileSync(path.join(folder, 'Kconfig'), everySymbol());
  writeFileSync(
    path.join(folder, 'net/long.c'),
    Array.from({ length: 60 }, (_, i) => `int statement_${i + 1};\n`).join(''),
  );
  sh(folder, 'git', 'init', '-q', '-b', 'master');
  sh(folder, 'git', 'add', '-f', '-A');
  sh(folder, 'git', 'commit', '-q', '-m', 'base');
  const base = sh(folder, 'git', 'rev-parse', 'HEAD').trim();
  return {
    ...{ folder, base, source: `git:${folder}#${base}` },
    commit: (subject, edits) => {
      for (const [file, edit] of Object.entries(edits)) {
        const whole = path.join(folder, file);
        if (edit === null) {
          sh(folder, 'git', 'rm', '-q', '-f', file);
          continue;
        }
        mkdirSync(path.dirname(whole), { recursive: true });
        writeFileSync(whole, edit(existsSync(whole) ? readFileSync(whole, 'utf8') : ''));
        sh(folder, 'git', 'add', '-f', file);
      }
      sh(folder, 'git', 'commit', '-q', '-m', subject);
      return sh(folder, 'git', 'rev-parse', 'HEAD').trim();
    },
    mails: (into, from = base, ...options) => {
      const target = path.join(world.folder, into);
      const range = `${from}..HEAD`;
      return sh(folder, 'git', 'format-patch', '-q', '-o', target, ...options, range) === ''
        ? readdirSync(target)
            .sort()
            .map((file) => path.join(target, file))
        : [];
    },
    reset: () => void sh(folder, 'git', 'reset', '-q', '--hard', base),
  };
}

/** Every symbol the fragments ask for, without a dependency. */
function everySymbol(): string {
  const folder = path.join(projectRoot, 'kernel-tree/config');
  const names = readdirSync(folder).flatMap((file) =>
    [...readFileSync(path.join(folder, file), 'utf8').matchAll(/^(?:# )?CONFIG_(\w+)[= ]/gm)].map(
      (match) => match[1] ?? '',
    ),
  );
  return [...new Set(names)].map((name) => `config ${name}\n\tbool "${name}"\n`).join('\n');
}

/** Changes a mail in place. */
export function edit(file: string, change: (text: string) => string): void {
  const [before, after] = [readFileSync(file, 'latin1'), change(readFileSync(file, 'latin1'))];
  if (after === before) throw new Error(`${file} was not changed`);
  writeFileSync(file, after, 'latin1');
}

/** Puts a program first on the world's PATH. */
export function fakeProgram(world: World, name: string, script: string): void {
  const bin = path.join(world.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(bin, name), 0o755);
  if (!(world.env['PATH'] ?? '').startsWith(`${bin}:`)) world.env['PATH'] = `${bin}:${world.env['PATH']}`;
}

/** A PATH with all this machine's programs except these. */
export function pathWithout(world: World, ...names: string[]): string {
  const bin = path.join(world.folder, `without-${names.join('-')}`);
  mkdirSync(bin);
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const link = path.join(bin, name);
      if (!names.includes(name) && !existsSync(link)) {
        try {
          symlinkSync(path.join(folder, name), link);
        } catch {
          // A dangling link of the same name.
        }
      }
    }
  }
  return bin;
}

/** QEMU's firmware, as far as images need it: it is only copied, and the fake QEMU reads none. */
export function fakeFirmware(world: World): void {
  const firmware = path.join(world.folder, 'firmware');
  mkdirSync(firmware);
  for (const name of ['bios-256k.bin', 'kvmvapic.bin', 'linuxboot_dma.bin']) {
    writeFileSync(path.join(firmware, name), name);
  }
  world.env['FAKE_QEMU_DATA'] = firmware;
}
