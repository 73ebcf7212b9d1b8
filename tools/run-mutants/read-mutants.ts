// SPDX-License-Identifier: MIT
/** A folder of patches, each a fault → the mutants. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Machine } from '../../core/run.ts';
import type { Series } from '../../core/series.ts';
import { readSeries } from '../../patches/read-series.ts';

export interface Mutant {
  /** The file's name without `.patch`. */
  name: string;
  title: string;
  kind: string;
  imitates: string;
  /** Paths in the tree. */
  files: string[];
  /** Whose kernel has to have it. */
  machines: Machine[];
  series: Series;
}

/** Which machine runs the code of a file; all others run in both. */
const ONLY_IN: readonly { file: RegExp; machine: Machine }[] = [
  { file: /^drivers\/vhost\//, machine: 'host' },
  // Loopback is tested in the host.
  { file: /^net\/vmw_vsock\/vsock_loopback\.c$/, machine: 'host' },
  { file: /^net\/vmw_vsock\/virtio_transport\.c$/, machine: 'guest' },
];

/** Which machines run the code of these files. */
export function machinesOf(files: readonly string[]): Machine[] {
  const all: readonly Machine[] = ['host', 'guest'];
  return all.filter((machine) =>
    files.some((name) => {
      const only = ONLY_IN.find(({ file }) => file.test(name));
      return only === undefined || only.machine === machine;
    }),
  );
}

/**
 * Reads *.patch files, in the order of their names.
 * @param where a folder, or files
 * @throws RespinError MUTANTS_EMPTY (usage), and what `readSeries` throws
 */
export async function readMutants(where: readonly string[], cwd: string): Promise<Mutant[]> {
  const files = (
    await Promise.all(where.map(async (one) => await patchFiles(path.resolve(cwd, one))))
  ).flat();
  const mutants: Mutant[] = [];
  for (const file of files) mutants.push(await readMutant(file, cwd));
  if (mutants.length > 0) return mutants;
  throw new RespinError({
    code: 'MUTANTS_EMPTY',
    blame: 'usage',
    message: `no mutants in ${printable(where.join(', '))}`,
    hint: 'a mutant is a NAME.patch with one fault; respin brings its own in test/mutants',
  });
}

async function patchFiles(where: string): Promise<string[]> {
  const about = await stat(where).catch(() => null);
  if (about?.isDirectory() !== true) return [where];
  const names = await readdir(where);
  return names
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => path.join(where, name));
}

async function readMutant(file: string, cwd: string): Promise<Mutant> {
  const series = await readSeries(file, { cwd, alone: true });
  const body = series.patches.map((patch) => patch.body).join('\n');
  const files = [
    ...new Set(
      series.patches.flatMap((patch) =>
        patch.files.flatMap(({ oldPath, newPath }) => newPath ?? oldPath ?? []),
      ),
    ),
  ];
  return {
    name: path.basename(file).replace(/\.(?:patch|mbox|eml)$/, ''),
    title: series.title,
    kind: taggedLine(body, 'Kind') ?? 'other',
    imitates: taggedLine(body, 'Imitates') ?? '',
    files,
    machines: machinesOf(files),
    series,
  };
}

/** What stands behind `Tag: `; a line that goes on is indented. */
export function taggedLine(body: string, tag: string): string | null {
  const found = new RegExp(`^${tag}:[ \\t]*(.+(?:\\n[ \\t]+\\S.*)*)`, 'm').exec(body);
  return found?.[1]?.replace(/\s+/g, ' ').trim() ?? null;
}
