// SPDX-License-Identifier: MIT
/** What gcov and the preprocessor say of the lines of a file → what became of each added one. */
import type { CoverageFile, CoverageLine, LineState } from '../../core/coverage.ts';
import type { PatchedFile } from './added-lines.ts';
import { builtLines } from './c-regions.ts';
import { functionBodies } from './function-bodies.ts';
import type { LineCounts } from './gcov-json.ts';
import { jumpCount, jumpLines } from './jump-lines.ts';
import { isKernelCode } from './profiled-sources.ts';

export interface Seen {
  /** File → the lines that code was made of, in any of the kernels. */
  code: ReadonlyMap<string, ReadonlySet<number>>;
  /** File → the lines that the preprocessor left, in any of the kernels; a file that no profiled object has is missing. */
  left: ReadonlyMap<string, ReadonlySet<number>>;
  /** What each reading counted, in the order of the record. */
  counts: readonly LineCounts[];
}

/** The file as the record has it. */
export function coverageOf(file: PatchedFile, seen: Seen): CoverageFile {
  const why = whyNotCounted(file.path, seen);
  const counted = why === null ? withJumps(file, seen) : null;
  const lines = file.lines.flatMap(({ text, origin }, index): CoverageLine[] => {
    if (origin === null) return [];
    const line = index + 1;
    if (counted === null) return [{ line, text, state: why?.state ?? 'no-code', ...origin, counts: [] }];
    const counts = counted.counts.flatMap((one, reading): [number, number][] => {
      const count = one.get(line) ?? 0;
      return count > 0 ? [[reading, count]] : [];
    });
    const inferred = counted.inferred.has(line) ? { inferred: true as const } : {};
    return [{ line, text, state: counted.stateOf(line, counts.length > 0), ...origin, counts, ...inferred }];
  });
  return { path: file.path, why: why?.text ?? null, lines, around: around(file, lines) };
}

/** How many lines beside one that never ran are shown with it. */
const CONTEXT = 3;

function around(file: PatchedFile, lines: readonly CoverageLine[]): CoverageFile['around'] {
  const beside = new Set<number>();
  for (const { line, state } of lines) {
    if (state !== 'never') continue;
    for (let one = line - CONTEXT; one <= line + CONTEXT; one++) beside.add(one);
  }
  return file.lines.flatMap(({ text, origin }, index) =>
    origin === null && beside.has(index + 1) ? [{ line: index + 1, text }] : [],
  );
}

function whyNotCounted(path: string, seen: Seen): { text: string; state: LineState } | null {
  if (!/\.[chS]$/.test(path)) return { text: 'no C', state: 'no-code' };
  if (path.endsWith('.S')) return { text: 'assembly, which gcov does not count', state: 'not-seen' };
  if (!isKernelCode(path)) return { text: 'not a part of the kernel', state: 'not-built' };
  if (seen.left.has(path)) return null;
  return path.endsWith('.h')
    ? { text: 'no object that counts includes it', state: 'not-seen' }
    : { text: 'not built by this configuration', state: 'not-built' };
}

interface Counted {
  /** By reading, of this file alone. */
  counts: ReadonlyMap<number, number>[];
  inferred: ReadonlySet<number>;
  stateOf(line: number, ran: boolean): LineState;
}

/** The counts of gcov, and those that follow from them. */
function withJumps(file: PatchedFile, seen: Seen): Counted {
  const source = file.lines.map(({ text }) => text).join('\n');
  const code = new Set(seen.code.get(file.path));
  const built = builtLines(source, seen.left.get(file.path) ?? new Set());
  const counts = seen.counts.map((one) => new Map(one.get(file.path)));
  const inferred = new Set<number>();
  for (const jump of jumpLines(source, built, code)) {
    const found = counts.map((one) => jumpCount(jump, one));
    if (found.includes(null)) continue;
    inferred.add(jump.line);
    for (const [reading, count] of found.entries()) counts[reading]?.set(jump.line, count ?? 0);
  }
  for (const line of inferred) code.add(line);
  return { counts, inferred, stateOf: stateReader(file, source, code, built) };
}

function stateReader(
  file: PatchedFile,
  source: string,
  code: ReadonlySet<number>,
  built: readonly boolean[],
): (line: number, ran: boolean) => LineState {
  const unused = functionBodies(source, built).filter(([first, last]) => {
    for (let line = first; line <= last; line++) if (code.has(line)) return false;
    return true;
  });
  return (line, ran) => {
    if (ran) return 'ran';
    if (code.has(line)) return 'never';
    if (built[line] !== true) return 'not-built';
    const dropped = unused.some(([first, last]) => line >= first && line <= last);
    return dropped && /\w/.test(file.lines[line - 1]?.text ?? '') ? 'not-seen' : 'no-code';
  };
}
