// SPDX-License-Identifier: MIT
/** The lines of a patch mail, whole or as far as somebody quoted it → message, notes, files and hunks. */
import type { FileDiff, Hunk } from '../../core/series.ts';
import { HUNK_HEADER } from '../../patches/diff-sections.ts';
import { type Place, placesOf } from './places.ts';

export interface PatchText {
  /** Of the commit message; its first line is line 1. */
  message: string[];
  notes: string[];
  /** With as many lines as there are. */
  files: FileDiff[];
  /** Paths of files with a hunk that ends before its counts do. */
  cut: Set<string>;
}

export function readPatchText(
  lines: readonly string[],
  places: readonly Place[] = placesOf(lines),
): PatchText {
  const text: PatchText = { message: [], notes: [], files: [], cut: new Set() };
  let file: FileDiff | null = null;
  let hunk: Hunk | null = null;
  let olds = 0;
  const endHunk = (): void => {
    if (hunk !== null && file !== null && !isWhole(hunk)) text.cut.add(pathOf(file));
    hunk = null;
  };
  for (const [at, place] of places.entries()) {
    const line = lines[at] ?? '';
    if (place.in === 'message') text.message.push(line.trimEnd());
    else if (place.in === 'notes') text.notes.push(line.trimEnd());
    else if (place.in === 'file') {
      const before: Place | undefined = places[at - 1];
      const goesOn = before?.in === 'file' && !line.startsWith('diff --git ');
      endHunk();
      if (file === null || !goesOn) {
        file = newFile(place.file);
        text.files.push(file);
      }
      readHeader(file, line);
    } else if (place.in === 'hunk') {
      endHunk();
      if (file === null) {
        file = newFile(place.file);
        text.files.push(file);
      }
      hunk = newHunk(place.hunk);
      olds = 0;
      if (hunk !== null) file.hunks.push(hunk);
    } else if (place.in === 'line') {
      addLine(hunk, line, place.line, olds);
      if (!line.startsWith('+')) olds++;
    }
  }
  endHunk();
  while (text.message.at(-1) === '') text.message.pop();
  return text;
}

/** The path a file is known by: the new one, or the old one where it is deleted. */
export function pathOf(file: FileDiff): string {
  return file.newPath ?? file.oldPath ?? '';
}

function newFile(path: string): FileDiff {
  return { oldPath: path, newPath: path, change: 'modified', binary: false, hunks: [] };
}

function readHeader(file: FileDiff, line: string): void {
  if (line.startsWith('new file mode') || line.startsWith('--- /dev/null')) {
    file.change = 'added';
    file.oldPath = null;
  } else if (line.startsWith('deleted file mode') || line.startsWith('+++ /dev/null')) {
    file.change = 'deleted';
    file.oldPath = file.oldPath ?? file.newPath;
    file.newPath = null;
  } else if (line.startsWith('rename from ')) {
    file.change = 'renamed';
    file.oldPath = line.slice('rename from '.length);
  } else if (line.startsWith('copy from ')) {
    file.change = 'copied';
    file.oldPath = line.slice('copy from '.length);
  } else if (/^(?:Binary files|GIT binary patch)/.test(line)) {
    file.binary = true;
  }
}

function newHunk(header: string): Hunk | null {
  const match = HUNK_HEADER.exec(header);
  if (match === null) return null;
  return {
    header,
    heading: (match[5] ?? '').trim(),
    oldStart: Number(match[1]),
    oldCount: Number(match[2] ?? 1),
    newStart: Number(match[3]),
    newCount: Number(match[4] ?? 1),
    lines: [],
  };
}

function addLine(hunk: Hunk | null, line: string, number: number, olds: number): void {
  if (hunk === null) return;
  const mark = line.charAt(0);
  const text = mark === '+' || mark === '-' || mark === ' ' ? line.slice(1) : line;
  if (mark === '-') {
    hunk.lines.push({ kind: 'del', text, oldLine: number, newLine: null });
  } else if (mark === '+') {
    hunk.lines.push({ kind: 'add', text, oldLine: null, newLine: number });
  } else {
    hunk.lines.push({ kind: 'context', text, oldLine: hunk.oldStart + olds, newLine: number });
  }
}

function isWhole(hunk: Hunk): boolean {
  const olds = hunk.lines.filter(({ kind }) => kind !== 'add').length;
  const news = hunk.lines.filter(({ kind }) => kind !== 'del').length;
  return olds === hunk.oldCount && news === hunk.newCount;
}
