// SPDX-License-Identifier: MIT
/** Builds the vsock programs of a tree, static, in a copy of their folder. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { emitting } from '../../core/channel.ts';
import type { RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { fileAt } from '../../kernel-tree/git.ts';
import { run, runOk } from '../../system/exec.ts';
import { baseFiles, changedFiles } from './base-tree.ts';
import { buildFailure } from './build-failure.ts';
import { type CompilerError, parseCompilerOutput } from './compiler-errors.ts';
import { blameLine } from './culprit.ts';
import { machineTrouble } from './machine-trouble.ts';
import { type BuildPlace, buildEnvironment, jobsOf } from './make-kernel.ts';
import { pasteable } from './pasteable.ts';
import { withReadOverhead, withStepTimeout } from './step-timeout.ts';

export const PROGRAMS = ['vsock_test', 'vsock_diag_test', 'vsock_perf', 'vsock_uring_test'] as const;

export interface Programs {
  /** Name → the static binary. */
  built: Record<string, string>;
  missing: { program: string; why: string }[];
  /** Compiled in, and what the tree has itself; seconds. */
  stepTimeout: number;
  ownTimeout: number;
}

const FOLDER = 'tools/testing/vsock';

/** Anything the programs include lies here; a series that changes none of it cannot break them. */
const INCLUDED =
  /^(?:tools\/testing\/vsock|tools\/include|tools\/arch|include\/uapi|arch\/x86\/include\/uapi)\//;

/**
 * Builds the programs from the source folder's tools/testing/vsock. The uapi headers
 * are those `buildKernel` left in the build folder. A warning does not fail the build, though the tree's
 * Makefile says -Werror: which warnings there are depends on the compiler. One in a line of the
 * series does, as it would for the maintainer.
 * @throws RespinError BUILD_FAILED (series) when the base's programs build, or a line of the series warns;
 *   BASE_BUILD_FAILED (machine) when vsock_test does not build on the base either
 */
export function buildPrograms(
  applied: AppliedSeries,
  place: BuildPlace,
  options: { stepTimeout: number; signal?: AbortSignal },
): Steps<Programs> {
  return emitting<RespinEvent, Programs>(async (emit) => {
    const folder = path.join(place.buildDir, 'respin-programs');
    const names = PROGRAMS.filter((name) => existsSync(path.join(place.sourceDir, FOLDER, `${name}.c`)));
    const ownTimeout = await layOut(place, folder, options.stepTimeout);
    const result = await compile(place, folder, names, options.signal);
    for (const line of result.output.trim().split('\n')) emit({ type: 'build-output', line });
    emit({ type: 'command', name: 'programs', line: result.line });
    const roots = { sourceDir: place.sourceDir, cwd: path.join(folder, FOLDER) };
    const fail = async (what: string, output: string, base: () => Promise<boolean>): Promise<RespinError> =>
      await buildFailure(applied, {
        ...roots,
        what,
        output,
        toTree: toTree(folder, place),
        baseBuilds: base,
      });

    const failed = names.filter((name) => !result.built.includes(name));
    const warnings = await ownWarnings(applied, result.output, roots, toTree(folder, place));
    if (warnings.length > 0) {
      // The tree's own Makefile makes these errors.
      const text = warnings
        .map((warning) => warning.context.join('\n').replace('warning: ', 'error: '))
        .join('\n');
      throw await fail('the vsock programs (-Werror)', text, async () => true);
    }
    const missing = PROGRAMS.filter((name) => !names.includes(name)).map((program) => ({
      program,
      why: `the tree has no ${FOLDER}/${program}.c`,
    }));
    const theirs = failed.length > 0 ? await basePrograms(applied, place, failed, options) : [];
    for (const program of failed) {
      const baseHasIt = theirs.includes(program);
      if (!baseHasIt && program === 'vsock_uring_test' && /liburing\.h|-luring/.test(result.output)) {
        missing.push({ program, why: 'liburing (liburing-dev) is not installed' });
      } else if (baseHasIt || program === 'vsock_test' || !(await baseHasSource(applied, place, program))) {
        throw await fail(
          `the test program ${program}`,
          result.output,
          async () => baseHasIt || program !== 'vsock_test',
        );
      } else {
        const trouble = machineTrouble(result.output);
        if (trouble !== null) throw trouble;
        missing.push({ program, why: 'it does not build on the base either' });
      }
    }
    const built = Object.fromEntries(
      result.built.map((name) => [name, path.join(folder, FOLDER, name)] as const),
    );
    return { built, missing, stepTimeout: options.stepTimeout, ownTimeout };
  });
}

/** false for a program that the series brings. */
async function baseHasSource(applied: AppliedSeries, place: BuildPlace, program: string): Promise<boolean> {
  const gitDir = path.join(place.sourceDir, '.git');
  return (await fileAt(gitDir, applied.tree.commit, `${FOLDER}/${program}.c`)) !== null;
}

/** Copies what is compiled; what is only included is linked to, the source stays as it is. */
async function layOut(place: BuildPlace, folder: string, stepTimeout: number): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, 'tools', 'testing'), { recursive: true });
  const from = path.join(place.sourceDir, FOLDER);
  const to = path.join(folder, FOLDER);
  await cp(from, to, {
    recursive: true,
    // A hostile series may have put a symlink there; a real one has none.
    verbatimSymlinks: true,
    filter: (name) => !/\.(?:o|d)$/.test(name),
  });
  for (const name of ['include', 'arch']) {
    await symlink(path.join(place.sourceDir, 'tools', name), path.join(folder, 'tools', name));
  }
  await symlink(path.join(place.buildDir, 'usr'), path.join(folder, 'usr'));
  const header = path.join(to, 'timeout.h');
  const { text, own } = withStepTimeout(await readFile(path.join(from, 'timeout.h'), 'utf8'), stepTimeout);
  await rm(header);
  await writeFile(header, text);
  // As long as the tree's own limit for a step will do, so will its other limit.
  if (stepTimeout > own) await patientReads(path.join(to, 'vsock_test.c'));
  return own;
}

async function patientReads(file: string): Promise<void> {
  const source = await readFile(file, 'utf8').catch(() => null);
  if (source !== null) await writeFile(file, withReadOverhead(source));
}

interface Compiled {
  built: string[];
  output: string;
  line: string;
}

async function compile(
  place: BuildPlace,
  folder: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Compiled> {
  const { env, cc } = await buildEnvironment(place);
  const cwd = path.join(folder, FOLDER);
  const variables = {
    ...env,
    // Behind the Makefile's CFLAGS, so that -Wno-error has the last word.
    CPPFLAGS: `-Wno-error -ffile-prefix-map=${folder}=.`,
    LDFLAGS: '-static',
    CCACHE_BASEDIR: folder,
  };
  const args = ['-k', `-j${jobsOf(place)}`, `CC=${cc}`, ...names];
  const result = await run('make', args, {
    cwd,
    env: variables,
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    built: names.filter((name) => existsSync(path.join(cwd, name))),
    output: `${result.stdout}\n${result.stderr}`,
    line: `cd ${cwd} && ${pasteable('make', args, variables)}`,
  };
}

/** A path of the copy is the tree's path of the same name; a uapi header is its source. */
function toTree(folder: string, place: BuildPlace): (printed: string) => string {
  return (printed) => {
    const whole = path.resolve(folder, FOLDER, printed);
    const inCopy = path.relative(folder, whole);
    if (inCopy.startsWith('..')) return printed;
    if (!inCopy.startsWith('usr/include/')) return inCopy;
    const header = inCopy.slice('usr/include/'.length);
    const sources = [`include/uapi/${header}`, `arch/x86/include/uapi/${header}`];
    return sources.find((name) => existsSync(path.join(place.sourceDir, name))) ?? inCopy;
  };
}

async function ownWarnings(
  applied: AppliedSeries,
  output: string,
  roots: { sourceDir: string; cwd: string },
  tree: (printed: string) => string,
): Promise<CompilerError[]> {
  const own: CompilerError[] = [];
  for (const warning of parseCompilerOutput(output, roots)) {
    if (warning.severity !== 'warning' || warning.line === null) continue;
    const culprit = await blameLine(applied, roots.sourceDir, tree(warning.path), warning.line);
    if (culprit !== null) own.push(warning);
  }
  return own;
}

/** Which of the programs build on the base; none when the series cannot have had an effect. */
async function basePrograms(
  applied: AppliedSeries,
  place: BuildPlace,
  names: readonly string[],
  options: { stepTimeout: number; signal?: AbortSignal },
): Promise<string[]> {
  const changed = (await changedFiles(applied, place.sourceDir)).filter((file) => INCLUDED.test(file));
  if (changed.length === 0) return [];
  await using base = await baseFiles(applied, place, (file) =>
    /^tools\/(?:testing\/vsock|include|arch)\//.test(file),
  );
  const headers = path.join(base.buildDir, 'usr', 'include');
  await mkdir(path.dirname(headers), { recursive: true });
  await cp(path.join(place.buildDir, 'usr', 'include'), headers, { recursive: true });
  for (const file of changed) await baseHeader(applied, place, headers, file);
  const folder = path.join(base.buildDir, 'respin-programs');
  await layOut(base, folder, options.stepTimeout);
  return (await compile(base, folder, names, options.signal)).built;
}

/** Puts the base's version of a changed uapi header into `headers`, as `make headers` would. */
async function baseHeader(
  applied: AppliedSeries,
  place: BuildPlace,
  headers: string,
  file: string,
): Promise<void> {
  const name = /^(?:include|arch\/x86\/include)\/uapi\/(.*\.h)$/.exec(file)?.[1];
  if (name === undefined) return;
  const target = path.join(headers, name);
  const text = await fileAt(path.join(place.sourceDir, '.git'), applied.tree.commit, file);
  if (text === null) return await rm(target, { force: true }); // the series adds it
  const raw = path.join(headers, '..', 'base.h');
  await writeFile(raw, text);
  await mkdir(path.dirname(target), { recursive: true });
  const script = path.join(place.sourceDir, 'scripts', 'headers_install.sh');
  // It calls scripts/unifdef by that name, from the build folder.
  await runOk('sh', [script, raw, target], { cwd: place.buildDir });
}
