// SPDX-License-Identifier: MIT
/** Which shared libraries a program of this machine needs. */
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { run } from '../../system/exec.ts';

/**
 * Absolute paths of the libraries and of the loader, sorted; none for a static binary. The loader
 * itself is asked (ldd), so only for binaries that may be run. `libraryPath`: as
 * LD_LIBRARY_PATH, for a program unpacked somewhere.
 * @throws RespinError LIBRARY_MISSING when the loader does not find one
 */
export async function sharedLibraries(binary: string, libraryPath?: string): Promise<string[]> {
  const env = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
  const { exitCode, stdout, stderr } = await run('ldd', [binary], { env });
  if (/not a dynamic executable|statically linked/.test(stdout + stderr)) return [];
  const { paths, missing } = parseLoaderList(stdout);
  if (missing.length > 0 || exitCode !== 0) {
    throw new RespinError({
      code: 'LIBRARY_MISSING',
      blame: 'machine',
      message:
        missing.length > 0 ? `${binary} needs ${missing.join(', ')}, not found` : `ldd cannot read ${binary}`,
      ...(stderr.trim() === '' ? {} : { detail: stderr.trim() }),
    });
  }
  return paths;
}

/** Reads what ldd prints: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f…)`. */
export function parseLoaderList(output: string): { paths: string[]; missing: string[] } {
  const paths = new Set<string>();
  const missing: string[] = [];
  for (const raw of output.split('\n')) {
    const line = raw.trim().replace(/ \(0x[0-9a-f]+\)$/, '');
    const [name = '', found] = line.split(' => ');
    if (found === 'not found') missing.push(name);
    // The loader is named by its path, sometimes with another behind the arrow.
    for (const part of [name, found ?? '']) if (part.startsWith('/')) paths.add(part);
  }
  return { paths: [...paths].sort(), missing };
}

/** Where a library lies in a machine: the loader keeps the path that is compiled into the binary; a library may lie in /lib. */
export function placeOf(file: string): string {
  const name = path.basename(file);
  return name.startsWith('ld-linux') ? `/lib64/${name}` : `/lib/${name}`;
}
