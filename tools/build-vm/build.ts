// SPDX-License-Identifier: MIT
/** Kernel and programs of one tree, from the cache where they are there already. */
import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RespinEvent, Steps } from '../../core/events.ts';
import { follow } from '../../core/follow.ts';
import { inStage } from '../../core/stage.ts';
import type { AppliedSeries, Tree } from '../../core/tree.ts';

import { acquireSlot } from '../../kernel-tree/slot.ts';

import { runOk } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { makeWhole } from '../../system/whole.ts';
import { type Profile, readFragments } from './fragments.ts';
import { GCOV_RECIPE, type GcovFiles, gcovFiles, keepGcovFiles } from './gcov-objects.ts';
import { buildKernel } from './kernel.ts';
import { type BuildPlace, RECIPE } from './make-kernel.ts';
import { buildPrograms } from './programs.ts';

export interface Build {
  /** What it was made from, hashed: equal keys are equal builds. */
  key: string;
  /** In the cache; never written again once it is there. */
  folder: string;
  bzImage: string;
  vmlinux: string;
  systemMap: string;
  config: string;
  /** Holds the tree's own decode_stacktrace.sh and decodecode. */
  scripts: string;
  release: string;
  compiler: string;
  /** sha256 of the `.config`. */
  configHash: string;
  profile: Profile;
  /** Seconds compiled into the programs, and the tree's own. */
  stepTimeout: number;
  ownTimeout: number;
  /** Name → static binary. */
  programs: Record<string, string>;
  missing: { program: string; why: string }[];
  /** What gcov needs to read its counters; null for a kernel that does not count. */
  gcov: GcovFiles | null;
}

/** The part of kernel-tree's slot that a build needs. */
export type BuildSlot = BuildPlace & AsyncDisposable;

export type AcquireSlot = (
  tree: Tree,
  commit: string,
  options: { profile: string; signal?: AbortSignal },
) => Steps<BuildSlot>;

export interface BuildOptions {
  profile: Profile;
  /** Seconds a step of a program may take; the tree's own is 10. */
  stepTimeout: number;
  /** Compilers at a time. */
  jobs?: number;
  /** false: no ccache even where it is installed. */
  ccache?: boolean;
  /**
   * Sources whose objects are to count what runs (gcov), relative to the tree. Such a kernel has a build
   * folder of its own beside the ordinary one, which stays as it is.
   */
  gcov?: readonly string[];
  signal?: AbortSignal;
  /** Where source and build folders come from; for tests. */
  slots?: AcquireSlot;
  /** Where the fragments are, when not in kernel-tree/config. */
  fragmentFolder?: string;
}

/** What build.json keeps; paths are relative to its folder. */
interface BuildFile {
  release: string;
  compiler: string;
  configHash: string;
  profile: Profile;
  stepTimeout: number;
  ownTimeout: number;
  programs: string[];
  missing: { program: string; why: string }[];
  /** The profiled sources that were built. */
  gcov?: string[];
  /** The commit it was first built for; another commit of the same tree shares it. */
  commit: string;
  ms: number;
}

const SCRIPTS = ['decode_stacktrace.sh', 'decodecode'];

/**
 * Builds kernel and programs of the applied series, or finds them in the cache: the second
 * call takes no slot and starts no make.
 * @throws RespinError what `buildKernel` and `buildPrograms` throw
 */
export async function* build(applied: AppliedSeries, options: BuildOptions): Steps<Build> {
  const counting = options.gcov === undefined ? '' : ', gcov';
  const title = `build ${applied.variant} kernel and programs (${options.profile}${counting})`;
  const work = async (emit: (event: RespinEvent) => void) => await buildOnce(applied, options, emit);
  const { build: made } = yield* inStage('build', title, work, (done) => ({
    outcome: done.made ? 'done' : 'cached',
    detail: done.build.release,
  }));
  return made;
}

async function buildOnce(
  applied: AppliedSeries,
  options: BuildOptions,
  emit: (event: RespinEvent) => void,
): Promise<{ build: Build; made: boolean }> {
  const key = await buildKey(applied, options);
  const folder = cachePath('builds', key);
  const kept = await readBuild(key, folder);
  if (kept !== null) return { build: kept, made: false };
  const onWait = (holder: string): void =>
    emit({
      type: 'note',
      level: 'info',
      text: `the same kernel is being built by ${holder}: waiting for it`,
    });
  const how = await makeWhole(folder, async (half) => await makeBuild(applied, options, half, emit), {
    onWait,
    // A folder without a readable build.json was damaged by someone: it is made again.
    isWhole: async () => (await readBuild(key, folder)) !== null,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const made = await readBuild(key, folder);
  if (made === null) throw new Error(`${folder} has no readable build.json`);
  return { build: made, made: how === 'made' };
}

/** sha256 over all that a build is made from. */
export async function buildKey(
  applied: AppliedSeries,
  options: Pick<BuildOptions, 'profile' | 'stepTimeout' | 'fragmentFolder' | 'gcov'>,
): Promise<string> {
  const { gcov } = options;
  const [fragments, compiler, linker] = await Promise.all([
    readFragments(options.profile, options.fragmentFolder, gcov === undefined ? [] : ['gcov']),
    versionOf('gcc'),
    versionOf('ld'),
  ]);
  // Without it vsock_uring_test is missing; installing it must not find the old build.
  const liburing = existsSync('/usr/include/liburing.h');
  const parts = {
    recipe: RECIPE,
    tree: applied.treeHash,
    config: fragments.text,
    compiler,
    linker,
    liburing,
    ...(gcov === undefined ? {} : { gcov: [GCOV_RECIPE, ...gcov].sort() }),
  };
  const all = JSON.stringify({ ...parts, stepTimeout: options.stepTimeout });
  return createHash('sha256').update(all).digest('hex').slice(0, 32);
}

async function versionOf(tool: string): Promise<string> {
  return (await runOk(tool, ['--version'])).stdout.split('\n')[0] ?? '';
}

async function makeBuild(
  applied: AppliedSeries,
  options: BuildOptions,
  half: string,
  emit: (event: RespinEvent) => void,
): Promise<void> {
  const started = performance.now();
  const { profile, stepTimeout } = options;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const fragments = options.fragmentFolder === undefined ? {} : { fragmentFolder: options.fragmentFolder };
  const slots: AcquireSlot = options.slots ?? acquireSlot;
  const room = options.gcov === undefined ? profile : `${profile}-gcov`;
  await using slot = await follow(slots(applied.tree, applied.commit, { profile: room, ...signal }), emit);
  const place: BuildPlace = {
    sourceDir: slot.sourceDir,
    buildDir: slot.buildDir,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    ...(options.ccache === undefined ? {} : { ccache: options.ccache }),
    ...(options.gcov === undefined ? {} : { gcov: options.gcov }),
  };
  const kernel = await follow(buildKernel(applied, place, { profile, ...signal, ...fragments }), emit);
  const programs = await follow(buildPrograms(applied, place, { stepTimeout, ...signal }), emit);
  const into = async (from: string, ...to: string[]): Promise<void> =>
    await copyFile(from, path.join(half, ...to), constants.COPYFILE_FICLONE);
  await Promise.all([mkdir(path.join(half, 'programs')), mkdir(path.join(half, 'scripts'))]);
  await into(kernel.bzImage, 'bzImage');
  await into(kernel.vmlinux, 'vmlinux');
  await into(kernel.systemMap, 'System.map');
  await into(kernel.config, 'config');
  for (const [name, file] of Object.entries(programs.built)) await into(file, 'programs', name);
  for (const name of SCRIPTS) {
    const script = path.join(slot.sourceDir, 'scripts', name);
    if (existsSync(script)) await into(script, 'scripts', name);
  }
  const gcov =
    options.gcov === undefined
      ? null
      : await keepGcovFiles(applied, place, path.join(half, 'gcov'), options.signal);
  const file: BuildFile = {
    release: kernel.release,
    compiler: kernel.compiler,
    configHash: kernel.configHash,
    profile,
    stepTimeout: programs.stepTimeout,
    ownTimeout: programs.ownTimeout,
    programs: Object.keys(programs.built),
    missing: programs.missing,
    ...(gcov === null ? {} : { gcov }),
    commit: applied.commit,
    ms: Math.round(performance.now() - started),
  };
  await writeFile(path.join(half, 'build.json'), `${JSON.stringify(file, null, 2)}\n`);
}

async function readBuild(key: string, folder: string): Promise<Build | null> {
  let file: BuildFile;
  try {
    file = JSON.parse(await readFile(path.join(folder, 'build.json'), 'utf8')) as BuildFile;
  } catch {
    return null;
  }
  const { release, compiler, configHash, profile, stepTimeout, ownTimeout, missing } = file;
  return {
    ...{ key, folder, release, compiler, configHash, profile, stepTimeout, ownTimeout, missing },
    bzImage: path.join(folder, 'bzImage'),
    vmlinux: path.join(folder, 'vmlinux'),
    systemMap: path.join(folder, 'System.map'),
    config: path.join(folder, 'config'),
    scripts: path.join(folder, 'scripts'),
    gcov: file.gcov === undefined ? null : gcovFiles(path.join(folder, 'gcov'), file.gcov),
    programs: Object.fromEntries(file.programs.map((name) => [name, path.join(folder, 'programs', name)])),
  };
}
