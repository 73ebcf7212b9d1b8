// SPDX-License-Identifier: MIT
/** The probes, compiled. */
import path from 'node:path';
import { provideStatic } from '../build-vm/static-program.ts';
import { PROBES } from './programs.ts';

const FOLDER = path.join(import.meta.dirname, 'probes');

/**
 * Name → the static binary.
 * @throws RespinError OWN_BUILD_FAILED, TOOL_MISSING (machine), INTERRUPTED
 */
export async function provideProbes(signal: AbortSignal): Promise<Record<string, string>> {
  const built = PROBES.map(async ({ name }) => {
    const sources = [`${name.slice('probe-'.length)}.c`, 'probe.c'].map((file) => path.join(FOLDER, file));
    return [name, await provideStatic({ name, sources, headers: [path.join(FOLDER, 'probe.h')] }, signal)];
  });
  return Object.fromEntries(await Promise.all(built));
}
