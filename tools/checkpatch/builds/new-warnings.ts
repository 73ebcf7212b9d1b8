// SPDX-License-Identifier: MIT
/** Warnings before and after a patch → those that are new. */
import type { Patch } from '../../../core/series.ts';
import { pathOf } from '../places.ts';

export interface Warning {
  /** Relative to the tree. */
  path: string;
  /** 1-based; null when only the file is known. */
  line: number | null;
  text: string;
}

/**
 * A set by file and words: a warning that a patch moves is no new one. When a file has more of
 * one kind than before, those in lines the patch adds are taken for the new ones.
 */
export function newWarnings(before: readonly Warning[], after: readonly Warning[], patch: Patch): Warning[] {
  const left = new Map<string, number>();
  for (const warning of before) left.set(keyOf(warning), (left.get(keyOf(warning)) ?? 0) + 1);
  const added = addedIn(patch);
  const isAdded = ({ path, line }: Warning): boolean => line !== null && added.has(`${path}:${line}`);
  // Old lines use up what was there before.
  const ordered = after.toSorted((a, b) => Number(isAdded(a)) - Number(isAdded(b)));
  const fresh = ordered.filter((warning) => {
    const count = left.get(keyOf(warning)) ?? 0;
    if (count === 0) return true;
    left.set(keyOf(warning), count - 1);
    return false;
  });
  return fresh.toSorted((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : (a.line ?? 0) - (b.line ?? 0),
  );
}

function keyOf({ path, text }: Warning): string {
  return `${path}\0${text}`;
}

function addedIn(patch: Patch): Set<string> {
  const lines = new Set<string>();
  for (const file of patch.files) {
    for (const { lines: all } of file.hunks) {
      for (const line of all) if (line.kind === 'add') lines.add(`${pathOf(file)}:${line.newLine}`);
    }
  }
  return lines;
}

/** gcc and clang name the option that turns a warning on; what sparse says has none. */
export function isCompilers({ text }: Warning): boolean {
  return /\[-W[\w=+-]+\]$/.test(text);
}
