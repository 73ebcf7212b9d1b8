// SPDX-License-Identifier: MIT
/** Where a program that measures comes from, and what of it goes into the machines. */
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { PerfProgram } from '../../core/perf.ts';
import { run } from '../../system/exec.ts';
import { onPath } from '../../system/on-path.ts';
import type { Build } from '../build-vm/build.ts';
import { placeOf, sharedLibraries } from '../build-vm/shared-libraries.ts';
import { provideStatic } from '../build-vm/static-program.ts';
import type { LoadProgram } from './load-program.ts';
import { uperf } from './uperf.ts';
import { VSOCK_LOAD } from './vsock-load.ts';
import { vsockPerf } from './vsock-perf.ts';

const LOAD_SOURCE = path.join(import.meta.dirname, 'guest-files', 'vsock-load.c');

export interface Provided {
  program: LoadProgram;
  /** As in `ImageParts`, beside the tree's own. */
  programs: Record<string, string>;
  files: Record<string, string>;
}

/**
 * The first of `wanted` that is there. The tree's own is there when it was built with the kernels.
 * @param version the tree's
 * @throws RespinError PROGRAM_MISSING, OWN_BUILD_FAILED, TOOL_MISSING, LIBRARY_MISSING (machine), INTERRUPTED
 */
export async function provideProgram(
  wanted: readonly PerfProgram[],
  build: Pick<Build, 'programs' | 'missing'>,
  version: string,
  signal: AbortSignal,
): Promise<Provided> {
  const hasOwn = 'vsock_perf' in build.programs;
  const name = wanted.find((one) => one !== 'vsock_perf' || hasOwn);
  if (name === 'uperf') return await provideUperf(signal);
  if (name === 'vsock-load') {
    const binary = await provideStatic({ name, sources: [LOAD_SOURCE] }, signal);
    return { program: VSOCK_LOAD, programs: { [name]: binary }, files: {} };
  }
  if (name === 'vsock_perf') return { program: vsockPerf(version || null), programs: {}, files: {} };
  const why = build.missing.find(({ program }) => program === 'vsock_perf')?.why ?? 'it was not built';
  throw missing(`there is no vsock_perf: ${why}`, '--program vsock-load brings its own');
}

/**
 * The user's uperf, with its libraries.
 * @throws RespinError PROGRAM_MISSING, LIBRARY_MISSING (machine), INTERRUPTED
 */
export async function provideUperf(signal: AbortSignal): Promise<Provided> {
  const binary = await onPath('uperf');
  if (binary === null) {
    throw missing(
      'uperf is not installed',
      'it has to be in PATH, built with vsock: https://uperf.org; --program vsock-load needs nothing',
    );
  }
  const { stdout } = await run(binary, ['-V'], { signal });
  if (!/^Supported protocols:.*\bVSOCK\b/m.test(stdout)) {
    throw missing(`${binary} does not know vsock`, 'uperf 1.0.8 does when it was built with vsock');
  }
  const libraries = await sharedLibraries(binary);
  return {
    program: uperf(/^Uperf Version (\S+)$/m.exec(stdout)?.[1] ?? null),
    programs: {},
    files: {
      '/programs/uperf': binary,
      ...Object.fromEntries(libraries.map((file) => [placeOf(file), file])),
    },
  };
}

function missing(message: string, hint: string): RespinError {
  return new RespinError({ code: 'PROGRAM_MISSING', blame: 'machine', message, hint });
}
