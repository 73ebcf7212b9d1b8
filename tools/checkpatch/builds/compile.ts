// SPDX-License-Identifier: MIT
/** Single objects compiled for what the compilers say of them. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../../core/errors.ts';
import { run, tail } from '../../../system/exec.ts';
import { writeWhole } from '../../../system/whole.ts';
import { type CompilerError, parseCompilerOutput } from '../../build-vm/compiler-errors.ts';
import { readFragments } from '../../build-vm/fragments.ts';
import { machineTrouble } from '../../build-vm/machine-trouble.ts';
import { type BuildPlace, makeKernel } from '../../build-vm/make-kernel.ts';

/**
 * A way to compile: folder is the build folder beside the source, so that no way disturbs another's
 * objects; variables are make's.
 */
export interface Way {
  name: 'warnings' | 'i386' | 'clang';
  variables: readonly string[];
}

export const WAYS: Record<Way['name'], Way> = {
  // C=2: sparse looks at each object asked for, compiled anew or not.
  warnings: { name: 'warnings', variables: ['W=1', 'C=2', 'CHECK=sparse'] },
  i386: { name: 'i386', variables: ['ARCH=i386'] },
  clang: { name: 'clang', variables: ['CC=clang', 'W=1'] },
};

export interface Compiled {
  warnings: CompilerError[];
  errors: CompilerError[];
}

/**
 * Compiles the objects, and only them; what the kernel needs before any object is prepared on the
 * way the first time.
 * @throws RespinError the machine's own (NO_SPACE, TOOL_MISSING, …), and PREPARE_FAILED (machine) when
 *   nothing was said of an object and make failed nevertheless
 */
export async function compileObjects(
  place: BuildPlace,
  way: Way,
  objects: readonly string[],
  options: { sparse: boolean; signal: AbortSignal },
): Promise<Compiled> {
  const { signal } = options;
  const { command, args, env } = await makeKernel(place);
  const variables = way.variables.filter((one) => options.sparse || !/^(?:C|CHECK)=/.test(one));
  const all = [...args, ...variables];
  await configureWay(place, all, command, env, signal);
  // What is up to date says nothing.
  for (const object of objects) await rm(path.join(place.buildDir, object), { force: true });
  const result = await run(command, [...all, '-k', ...objects], { env, signal });
  const output = `${result.stdout}\n${result.stderr}`;
  const parsed = parseCompilerOutput(withoutKernelDoc(output), {
    sourceDir: place.sourceDir,
    cwd: place.buildDir,
  });
  const compiled = {
    warnings: parsed.filter(({ severity }) => severity === 'warning'),
    errors: parsed.filter(({ severity }) => severity === 'error'),
  };
  if (result.exitCode === 0 || compiled.errors.length > 0) return compiled;
  throw (
    machineTrouble(output) ??
    new RespinError({
      code: 'PREPARE_FAILED',
      blame: 'machine',
      message: `make ${variables.join(' ')} failed: ${tail(output, 3)}`,
    })
  );
}

/** W=1 runs scripts/kernel-doc as well, a rule of its own. It knows no columns; compilers and sparse print them. */
function withoutKernelDoc(output: string): string {
  return output
    .split('\n')
    .filter((line) => !/^[^\s:]+:\d+: warning: /.test(line))
    .join('\n');
}

/** allnoconfig with the fragments; symbols the way does not have (64BIT on i386) stay away. */
async function configureWay(
  place: BuildPlace,
  args: readonly string[],
  command: string,
  env: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const { text } = await readFragments('fast');
  const asked = path.join(place.buildDir, 'respin.config');
  await writeWhole(asked, text);
  const result = await run(command, [...args, 'allnoconfig'], {
    env: { ...env, KCONFIG_ALLCONFIG: asked },
    signal,
  });
  if (result.exitCode === 0) return;
  const output = `${result.stdout}\n${result.stderr}`;
  throw (
    machineTrouble(output) ??
    new RespinError({
      code: 'CONFIG_FAILED',
      blame: 'machine',
      message: `make allnoconfig failed: ${tail(output, 3)}`,
    })
  );
}
