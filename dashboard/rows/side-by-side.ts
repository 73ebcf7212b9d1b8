// SPDX-License-Identifier: MIT
/** The rows of a patch with what was removed beside what was added in its place. */
import type { HunkLine } from '../../core/series.ts';
import type { DiffRow, DiffRows } from './diff-rows.ts';

const made = new WeakMap<DiffRows, DiffRows>();

/** The n-th removed line of a run stands beside the n-th added one; what else is there stands between them as before. */
export function sideBySide(rows: DiffRows): DiffRows {
  const known = made.get(rows);
  if (known !== undefined) return known;
  const out: DiffRow[] = [];
  /** Old row → new row, for the parts. */
  const moved = new Map<number, number>();
  let removed: { line: HunkLine; said: DiffRow[] }[] = [];
  let added: { line: HunkLine; said: DiffRow[] }[] = [];
  let file = 0;
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [left, right] = [removed[at], added[at]];
      out.push({ kind: 'pair', file, left: left?.line ?? null, right: right?.line ?? null });
      out.push(...(left?.said ?? []), ...(right?.said ?? []));
    }
    removed = [];
    added = [];
  };
  for (const [at, row] of rows.rows.entries()) {
    const run = added.length > 0 ? added : removed;
    const last = run.at(-1);
    const said = row.kind === 'comment' || row.kind === 'words' || row.kind === 'finding';
    if (said && last !== undefined) {
      last.said.push(row);
      continue;
    }
    if (row.kind === 'line' && row.line.kind !== 'context') {
      // A removed line behind an added one begins a new run.
      if (row.line.kind === 'del' && added.length > 0) flush();
      file = row.file;
      (row.line.kind === 'del' ? removed : added).push({ line: row.line, said: [] });
      continue;
    }
    flush();
    moved.set(at, out.length);
    out.push(row.kind === 'line' ? { kind: 'pair', file: row.file, left: row.line, right: row.line } : row);
  }
  flush();
  const parts = rows.parts.map((part) => ({ ...part, row: moved.get(part.row) ?? part.row }));
  const pairs = { title: rows.title, rows: out, parts };
  made.set(rows, pairs);
  return pairs;
}
