// SPDX-License-Identifier: MIT
/** The counters of a session → the added lines of the series, with what became of each. */
import { readFile } from 'node:fs/promises';
import type { CoverageFile } from '../../core/coverage.ts';
import type { Machine } from '../../core/run.ts';
import type { GcovFiles } from '../build-vm/gcov-objects.ts';
import type { PatchedFile } from './added-lines.ts';
import type { CollectedReading } from './collector.ts';
import type { LineCounts } from './gcov-json.ts';
import type { GcovTool } from './gcov-tool.ts';
import { coverageOf } from './line-states.ts';
import { readCounters } from './read-counters.ts';

export interface LinesToMeasure {
  tool: GcovTool;
  /** What each machine's kernel keeps for gcov; often one and the same. */
  kernels: Record<Machine, GcovFiles>;
  files: readonly PatchedFile[];
  readings: readonly CollectedReading[];
  /** Told before each reading how many are done. */
  onReading?: (done: number, total: number) => void;
  signal: AbortSignal;
}

/**
 * The counts of a line that several objects have, as of a header, are added up.
 * @throws RespinError what `readCounters` throws
 */
export async function measureLines(options: LinesToMeasure): Promise<CoverageFile[]> {
  const { tool, kernels, files, readings, signal } = options;
  const code = new Map<string, Set<number>>();
  const left = new Map<string, Set<number>>();
  for (const kernel of new Set([kernels.host, kernels.guest])) {
    const lines = await readCounters(tool, kernel.notes, null, signal);
    for (const [file, counts] of lines) unite(code, file, counts.keys());
    const kept = JSON.parse(await readFile(kernel.lines, 'utf8')) as Record<string, number[]>;
    for (const [file, numbers] of Object.entries(kept)) unite(left, file, numbers);
  }
  const counts: LineCounts[] = [];
  for (const [done, reading] of readings.entries()) {
    options.onReading?.(done, readings.length);
    const all: LineCounts = new Map();
    for (const counters of reading.counters) {
      addCounts(all, await readCounters(tool, kernels[reading.machine].notes, counters, signal));
    }
    counts.push(all);
  }
  return files.map((file) => coverageOf(file, { code, left, counts }));
}

function unite(all: Map<string, Set<number>>, file: string, numbers: Iterable<number>): void {
  const known = all.get(file) ?? new Set<number>();
  all.set(file, known);
  for (const number of numbers) known.add(number);
}

/** Adds the counts of `more` to `all`. */
export function addCounts(all: LineCounts, more: LineCounts): void {
  for (const [file, lines] of more) {
    const known = all.get(file) ?? new Map<number, number>();
    all.set(file, known);
    for (const [line, count] of lines) known.set(line, (known.get(line) ?? 0) + count);
  }
}
