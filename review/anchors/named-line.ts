// SPDX-License-Identifier: MIT
/**
 * A line of a whole patched file, by number → the line of a hunk that it is. Back from the patch that
 * was built through those it stands on, as git blame goes: each takes the lines it added out again.
 *
 *     net/x.c:57 ── patch 3: 4 lines more above ──► 53 ── patch 2: does not touch it ──► 53 ── patch 1: added it
 */
import type { FileDiff, Hunk, HunkLine } from '../../core/series.ts';
import { pathOf } from './patch-text.ts';
import { squeeze } from './quote-lines.ts';
import type { NamedLine } from './robot-report.ts';

export interface NumberedPatch {
  /** 1-based. */
  patch: number;
  files: readonly FileDiff[];
}

export interface HunkSpot {
  patch: number;
  file: FileDiff;
  hunk: Hunk;
  line: HunkLine;
}

export interface Located {
  /** The patch that is meant, as far as that is known. */
  patch: number | null;
  /** Null when no patch touches the file. */
  file: string | null;
  /** Null when no hunk holds the line. */
  spot: HunkSpot | null;
  confidence: number;
}

/** A line as short as a brace is everywhere. */
const TELLING = 6;
const SAME_TEXT = 1;
const BY_NUMBER = 0.9;
/** The base was another one: the text is there, at another number. */
const BY_TEXT = 0.85;
const NOT_IN_A_HUNK = 0.6;

/**
 * @param patches of the version, in any order
 * @param about the patch that was built; null or 0 for the whole series
 */
export function locate(named: NamedLine, patches: readonly NumberedPatch[], about: number | null): Located {
  const last = about === null || about === 0 ? Number.POSITIVE_INFINITY : about;
  const back = patches.filter(({ patch }) => patch <= last).sort((a, b) => b.patch - a.patch);
  const name = nameIn(named.file, back);
  const numbered = name === null ? null : byNumber(named.line, name, back, about);
  const code = named.code === null ? '' : squeeze(named.code);
  const isSame = ({ line }: HunkSpot): boolean => squeeze(line.text) === code;
  const patch = back.find(({ files }) => files.some((file) => pathOf(file) === name))?.patch;
  if (numbered !== null && (code === '' || isSame(numbered))) {
    const confidence = code === '' ? BY_NUMBER : SAME_TEXT;
    return { patch: numbered.patch, file: pathOf(numbered.file), spot: numbered, confidence };
  }
  const spot = name === null || code.length < TELLING ? null : byText(isSame, name, back);
  if (spot !== null) return { patch: spot.patch, file: pathOf(spot.file), spot, confidence: BY_TEXT };
  return { patch: patch ?? about, file: name, spot: null, confidence: NOT_IN_A_HUNK };
}

/** As the patches write it: a robot that builds elsewhere has folders in front. */
function nameIn(printed: string, patches: readonly NumberedPatch[]): string | null {
  const names = new Set(patches.flatMap(({ files }) => files.map(pathOf)));
  const path = printed.replace(/^(?:\.{1,2}\/)+/, '');
  if (names.has(path)) return path;
  return [...names].find((name) => name.includes('/') && path.endsWith(`/${name}`)) ?? null;
}

function byNumber(
  number: number,
  name: string,
  back: readonly NumberedPatch[],
  about: number | null,
): HunkSpot | null {
  let [at, path] = [number, name];
  let context: HunkSpot | null = null;
  for (const { patch, files } of back) {
    const file = files.find((one) => one.newPath === path);
    if (file === undefined) continue;
    const hunk = file.hunks.find(({ newStart, newCount }) => newStart <= at && at < newStart + newCount);
    const line = hunk?.lines.find(({ newLine }) => newLine === at);
    if (hunk !== undefined && line !== undefined) {
      const spot = { patch, file, hunk, line };
      if (line.kind === 'add' || patch === about) return spot;
      context ??= spot;
    }
    at = line?.oldLine ?? at - addedAbove(file, at);
    path = file.oldPath ?? path;
  }
  return context;
}

function addedAbove(file: FileDiff, line: number): number {
  return file.hunks
    .filter(({ newStart, newCount }) => newStart + newCount <= line)
    .reduce((sum, { newCount, oldCount }) => sum + newCount - oldCount, 0);
}

/** Null when it is there more than once: which is meant cannot be told. */
function byText(
  isSame: (spot: HunkSpot) => boolean,
  name: string,
  back: readonly NumberedPatch[],
): HunkSpot | null {
  for (const { patch, files } of back) {
    const spots = files
      .filter((file) => pathOf(file) === name)
      .flatMap((file) =>
        file.hunks.flatMap((hunk) => hunk.lines.map((line) => ({ patch, file, hunk, line }))),
      )
      .filter((spot) => spot.line.kind !== 'del' && isSame(spot));
    const added = spots.filter(({ line }) => line.kind === 'add');
    const [only, ...others] = added.length > 0 ? added : spots;
    if (only !== undefined) return others.length === 0 ? only : null;
  }
  return null;
}
