// SPDX-License-Identifier: MIT
/** Counters and notes files → how often each line ran, by running gcov on both. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { run, tail } from '../../system/exec.ts';
import { fileTrouble } from '../../system/file-trouble.ts';
import { type LineCounts, readGcovJson } from './gcov-json.ts';
import type { GcovTool } from './gcov-tool.ts';
import type { Counters } from './read-dump.ts';

/**
 * Runs gcov once. With no counters every line that has code is given with 0.
 * @param notes source → its notes file, as a build keeps them
 * @returns by file, relative to the tree
 * @throws RespinError GCOV_FAILED, GCOV_MISMATCH (machine), NO_SPACE and the like, INTERRUPTED
 */
export async function readCounters(
  tool: GcovTool,
  notes: Readonly<Record<string, string>>,
  counters: Counters | null,
  signal: AbortSignal,
): Promise<LineCounts> {
  const sources = Object.keys(notes);
  if (sources.length === 0) return new Map();
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-gcov-'));
  try {
    await lay(folder, notes, counters);
    const files = sources.map((source) => source.replace(/\.c$/, '.gcno'));
    const words = ['--json-format', '--stdout', ...files];
    const { exitCode, stdout, stderr } = await run(tool.command, words, { cwd: folder, signal });
    if (/mismatch|version .*prefer/i.test(stderr))
      throw trouble('GCOV_MISMATCH', 'counters and notes files are not of one build', stderr);
    if (exitCode !== 0) throw trouble('GCOV_FAILED', `${tool.command} failed`, stderr);
    try {
      return readGcovJson(stdout);
    } catch (error) {
      throw trouble('GCOV_FAILED', (error as Error).message, stdout.slice(0, 400));
    }
  } catch (cause) {
    throw cause instanceof RespinError ? cause : fileTrouble(cause, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** gcov finds the counters of NAME.gcno in NAME.gcda beside it. */
async function lay(
  folder: string,
  notes: Readonly<Record<string, string>>,
  counters: Counters | null,
): Promise<void> {
  for (const [source, file] of Object.entries(notes)) {
    const stem = path.join(folder, source.replace(/\.c$/, ''));
    await mkdir(path.dirname(stem), { recursive: true });
    await copyFile(file, `${stem}.gcno`);
    const data = counters === null ? null : countersOf(counters, source);
    if (data !== null) await writeFile(`${stem}.gcda`, data);
  }
}

/** In the kernel an object's counters are called as the compiler wrote it: below its build folder, wherever that was. */
export function countersOf(counters: Counters, source: string): Buffer | null {
  const name = `/${source.replace(/\.c$/, '.gcda')}`;
  // Below the build folder it has the shortest path: `x/net/y.gcda` also ends in `net/y.gcda`.
  const found = [...counters.keys()].filter((one) => one.endsWith(name)).sort((a, b) => a.length - b.length);
  return found[0] === undefined ? null : (counters.get(found[0]) ?? null);
}

function trouble(code: string, message: string, detail: string): RespinError {
  return new RespinError({ code, blame: 'machine', message, detail: tail(detail, 10) });
}
