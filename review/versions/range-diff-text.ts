// SPDX-License-Identifier: MIT
/**
 * A patch as git range-diff compares it (range-diff.c, read_patches): its diff without line
 * numbers and blob ids, each file under a `## path ##` line, each hunk under `@@ path: heading`.
 */
import type { FileDiff } from '../../core/series.ts';
import { pathOf } from './pair-files.ts';

const COLUMN = { context: ' ', add: '+', del: '-' } as const;

/** The lines of a patch's diff. */
export function diffText(files: readonly FileDiff[]): string[] {
  const lines: string[] = [];
  for (const file of files) {
    lines.push(` ## ${fileTitle(file)} ##`);
    for (const hunk of file.hunks) {
      lines.push(`@@ ${pathOf(file) ?? ''}${hunk.heading === '' ? '' : `: ${hunk.heading}`}`);
      for (const line of hunk.lines) {
        lines.push(COLUMN[line.kind] + line.text);
        if (line.noNewline) lines.push('\\ No newline at end of file');
      }
    }
  }
  return lines;
}

/** `a.c => b.c`, `a.c (new)`, `a.c (mode change 100644 => 100755)` */
export function fileTitle(file: FileDiff): string {
  const { oldPath, newPath, oldMode, newMode } = file;
  const path =
    oldPath !== null && newPath !== null && oldPath !== newPath
      ? `${oldPath} => ${newPath}`
      : (pathOf(file) ?? '');
  const notes = [
    ...(file.change === 'added' ? ['new'] : []),
    ...(file.change === 'deleted' ? ['deleted'] : []),
    ...(file.change === 'copied' ? ['copied'] : []),
    ...(file.change === 'added' && newMode !== undefined && newMode !== '100644' ? [`mode ${newMode}`] : []),
    ...(oldMode !== undefined && newMode !== undefined && oldMode !== newMode
      ? [`mode change ${oldMode} => ${newMode}`]
      : []),
    ...(file.binary ? ['binary'] : []),
  ];
  return notes.length === 0 ? path : `${path} (${notes.join(', ')})`;
}
