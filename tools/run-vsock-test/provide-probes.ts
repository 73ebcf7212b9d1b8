// SPDX-License-Identifier: MIT
/** The probes, compiled. */
import path from 'node:path';
import { provideStatic } from '../build-vm/static-program.ts';
import { PROBES } from './programs.ts';

const FOLDER = path.join(import.meta.dirname, 'probes');
/** What they share; vring is for those that are a guest themselves. */
const SHARED = ['probe', 'vring'];

/**
 * Name → the static binary.
 * @throws RespinError OWN_BUILD_FAILED, TOOL_MISSING (machine), INTERRUPTED
 */
export async function provideProbes(signal: AbortSignal): Promise<Record<string, string>> {
  const built = PROBES.map(async ({ name }) => {
    const sources = [name.slice('probe-'.length), ...SHARED].map((one) => path.join(FOLDER, `${one}.c`));
    const headers = SHARED.map((one) => path.join(FOLDER, `${one}.h`));
    return [name, await provideStatic({ name, sources, headers }, signal)];
  });
  return Object.fromEntries(await Promise.all(built));
}
