// SPDX-License-Identifier: MIT
/** Who is to blame when something does not build. */
import { RespinError } from '../../core/errors.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { tail } from '../../system/exec.ts';
import { changedFiles } from './base-tree.ts';
import { type CompilerError, parseCompilerOutput, type SourceRoots } from './compiler-errors.ts';
import { blameFile, blameLine, type Culprit, describeError, patchName } from './culprit.ts';
import { machineTrouble, missingHeader } from './machine-trouble.ts';

/** More than this many errors are seldom read; the first ones matter. */
const SHOWN = 5;

export interface Failure extends SourceRoots {
  /** What did not build: `the kernel`, `vsock_test`. */
  what: string;
  /** All that make, the compilers and the linker printed. */
  output: string;
  /** Turns a path as compiled into the tree's own, where copies are built. */
  toTree?: (path: string) => string;
  /** Tries the same on the base; asked only when no line of the series has an error. */
  baseBuilds: () => Promise<boolean>;
}

/**
 * Turns a failed build into the error to throw. In this order: the machine's own trouble;
 * an error in a line of the series (BUILD_FAILED, series); an error elsewhere that the base
 * does not have (BUILD_FAILED, series: a header or a Makefile did it); an error the base has as
 * well (BASE_BUILD_FAILED, machine).
 */
export async function buildFailure(applied: AppliedSeries, failure: Failure): Promise<RespinError> {
  const { what, output, sourceDir } = failure;
  const changed = await changedFiles(applied, sourceDir);
  const trouble = machineTrouble(output, changed.some(isBuildTool));
  if (trouble !== null) return trouble;
  const errors = parseCompilerOutput(output, failure)
    .filter(({ severity }) => severity === 'error')
    .map((error) => ({ ...error, path: failure.toTree?.(error.path) ?? error.path }));
  const blamed: { error: CompilerError; culprit: Culprit | null }[] = [];
  for (const error of errors.slice(0, 50)) {
    const culprit = error.line === null ? null : await blameLine(applied, sourceDir, error.path, error.line);
    blamed.push({ error, culprit });
  }
  const own = blamed.filter(({ culprit }) => culprit !== null);
  if (own.length > 0) return await seriesError(what, own, sourceDir, errors.length);
  const header = missingHeader(output);
  if (header !== null) return header;
  if (applied.patches.length > 0 && (await failure.baseBuilds())) {
    for (const entry of blamed) entry.culprit = await blameFile(applied, sourceDir, entry.error.path);
    return await seriesError(what, blamed, sourceDir, errors.length, output);
  }
  return new RespinError({
    code: 'BASE_BUILD_FAILED',
    blame: 'machine',
    message: `${what} does not build, and not because of the series`,
    hint: `${applied.tree.source} does not build with this machine's compiler: try another gcc, or a newer tree`,
    detail:
      (
        await Promise.all(
          errors.slice(0, SHOWN).map(async (error) => await describeError(error, null, sourceDir)),
        )
      ).join('\n\n') || tail(output, 20),
  });
}

/** Whether the build may run a program made from this file. */
function isBuildTool(file: string): boolean {
  return /^(?:scripts|tools)\//.test(file) && !file.startsWith('tools/testing/');
}

async function seriesError(
  what: string,
  blamed: readonly { error: CompilerError; culprit: Culprit | null }[],
  sourceDir: string,
  errors: number,
  output = '',
): Promise<RespinError> {
  const shown = blamed.slice(0, SHOWN);
  const detail = await Promise.all(
    shown.map(async ({ error, culprit }) => await describeError(error, culprit, sourceDir)),
  );
  if (detail.length === 0) detail.push(tail(output, 20));
  if (errors > shown.length) detail.push(`${errors - shown.length} more`);
  const names = [...new Set(blamed.flatMap(({ culprit }) => (culprit === null ? [] : [patchName(culprit)])))];
  return new RespinError({
    code: 'BUILD_FAILED',
    blame: 'series',
    message:
      names.length === 0
        ? `${what} does not build with the series applied; the base does`
        : `${what} does not build because of patch ${names.join(' and ')}`,
    hint: 'correct the patch and run again: only what it touches is built again',
    detail: detail.join('\n\n'),
  });
}
