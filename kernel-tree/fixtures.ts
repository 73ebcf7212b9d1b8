// SPDX-License-Identifier: MIT
/** For tests: small made-up kernel trees, clones, tarballs, packages and patches. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RespinEvent, Steps } from '../core/events.ts';
import type { Patch, Series } from '../core/series.ts';
import { parseDiff } from '../patches/diff.ts';
import { asMboxEntry } from '../patches/mbox.ts';

/** A temporary folder with a cache of its own in it; `done` puts everything back. */
export async function room(): Promise<{ folder: string; done: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-tree-'));
  const { XDG_CACHE_HOME, XDG_STATE_HOME, PATH } = process.env;
  process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');
  process.env['XDG_STATE_HOME'] = path.join(folder, 'state');
  const back = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  const done = async (): Promise<void> => {
    back('XDG_CACHE_HOME', XDG_CACHE_HOME);
    back('XDG_STATE_HOME', XDG_STATE_HOME);
    back('PATH', PATH);
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, done };
}

/** Runs the steps to their end. */
export async function finish<T>(steps: Steps<T>): Promise<{ value: T; events: RespinEvent[] }> {
  const events: RespinEvent[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done) return { value: next.value, events };
    events.push(next.value);
  }
}

/** The error something throws; the test fails when it does not. */
export async function errorOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('it did not fail');
}

export function sh(cwd: string, command: string, ...args: string[]): string {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Ann Author',
    GIT_AUTHOR_EMAIL: 'ann@example.org',
    GIT_AUTHOR_DATE: '1700000000 +0100',
    GIT_COMMITTER_NAME: 'Ann Author',
    GIT_COMMITTER_EMAIL: 'ann@example.org',
    GIT_COMMITTER_DATE: '1700000000 +0100',
  };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export const LINES: readonly string[] = Array.from({ length: 60 }, (_, i) => `\tstatement_${i + 1}();`);

/** Files that look like a kernel tree from afar. */
export function writeKernel(folder: string): void {
  const put = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  put('Makefile', '# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 7\nEXTRAVERSION =\nNAME = Test\n');
  put('.gitignore', '*.o\n/*\n');
  put('net/vmw_vsock/af_vsock.c', `${LINES.join('\n')}\n`);
  put('net/vmw_vsock/Makefile', 'obj-y += af_vsock.o\n');
  put('include/linux/vsock.h', '#define VSOCK 1\n');
  put('scripts/run.sh', '#!/bin/sh\n');
  put('empty', '');
  put(`Documentation/${'long-name-'.repeat(12)}/${'x'.repeat(90)}.txt`, 'long\n');
  chmodSync(path.join(folder, 'scripts/run.sh'), 0o755);
  symlinkSync('../net/vmw_vsock', path.join(folder, 'scripts/link'));
}

/** A clone with the made-up kernel as its first commit. */
export function makeClone(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeKernel(folder);
  sh(folder, 'git', 'init', '-q', '-b', 'master', '.');
  sh(folder, 'git', 'add', '-f', '-A');
  sh(folder, 'git', 'commit', '-q', '-m', 'Linux 6.12.7');
  return folder;
}

/** Changes a file by whole text and commits; gives the commit. */
export function change(clone: string, file: string, text: string | null, subject: string): string {
  if (text === null) sh(clone, 'git', 'rm', '-q', file);
  else {
    mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
    writeFileSync(path.join(clone, file), text);
    sh(clone, 'git', 'add', '-f', file);
  }
  sh(clone, 'git', 'commit', '-q', '-m', subject);
  return sh(clone, 'git', 'rev-parse', 'HEAD').trim();
}

/** The commits of a range as a series, as mails of git format-patch. */
export function seriesOf(
  clone: string,
  range: string,
  edit: (mail: string) => string = (mail) => mail,
): Series {
  const commits = sh(clone, 'git', 'rev-list', '--reverse', range).trim().split('\n').filter(Boolean);
  const patches = commits.map((commit, i): Patch => {
    const args = ['format-patch', '--stdout', '--binary', '-1', commit];
    const mail = edit(sh(clone, 'git', ...args));
    return {
      index: i + 1,
      total: commits.length,
      subject: sh(clone, 'git', 'log', '-1', '--format=%s', commit).trim(),
      prefixes: [],
      author: { name: 'Ann Author', email: 'ann@example.org' },
      date: 'Tue, 14 Nov 2023 23:13:20 +0100',
      messageId: `<${i}@example.org>`,
      body: '',
      notes: '',
      files: parseDiff(mail.slice(mail.indexOf('\ndiff --git') + 1)),
      origin: `mail-${i + 1}`,
      mail: asMboxEntry(Buffer.from(mail.replace(/^From .*\n/, ''))),
    };
  });
  return {
    name: 'test-series',
    title: 'test',
    version: 'v1',
    source: clone,
    tree: null,
    baseCommit: null,
    cover: null,
    patches,
  };
}

/**
 * Every file below a folder with its hash, mode and time: what must not change. Times are
 * left out below objects/: git renews that of an object it would have written again.
 */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isSymbolicLink()) return `${file} link`;
      const { mode, mtimeMs } = statSync(file);
      const hash = entry.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'folder';
      const time = file.includes('/.git/objects/') ? '' : mtimeMs;
      return `${file} ${mode.toString(8)} ${time} ${hash}`;
    })
    .sort();
}

/** The made-up kernel as a tarball with a folder at its top. */
export function makeTarball(folder: string, name = 'linux-6.12.7.tar.xz', ...options: string[]): string {
  const top = path.join(folder, 'linux-6.12.7');
  mkdirSync(top, { recursive: true });
  if (!readdirSync(top).includes('Makefile')) writeKernel(top);
  const file = path.join(folder, name);
  sh(folder, 'tar', '--mtime=@1700000000', '--sort=name', ...options, '-caf', file, 'linux-6.12.7');
  return file;
}

/** Puts a program of this name first on PATH. */
export function fakeProgram(folder: string, name: string, script: string): void {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(bin, name), 0o755);
  if (!(process.env['PATH'] ?? '').startsWith(`${bin}:`))
    process.env['PATH'] = `${bin}:${process.env['PATH']}`;
}

/** A linux-source package, and an apt-get that serves it. Counts its calls in apt-calls. */
export function makePackage(folder: string): string {
  const root = path.join(folder, 'deb');
  mkdirSync(path.join(root, 'DEBIAN'), { recursive: true });
  mkdirSync(path.join(root, 'usr/src'), { recursive: true });
  const control = [
    'Package: linux-source-6.12',
    'Version: 6.12.7-1',
    'Architecture: all',
    'Maintainer: T <t@example.org>',
  ];
  writeFileSync(path.join(root, 'DEBIAN/control'), `${control.join('\n')}\nDescription: test\n`);
  const tarball = makeTarball(folder, 'linux-source-6.12.tar.xz');
  writeFileSync(path.join(root, 'usr/src/linux-source-6.12.tar.xz'), readFileSync(tarball));
  const deb = path.join(folder, 'linux-source-6.12_6.12.7-1_all.deb');
  sh(folder, 'dpkg-deb', '--root-owner-group', '-b', root, deb);
  fakeProgram(folder, 'apt-get', `echo "$@" >> ${folder}/apt-calls\ncp ${deb} .`);
  return deb;
}

export interface Child {
  /** Resolves when `condition` holds; throws when the child ends before. */
  until(condition: () => boolean): Promise<void>;
  /** SIGKILL, as an out-of-memory killer sends it. */
  kill(): void;
  ended: Promise<void>;
}

/** Runs TypeScript in a process of its own, with the environment of this moment. */
export function startProcess(code: string): Child {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    cwd: import.meta.dirname,
    env: { ...process.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended early: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { until, kill: () => void child.kill('SIGKILL'), ended };
}

/** `importTree` in a process of its own. */
export function startImport(source: string): Child {
  const module = path.join(import.meta.dirname, 'import-tree.ts');
  return startProcess(
    `const { importTree } = await import(${JSON.stringify(module)});
     for await (const _ of importTree(${JSON.stringify(source)}));`,
  );
}
