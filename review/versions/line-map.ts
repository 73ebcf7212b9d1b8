// SPDX-License-Identifier: MIT
/**
 * What became of a line of a patch's diff in the next version of the patch.
 *
 *   in the same order beside the same lines? ──yes──► unchanged
 *        │ no
 *   much like it at its place?               ──yes──► changed
 *        │ no
 *   same text, new somewhere else?           ──yes──► moved
 *        │ no
 *   something new at its place?              ──yes──► changed
 *        │ no
 *   added or removed by the patch, or its whole place is shown? ──yes──► removed
 *        │ no
 *   unknown: context that the next version does not show
 *
 * Text is compared, never a line number: the base may have moved.
 */
import { once } from '../../core/once.ts';
import type { FateKind, Side } from '../../core/review.ts';
import type { FileDiff, Hunk } from '../../core/series.ts';
import { type Aligned, align, type DiffLine, diffLinesOf } from './aligned-lines.ts';
import { movedLines, type NewLines } from './moved-lines.ts';
import { pairFiles, pathOf } from './pair-files.ts';
import { type Gap, gapFinder, replaced, rewritten } from './rewritten-line.ts';

export interface LineFate {
  /** `patch-dropped` is never found here. */
  what: FateKind;
  /** Where the line is now: its file by the path after the patch; all null when it is nowhere. */
  file: string | null;
  hunk: Hunk | null;
  side: Side | null;
  line: number | null;
  /** 0 to 1: how alike the texts are; 0 when the line is nowhere. */
  similarity: number;
}

/** A line by file (the path after the patch, or before it), side and 1-based number. */
export type LineMap = (file: string, side: Side, line: number) => LineFate;

/** Much like it: nothing of the same text elsewhere is looked for. */
const MUCH = 0.8;

/**
 * Follows lines of `before`, a patch's diff, into `after`, the same patch's in the next version.
 * Removed means gone from the patch: of a removed line, that the patch does not remove it any more.
 * Context that is now added or removed, or the other way round, has changed. A line that is in no
 * hunk of `before` is unknown.
 * @param all the files of all patches of the next version: a line may have moved to another patch.
 *   Those of `after` may be among them, as the same objects
 */
export function lineMap(
  before: readonly FileDiff[],
  after: readonly FileDiff[],
  all: readonly FileDiff[] = [],
): LineMap {
  const partnerOf = pairFiles(before, after);
  const own = new Set(after);
  const others = all.filter((file) => !own.has(file));
  // Most maps are asked for a few lines of one file.
  const followed = before.map((file, at) => {
    const next = after[partnerOf[at] ?? -1];
    return once((): Followed | null => (next === undefined ? null : follow(file, next)));
  });
  const linesOf = before.map((file, at) => once(() => followed[at]?.()?.aligned.before ?? diffLinesOf(file)));
  const moves = once(() => {
    const gone = new Map<string, number>();
    const sources: NewLines[] = [];
    before.forEach((_, at) => {
      const aligned = followed[at]?.()?.aligned;
      linesOf[at]?.().forEach(({ key }, line) => {
        if ((aligned?.partner[line] ?? -1) < 0) gone.set(key, (gone.get(key) ?? 0) + 1);
      });
      if (aligned) {
        sources.push({ lines: aligned.after, isNew: (line) => aligned.taken[line] === 0, other: false });
      }
    });
    const paired = new Set(partnerOf);
    after.forEach((file, at) => {
      if (!paired.has(at)) sources.push({ lines: diffLinesOf(file), isNew: () => true, other: false });
    });
    for (const file of others) sources.push({ lines: diffLinesOf(file), isNew: () => true, other: true });
    return { find: movedLines(sources), gone };
  });
  const movedTo = (lines: readonly DiffLine[], at: number): DiffLine | null =>
    moves().find(lines, at, moves().gone.get(lines[at]?.key ?? '') === 1);

  return (path, side, number) => {
    for (const place of [pathOf, (file: FileDiff) => file.oldPath]) {
      for (const [index, file] of before.entries()) {
        if (place(file) !== path) continue;
        const lines = linesOf[index]?.() ?? [];
        const at = lines.findIndex(({ line }) => (side === 'old' ? line.oldLine : line.newLine) === number);
        if (at < 0) continue;
        const both = followed[index]?.() ?? null;
        if (both !== null) return fateIn(both, at, movedTo);
        return fateWithout(lines, at, movedTo, others);
      }
    }
    return nowhere('unknown');
  };
}

type MovedTo = (lines: readonly DiffLine[], at: number) => DiffLine | null;

/** A file that both versions have. */
interface Followed {
  aligned: Aligned;
  gapAt: (at: number) => Gap;
}

function follow(before: FileDiff, after: FileDiff): Followed {
  const aligned = align(before, after);
  return { aligned, gapAt: gapFinder(aligned) };
}

function fateIn({ aligned, gapAt }: Followed, at: number, movedTo: MovedTo): LineFate {
  const same = aligned.after[aligned.partner[at] ?? -1];
  if (same !== undefined) return found('unchanged', same, 1);
  const gap = gapAt(at);
  const like = rewritten(aligned, gap, at);
  if (like !== null && like.similarity >= MUCH) return found('changed', like.line, like.similarity);
  const moved = movedTo(aligned.before, at);
  if (moved !== null) return found('moved', moved, 1);
  const now = like ?? replaced(aligned, gap, at);
  if (now !== null) return found('changed', now.line, now.similarity);
  const shown = gap.whole || aligned.before[at]?.line.kind !== 'context';
  return nowhere(shown ? 'removed' : 'unknown');
}

/** The patch has the file no more. */
function fateWithout(
  lines: readonly DiffLine[],
  at: number,
  movedTo: MovedTo,
  others: readonly FileDiff[],
): LineFate {
  const moved = movedTo(lines, at);
  if (moved !== null) return found('moved', moved, 1);
  const one = lines[at];
  const elsewhere = others.some((file) => one !== undefined && pathOf(file) === pathOf(one.file));
  if (!elsewhere) return nowhere('file-dropped');
  return nowhere(one?.line.kind === 'context' ? 'unknown' : 'removed');
}

function found(what: FateKind, { file, hunk, line }: DiffLine, similarity: number): LineFate {
  const side = line.kind === 'del' ? 'old' : 'new';
  return {
    what,
    file: pathOf(file),
    hunk,
    side,
    line: side === 'old' ? line.oldLine : line.newLine,
    similarity,
  };
}

function nowhere(what: FateKind): LineFate {
  return { what, file: null, hunk: null, side: null, line: null, similarity: 0 };
}
