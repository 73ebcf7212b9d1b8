// SPDX-License-Identifier: MIT
/** The lines of the patched tree that the series added, each with the patch and the hunk it comes from. */
import type { FileDiff, Hunk, Series } from '../../core/series.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { at, fileAt, git } from '../../kernel-tree/git.ts';
import { parseDiff } from '../../patches/diff.ts';

/** Where an added line stands in the patch that added it. */
export interface Origin {
  /** 1-based number of the patch. */
  patch: number;
  /** The whole `@@` line. */
  hunk: string;
  /** The line's number on the new side of the hunk. */
  at: number;
}

export interface OwnedLine {
  text: string;
  /** null for a line of the base. */
  origin: Origin | null;
}

export interface PatchedFile {
  path: string;
  lines: OwnedLine[];
}

/**
 * The files that have lines of the series, with all their lines. The hunks are those of the mails as long as they lead
 * to the file that was committed; where `git am` had to merge, those of the commit.
 * @throws RespinError GIT_FAILED, TREE_BROKEN (machine)
 */
export async function addedLines(applied: AppliedSeries, series: Series): Promise<PatchedFile[]> {
  const { gitDir, commit: base } = applied.tree;
  const files = new Map<string, OwnedLine[]>();
  const before = async (name: string): Promise<OwnedLine[]> =>
    files.get(name) ??
    linesOf((await fileAt(gitDir, base, name)) ?? '').map((text) => ({ text, origin: null }));
  for (const [index, { commit }] of applied.patches.entries()) {
    const mailed = series.patches[index]?.files ?? [];
    let own: FileDiff[] | null = null;
    const next = new Map<string, OwnedLine[] | null>();
    for (const file of mailed.filter(({ binary }) => !binary)) {
      const { oldPath, newPath } = file;
      if (newPath === null) {
        if (oldPath !== null) next.set(oldPath, null);
        continue;
      }
      const old = oldPath === null ? [] : await before(oldPath);
      const wanted = linesOf((await fileAt(gitDir, commit, newPath)) ?? '');
      let made = applyHunks(old, file.hunks, index + 1);
      if (made === null || !sameText(made, wanted)) {
        own ??= parseDiff(
          await git(at(gitDir), ['diff', '--no-color', '--no-ext-diff', '-M', `${commit}^`, commit]),
        );
        const hunks = own.find((one) => one.newPath === newPath)?.hunks ?? [];
        made = applyHunks(old, hunks, index + 1);
      }
      next.set(newPath, made ?? wanted.map((text) => ({ text, origin: null })));
      if (file.change === 'renamed' && oldPath !== null) next.set(oldPath, null);
    }
    for (const [name, lines] of next) {
      if (lines === null) files.delete(name);
      else files.set(name, lines);
    }
  }
  return [...files]
    .filter(([, lines]) => lines.some(({ origin }) => origin !== null))
    .map(([path, lines]) => ({ path, lines }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The lines with the hunks applied; null when one does not fit. A hunk may stand some lines further up or down than it
 * says, as for patch(1): the nearest place where its old side stands is taken.
 * @param patch the number that the added lines get
 */
export function applyHunks(
  lines: readonly OwnedLine[],
  hunks: readonly Hunk[],
  patch: number,
): OwnedLine[] | null {
  const result: OwnedLine[] = [];
  let taken = 0;
  let drift = 0;
  for (const hunk of hunks) {
    const old = hunk.lines.filter(({ kind }) => kind !== 'add').map(({ text }) => text);
    // Of an empty side diff names the line before it.
    const says = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
    const start = placeOf(lines, old, says + drift, taken);
    if (start === null) return null;
    drift = start - says;
    for (; taken < start; taken++) result.push(lines[taken] as OwnedLine);
    for (const { kind, text, newLine } of hunk.lines) {
      if (kind === 'context') result.push(lines[taken++] as OwnedLine);
      else if (kind === 'del') taken++;
      else result.push({ text, origin: { patch, hunk: hunk.header, at: newLine ?? 0 } });
    }
  }
  result.push(...lines.slice(taken));
  return result;
}

function placeOf(
  lines: readonly OwnedLine[],
  old: readonly string[],
  wanted: number,
  least: number,
): number | null {
  const last = lines.length - old.length;
  const fits = (start: number): boolean =>
    start >= least && start <= last && old.every((text, at) => lines[start + at]?.text === text);
  for (let away = 0; away <= lines.length; away++) {
    if (fits(wanted + away)) return wanted + away;
    if (fits(wanted - away)) return wanted - away;
  }
  return null;
}

/** Without the empty one behind the last line end. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function sameText(lines: readonly OwnedLine[], wanted: readonly string[]): boolean {
  return lines.length === wanted.length && lines.every(({ text }, at) => text === wanted[at]);
}
