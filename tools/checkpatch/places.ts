// SPDX-License-Identifier: MIT
/** The places of a series that a finding can be about. */
import type { FindingPlace, Place } from '../../core/check.ts';
import type { FileDiff, Hunk, HunkLine, Patch, Series } from '../../core/series.ts';

/** All of the series, or what it lacks. */
export const SERIES: Place = placed('series', null);

/** A mail, subject or cover letter as a whole: patch 0 is the cover letter. */
export function placed(on: FindingPlace, patch: number | null, line: number | null = null): Place {
  return { on, patch, file: null, hunk: null, side: null, line };
}

/** A file of a patch, nothing in particular in it. */
export function inFile(patch: Patch, file: FileDiff): Place {
  return { ...placed('file', patch.index), file: pathOf(file) };
}

/** A line of a hunk. */
export function atLine({ patch, file, hunk, line }: DiffLine): Place {
  const side = line.kind === 'del' ? 'old' : 'new';
  const number = side === 'old' ? line.oldLine : line.newLine;
  return { on: 'line', patch: patch.index, file: pathOf(file), hunk: hunk.header, side, line: number };
}

/** The path after the patch; before it for a deleted file. */
export function pathOf({ oldPath, newPath }: FileDiff): string {
  return newPath ?? oldPath ?? '';
}

export interface DiffLine {
  patch: Patch;
  file: FileDiff;
  hunk: Hunk;
  line: HunkLine;
  /** Its place in `hunk.lines`. */
  at: number;
}

/** Every line that a series adds, in order; `paths` narrows it to files whose path after the patch fits. */
export function* addedLines(series: Series, paths?: RegExp): Generator<DiffLine, void, void> {
  for (const patch of series.patches) {
    for (const file of patch.files) {
      if (paths !== undefined && !paths.test(pathOf(file))) continue;
      for (const hunk of file.hunks) {
        for (const [at, line] of hunk.lines.entries()) {
          if (line.kind === 'add') yield { patch, file, hunk, line, at };
        }
      }
    }
  }
}

/**
 * Where the patch has a line of the file as it is after the patch: the hunk's line, or the file
 * when no hunk shows it.
 */
export function placeOfNewLine(
  patch: Patch,
  path: string,
  line: number,
): { place: Place; quote: string | null } {
  for (const file of patch.files) {
    if (pathOf(file) !== path) continue;
    for (const hunk of file.hunks) {
      const at = hunk.lines.findIndex((one) => one.newLine === line && one.kind !== 'del');
      const found = hunk.lines[at];
      if (found !== undefined) {
        return { place: atLine({ patch, file, hunk, line: found, at }), quote: found.text };
      }
    }
    return { place: inFile(patch, file), quote: null };
  }
  return { place: placed('mail', patch.index), quote: null };
}

/** A text of a patch as its lines with 1-based numbers: `message` is the body below the subject. */
export function* textLines(text: string): Generator<{ line: number; text: string }, void, void> {
  for (const [at, line] of text.split('\n').entries()) yield { line: at + 1, text: line };
}
