// SPDX-License-Identifier: MIT
/** What a build keeps of the objects that count what runs. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { run } from '../../system/exec.ts';
import { changedFiles } from './base-tree.ts';
import { type BuildPlace, makeKernel } from './make-kernel.ts';
import { preprocessedLines } from './preprocessed-lines.ts';

/** What a kernel that counts keeps for the reading of its counters. */
export interface GcovFiles {
  /** Profiled source, relative to the tree → its notes file (`.gcno`). One that was not built is missing. */
  notes: Record<string, string>;
  /** A file of JSON: source or header that the series changes → its lines that the preprocessor left. */
  lines: string;
}

/** Changes when the same sources would give other counters, or other files beside them. */
export const GCOV_RECIPE = 'gcov 2';

/**
 * Copies the notes files of the profiled objects out of a build folder, and writes down which lines
 * of the series' files the preprocessor leaves in them.
 * @param folder is made
 * @returns the profiled sources that were built
 * @throws RespinError GCOV_PREPROCESS (machine), INTERRUPTED
 */
export async function keepGcovFiles(
  applied: AppliedSeries,
  place: BuildPlace,
  folder: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const built = (place.gcov ?? []).filter((source) => existsSync(path.join(place.buildDir, notesOf(source))));
  await mkdir(folder);
  for (const source of built) {
    const to = path.join(folder, notesOf(source));
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(path.join(place.buildDir, notesOf(source)), to);
  }
  const wanted = new Set(
    (await changedFiles(applied, place.sourceDir)).filter((name) => /\.[ch]$/.test(name)),
  );
  const lines = await preprocess(place, built, wanted, signal);
  await writeFile(path.join(folder, LINES), `${JSON.stringify(lines)}\n`);
  return built;
}

/** Where `keepGcovFiles` has put them. */
export function gcovFiles(folder: string, built: readonly string[]): GcovFiles {
  return {
    notes: Object.fromEntries(built.map((source) => [source, path.join(folder, notesOf(source))])),
    lines: path.join(folder, LINES),
  };
}

const LINES = 'lines.json';

function notesOf(source: string): string {
  return source.replace(/\.c$/, '.gcno');
}

async function preprocess(
  place: BuildPlace,
  sources: readonly string[],
  wanted: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Record<string, number[]>> {
  if (sources.length === 0) return {};
  const targets = sources.map((source) => source.replace(/\.c$/, '.i'));
  const { command, args, env } = await makeKernel(place);
  const made = await run(command, [...args, ...targets], {
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  if (made.exitCode !== 0) {
    throw new RespinError({
      code: 'GCOV_PREPROCESS',
      blame: 'machine',
      message: 'the sources that were compiled cannot be preprocessed',
      detail: `${made.stdout}\n${made.stderr}`.trim().split('\n').slice(-20).join('\n'),
    });
  }
  const all = new Map<string, Set<number>>();
  const inTree = (printed: string): string | null => {
    const name = path.relative(place.sourceDir, path.resolve(place.buildDir, printed));
    return [name, printed].find((one) => wanted.has(one)) ?? null;
  };
  for (const target of targets) {
    const text = await readFile(path.join(place.buildDir, target), 'utf8');
    for (const [file, lines] of preprocessedLines(text, inTree)) {
      all.set(file, new Set([...(all.get(file) ?? []), ...lines]));
    }
  }
  return Object.fromEntries([...all].map(([file, lines]) => [file, [...lines].sort((a, b) => a - b)]));
}
