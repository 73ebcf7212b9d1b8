// SPDX-License-Identifier: MIT
/** Builds a kernel from a source folder into a build folder. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { emitting } from '../../core/channel.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { fileAt } from '../../kernel-tree/git.ts';
import { putInSlot } from '../../kernel-tree/slot.ts';
import { run } from '../../system/exec.ts';
import { writeWhole } from '../../system/whole.ts';
import { changedFiles } from './base-tree.ts';
import { buildFailure } from './build-failure.ts';
import { failedTargets } from './compiler-errors.ts';
import { configure } from './config.ts';
import { type Profile, readFragments } from './fragments.ts';
import { type BuildPlace, makeKernel } from './make-kernel.ts';
import { ObjectCounter } from './object-counter.ts';
import { pasteable } from './pasteable.ts';

export interface Kernel {
  bzImage: string;
  vmlinux: string;
  systemMap: string;
  /** The `.config`. */
  config: string;
  /** `uname -r`: `6.12.117`. */
  release: string;
  /** The compiler as the `.config` names it: `gcc (Debian 12.2.0-14+deb12u1) 12.2.0`. */
  compiler: string;
  /** sha256 of the `.config`. */
  configHash: string;
  /** How many objects this call compiled. */
  objects: number;
  ms: number;
}

export interface KernelOptions {
  profile: Profile;
  signal?: AbortSignal;
  /** Where the fragments are, when not in kernel-tree/config. */
  fragmentFolder?: string;
}

/** Objects of a whole build, until a build of one's own tells better. */
const USUAL_OBJECTS: Record<Profile, number> = { fast: 1160, debug: 1190 };

/** `headers` gives the uapi headers of the patched tree, for the test programs. */
const TARGETS = ['vmlinux', 'bzImage', 'headers'];

/**
 * Configures and builds vmlinux, bzImage and the uapi headers; what an earlier call left in
 * the build folder is used again.
 * @throws RespinError BUILD_FAILED when the series does not compile (with patch, hunk and lines),
 *   BASE_BUILD_FAILED when the base does not either, CONFIG_SYMBOL_LOST as `configure` says,
 *   and the machine's own: NO_SPACE, OUT_OF_MEMORY, TOOL_MISSING, COMPILER_CRASHED
 */
export function buildKernel(
  applied: AppliedSeries,
  place: BuildPlace,
  options: KernelOptions,
): Steps<Kernel> {
  return emitting<RespinEvent, Kernel>(async (emit) => {
    const started = performance.now();
    const { signal, profile } = options;
    const beside = place.gcov === undefined ? [] : ['gcov'];
    const fragments = await readFragments(profile, options.fragmentFolder, beside);
    const configured = await configure(applied, place, fragments, signal);
    for (const { symbol, optional } of configured.absent) {
      emit({
        type: 'note',
        level: 'info',
        text: `${applied.tree.source} has no CONFIG_${symbol}: ${optional}`,
      });
    }
    const call = await makeKernel(place);
    const args = [...call.args, ...TARGETS];
    emit({ type: 'command', name: 'kernel', line: pasteable(call.command, args, call.env) });
    const counter = await counterOf(place, profile, emit);
    const result = await run(call.command, args, {
      env: call.env,
      onLine: (line) => {
        emit({ type: 'build-output', line });
        counter.line(line);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.exitCode !== 0) {
      const output = `${result.stdout}\n${result.stderr}`;
      throw await buildFailure(applied, {
        what: 'the kernel',
        output,
        sourceDir: place.sourceDir,
        cwd: place.buildDir,
        baseBuilds: async () => await baseBuilds(applied, place, failedTargets(output), signal),
      });
    }
    counter.end();
    await rememberCount(place);
    return { ...(await builtKernel(place)), objects: counter.count, ms: performance.now() - started };
  });
}

async function builtKernel({ buildDir }: BuildPlace): Promise<Omit<Kernel, 'objects' | 'ms'>> {
  const inBuild = (...parts: string[]): string => path.join(buildDir, ...parts);
  const config = await readFile(inBuild('.config'), 'utf8');
  return {
    bzImage: inBuild('arch', 'x86', 'boot', 'bzImage'),
    vmlinux: inBuild('vmlinux'),
    systemMap: inBuild('System.map'),
    config: inBuild('.config'),
    release: (await readFile(inBuild('include', 'config', 'kernel.release'), 'utf8')).trim(),
    compiler: /^CONFIG_CC_VERSION_TEXT="(.*)"$/m.exec(config)?.[1] ?? 'unknown',
    configHash: createHash('sha256').update(config).digest('hex'),
  };
}

const countFile = ({ buildDir }: BuildPlace): string => path.join(buildDir, 'respin.objects');

async function counterOf(
  place: BuildPlace,
  profile: Profile,
  emit: (event: RespinEvent) => void,
): Promise<ObjectCounter> {
  const remembered = Number(await readFile(countFile(place), 'utf8').catch(() => '0'));
  if (remembered > 0) return new ObjectCounter(remembered, false, emit);
  // An earlier build may have been interrupted: what it compiled will not be compiled again.
  const left = USUAL_OBJECTS[profile] - (await objectsIn(place.buildDir));
  return new ObjectCounter(Math.max(left, 1), true, emit);
}

async function objectsIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.o\.cmd$/.test(name)).length;
}

/** After the first whole build, however many goes it took. */
async function rememberCount(place: BuildPlace): Promise<void> {
  const known = Number(await readFile(countFile(place), 'utf8').catch(() => '0'));
  if (known === 0) await writeWhole(countFile(place), `${await objectsIn(place.buildDir)}\n`);
}

/**
 * Builds what failed on the base, in the same folders: the source folder is set to the base and
 * back, so only what the series touches is compiled.
 */
async function baseBuilds(
  applied: AppliedSeries,
  place: BuildPlace,
  failed: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  if ((await changedFiles(applied, place.sourceDir)).length === 0) return false;
  // Objects of the boot wrapper cannot be made one by one.
  const objects = failed.filter((name) => /^[\w./-]+\.o$/.test(name) && !name.startsWith('arch/x86/boot/'));
  // Nor can one whose source the base does not have: the series added or renamed it.
  const single =
    objects.length > 0 && !failed.includes('vmlinux') && (await baseHasAll(applied, place, objects));
  const targets = single ? objects : TARGETS;
  const { command, args, env } = await makeKernel(place);
  await putInSlot(place.sourceDir, applied.tree.commit);
  try {
    const { exitCode } = await run(command, [...args, ...targets], {
      env,
      ...(signal === undefined ? {} : { signal }),
    });
    return exitCode === 0;
  } finally {
    await putInSlot(place.sourceDir, applied.commit);
    // The objects of the base are newer than the files put back: make must not take them for theirs.
    await Promise.all(
      targets.map(async (name) => await rm(path.join(place.buildDir, name), { force: true })),
    );
  }
}

/** Whether the base has a source for each of these objects. */
async function baseHasAll(
  applied: AppliedSeries,
  place: BuildPlace,
  objects: readonly string[],
): Promise<boolean> {
  const gitDir = path.join(place.sourceDir, '.git');
  for (const object of objects) {
    const stem = object.slice(0, -'.o'.length);
    const sources = await Promise.all(
      ['c', 'S'].map(async (ending) => await fileAt(gitDir, applied.tree.commit, `${stem}.${ending}`)),
    );
    if (sources.every((source) => source === null)) return false;
  }
  return true;
}
