// SPDX-License-Identifier: MIT
/**
 * A diff → files and hunks.
 *
 * parse-diff reads the lines of hunks. The rest is done here and in diff-sections.ts, because
 * parse-diff 0.12 loses renames, modes and binary parts, leaves quoted names quoted, takes a
 * truncated hunk for whole and reports `\ No newline at end of file` as a line of its own.
 */
import parseHunks from 'parse-diff';
import { printable } from '../core/escape.ts';
import type { FileChange, FileDiff, Hunk, HunkLine } from '../core/series.ts';
import { damaged, truncated } from './diff-errors.ts';
import { type DiffSection, describe, diffSections, HUNK_HEADER } from './diff-sections.ts';

/**
 * The files of a diff as git or diff(1) writes it. Text around it (a commit message, a
 * signature) is passed over. Lines of hunks keep a carriage return that belongs to the file.
 * @throws RespinError PATCH_TRUNCATED when a hunk ends before its counts or a file has no content
 *   where its header promises some; MAIL_DAMAGED when a line cannot stand where it stands
 */
export function parseDiff(text: string): FileDiff[] {
  return diffSections(text).map(fileOf);
}

/** Files that a diff only says to differ: binary, and without the data to change them. */
export function binaryWithoutData(text: string): string[] {
  return diffSections(text)
    .filter((section) => section.binary === 'none')
    .map(describe);
}

/** The 0-based line the first file of a diff begins on; null when there is no diff. */
export function diffStart(text: string): number | null {
  return diffSections(text)[0]?.startLine ?? null;
}

function fileOf(section: DiffSection): FileDiff {
  const hunks = hunksOf(section);
  const { oldPath, newPath } = pathsOf(section);
  const change = changeOf(section, oldPath, newPath, hunks.length > 0);
  const oldMode = change === 'added' ? undefined : section.oldMode;
  const newMode = change === 'deleted' ? undefined : section.newMode;
  return {
    oldPath,
    newPath,
    change,
    ...(oldMode === undefined ? {} : { oldMode }),
    ...(newMode === undefined ? {} : { newMode }),
    binary: section.binary !== 'no',
    hunks,
  };
}

function pathsOf(section: DiffSection): { oldPath: string | null; newPath: string | null } {
  const { oldSide, newSide, gitNames } = section;
  if (section.git) {
    const from = section.renameFrom ?? section.copyFrom;
    const to = section.renameTo ?? section.copyTo;
    const old = from ?? oldSide?.name ?? gitNames?.old ?? newSide?.name ?? null;
    const next = to ?? newSide?.name ?? gitNames?.new ?? oldSide?.name ?? null;
    if (old === null || next === null) throw damaged('a file in the diff has no name');
    if (from === undefined && to === undefined && old !== next) {
      throw damaged(`a file in the diff has two names: ${printable(old)} and ${printable(next)}`);
    }
    for (const [side, name] of [
      [oldSide, old],
      [newSide, next],
    ] as const) {
      if (side !== null && side.name !== null && side.name !== name) {
        throw damaged(`a file in the diff has two names: ${printable(name)} and ${printable(side.name)}`);
      }
    }
    return {
      oldPath: section.isNew || isNull(oldSide) ? null : old,
      newPath: section.isDeleted || isNull(newSide) ? null : next,
    };
  }
  if (oldSide === null || newSide === null || (isNull(oldSide) && isNull(newSide))) {
    throw damaged('a file in the diff has no name');
  }
  // diff(1) names both sides for a new file and dates the old one 1970; git apply goes by the hunk.
  return { oldPath: oldSide.name, newPath: newSide.name };
}

function isNull(side: { name: string | null } | null): boolean {
  return side !== null && side.name === null;
}

function changeOf(
  section: DiffSection,
  oldPath: string | null,
  newPath: string | null,
  hasHunks: boolean,
): FileChange {
  const change = ((): FileChange => {
    if (section.renameFrom !== undefined) return 'renamed';
    if (section.copyFrom !== undefined) return 'copied';
    if (oldPath === null) return 'added';
    if (newPath === null) return 'deleted';
    const { oldMode, newMode } = section;
    const otherMode = oldMode !== undefined && newMode !== undefined && oldMode !== newMode;
    return otherMode && !hasHunks && section.binary === 'no' ? 'mode' : 'modified';
  })();
  if (section.git && !hasHunks && section.binary === 'no' && !mayBeEmpty(section, change)) {
    throw truncated(`the patch says that ${describe(section)} changes and then has no hunk for it`);
  }
  return change;
}

/** The blob of an empty file, SHA-1 and SHA-256. */
const EMPTY_BLOBS = [
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
];

/** Whether a file may stand in a diff without any hunk. */
function mayBeEmpty(section: DiffSection, change: FileChange): boolean {
  const isEmpty = (blob: string | undefined): boolean =>
    blob !== undefined && EMPTY_BLOBS.some((empty) => empty.startsWith(blob));
  if (section.index === undefined) {
    // Without an index line nothing but names and modes changes.
    if (section.similarity !== undefined && section.similarity < 100) return false;
    if (change === 'renamed') return section.renameTo !== undefined;
    if (change === 'copied') return section.copyTo !== undefined;
    return change === 'mode';
  }
  if (change === 'added') return isEmpty(section.index[1]);
  if (change === 'deleted') return isEmpty(section.index[0]);
  return section.index[0] === section.index[1];
}

function hunksOf(section: DiffSection): Hunk[] {
  if (section.hunkLines.length === 0) return [];
  // parse-diff knows this line in one spelling only; diff(1) translates it.
  const lines = section.hunkLines.map((line) =>
    line.startsWith('\\') ? '\\ No newline at end of file' : line,
  );
  // A file name of our own: what parse-diff would make of the real one is not used.
  const [file, ...more] = parseHunks(`--- a/file\n+++ b/file\n${lines.join('\n')}\n`);
  if (file === undefined || more.length > 0) {
    throw damaged(`the hunks of ${describe(section)} cannot be read`);
  }
  return file.chunks.map((chunk) => hunkOf(chunk, section));
}

function hunkOf(chunk: parseHunks.Chunk, section: DiffSection): Hunk {
  const header = chunk.content.replace(/\r$/, '');
  const lines: HunkLine[] = [];
  for (const change of chunk.changes) {
    if (change.content.startsWith('\\')) {
      const last = lines.at(-1);
      if (last) last.noNewline = true;
      continue;
    }
    lines.push({
      kind: change.type === 'normal' ? 'context' : change.type,
      text: change.content.slice(1),
      oldLine: change.type === 'normal' ? change.ln1 : change.type === 'del' ? change.ln : null,
      newLine: change.type === 'normal' ? change.ln2 : change.type === 'add' ? change.ln : null,
    });
  }
  const oldCount = lines.filter((line) => line.kind !== 'add').length;
  const newCount = lines.filter((line) => line.kind !== 'del').length;
  if (oldCount !== chunk.oldLines || newCount !== chunk.newLines) {
    throw truncated(
      `${describe(section)}, hunk "${header}": the header promises ${chunk.oldLines} old and ` +
        `${chunk.newLines} new lines, ${oldCount} and ${newCount} are there`,
    );
  }
  return {
    header,
    heading: (HUNK_HEADER.exec(header)?.[5] ?? '').trim(),
    oldStart: chunk.oldStart,
    oldCount,
    newStart: chunk.newStart,
    newCount,
    lines,
  };
}
