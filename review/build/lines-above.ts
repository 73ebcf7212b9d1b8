// SPDX-License-Identifier: MIT
/**
 * The changed lines above a comment's own line. People quote a line too many: the comment stands
 * below the line it is about, and that one may be rewritten while this one stays.
 */
import type { Anchor, Evidence, Side } from '../../core/review.ts';
import type { HunkLine } from '../../core/series.ts';
import { pathOf } from '../anchors/patch-text.ts';
import type { LineMap } from '../versions/line-map.ts';
import type { VersionPatch } from './version-patches.ts';

/** How far above a context line its change may begin, and how much of it counts. */
const NEAR = 3;
const MOST_ABOVE_CONTEXT = 6;
/** Above an added or removed line. */
const MOST_ABOVE_CHANGE = 3;
/** Those next to the comment say which. */
const MOST_EVIDENCE = 3;

/**
 * The quoted lines right above the anchor that are not in the later version as they were.
 * @param lines follows the patch's lines into that version
 */
export function rewrittenAbove(anchor: Anchor, patch: VersionPatch, lines: LineMap, to: string): Evidence[] {
  const { file } = anchor;
  if (file === null) return [];
  const quoted = new Set(anchor.quoted.map((line) => line.trimEnd()));
  return changesAbove(anchor, patch)
    .filter((line) => quoted.has(asQuoted(line)) && /\w/.test(line.text))
    .filter((line) => {
      const side: Side = line.kind === 'del' ? 'old' : 'new';
      const number = side === 'old' ? line.oldLine : line.newLine;
      if (number === null) return false;
      return ['changed', 'removed', 'file-dropped'].includes(lines(file, side, number).what);
    })
    .slice(-MOST_EVIDENCE)
    .map((line) => ({ kind: 'interdiff', text: asQuoted(line), source: to }));
}

function changesAbove(anchor: Anchor, patch: VersionPatch): HunkLine[] {
  const file = patch.text.files.find((one) => pathOf(one) === anchor.file || one.oldPath === anchor.file);
  const hunk = file?.hunks.find(({ header }) => header === anchor.hunk);
  const all = hunk?.lines ?? [];
  const at = all.findIndex((line) =>
    anchor.side === 'old'
      ? line.kind === 'del' && line.oldLine === anchor.line
      : line.kind !== 'del' && line.newLine === anchor.line,
  );
  if (at < 0) return [];
  const isChange = (index: number): boolean => all[index] !== undefined && all[index].kind !== 'context';
  const own = isChange(at);
  let last = at - 1;
  if (!own) while (last >= at - NEAR && !isChange(last)) last--;
  if (last < at - NEAR || !isChange(last)) return [];
  let first = last;
  const most = own ? MOST_ABOVE_CHANGE : MOST_ABOVE_CONTEXT;
  while (last - first + 1 < most && isChange(first - 1)) first--;
  return all.slice(first, last + 1);
}

function asQuoted({ kind, text }: HunkLine): string {
  return `${kind === 'del' ? '-' : '+'}${text}`.trimEnd();
}
