// SPDX-License-Identifier: MIT
/** git's diffstat, as it stands between `---` and the diff (git diff.c show_stats). */
import type { FileDiff } from '../../core/series.ts';
import { readQuoted } from '../../patches/diff-names.ts';
import { errorsOf } from './diffstat-errors.ts';

export interface DiffstatFile {
  /** As printed: abbreviated (`.../vsock.c`), or of a rename (`{old => new}/x`). */
  path: string;
  /** Changed lines; null for a binary file. */
  changes: number | null;
  /** Only where the graph has a mark for each line. */
  added?: number;
  removed?: number;
}

export interface Diffstat {
  files: DiffstatFile[];
  total: { files: number; insertions: number; deletions: number } | null;
  /** git --stat-count has left files out. */
  cut?: true;
}

const COUNTED = /^(\d{1,9})(?:\s+(\+*)(-*))?$/;
const BINARY = /^Bin(?:\s+\d{1,15} -> \d{1,15} bytes)?$/;
const TOTAL = /^(\d{1,9}) files? changed(?:, (\d{1,9}) insertions?\(\+\))?(?:, (\d{1,9}) deletions?\(-\))?$/;

/**
 * The first diffstat of a text; what stands in a diff is none. Pages that have lost the blank in
 * front are read, too.
 * @returns null when there is none
 */
export function diffstatOf(text: string): Diffstat | null {
  let files: DiffstatFile[] = [];
  let cut = false;
  // Without its last line, only the graph tells a diffstat from any other list with a bar in it.
  let graphed = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (raw.startsWith('diff --git ') || raw.startsWith('@@ -')) break;
    const total = line.length < 120 ? TOTAL.exec(line) : null;
    if (total) {
      const [count, insertions, deletions] = [total[1], total[2] ?? 0, total[3] ?? 0].map(Number);
      return {
        files,
        total: { files: count ?? 0, insertions: insertions ?? 0, deletions: deletions ?? 0 },
        ...(cut ? { cut } : {}),
      };
    }
    const file = readFile(line);
    if (file !== null) {
      files.push(file);
      graphed ||= file.changes === null || /[+-]$/.test(line);
    } else if (line === '...' && files.length > 0) cut = true;
    else if (graphed) break;
    else files = [];
  }
  return graphed ? { files, total: null, ...(cut ? { cut } : {}) } : null;
}

function readFile(line: string): DiffstatFile | null {
  const bar = line.lastIndexOf('|');
  if (bar < 1 || line.length > 8192) return null;
  const name = line.slice(0, bar).trim();
  const counts = line.slice(bar + 1).trim();
  if (name === '' || name.startsWith('|')) return null;
  const path = readQuoted(name)?.name ?? name;
  if (BINARY.test(counts)) return { path, changes: null };
  const match = COUNTED.exec(counts);
  if (!match) return null;
  const changes = Number(match[1]);
  const [added, removed] = [match[2]?.length ?? 0, match[3]?.length ?? 0];
  return { path, changes, ...(added + removed === changes ? { added, removed } : {}) };
}

/**
 * What a diffstat says and the diff does not bear out, in plain sentences. Only of a whole diff:
 * with a hunk that has fewer lines than its header says, nothing is known and nothing is given.
 * @param files the diff of the same patch; not for a cover letter, whose diffstat is over all patches
 */
export function diffstatErrors(stat: Diffstat, files: readonly FileDiff[]): string[] {
  const whole = files.every((file) =>
    file.hunks.every((hunk) => {
      const removed = hunk.lines.filter((line) => line.kind === 'del').length;
      const added = hunk.lines.filter((line) => line.kind === 'add').length;
      return hunk.lines.length - added === hunk.oldCount && hunk.lines.length - removed === hunk.newCount;
    }),
  );
  return whole ? errorsOf(stat, files) : [];
}
