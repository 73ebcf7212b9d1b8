// SPDX-License-Identifier: MIT
/** `respin review diff`: two versions of a series, by patch and hunk, the comments beside what changed. */
import { printable } from '../core/escape.ts';
import { type Comment, isOwed } from '../core/review.ts';
import type { DiffOfDiffLine, HunkDiff, PatchDiff, VersionsDiff } from '../core/review-diff.ts';
import { stateWords } from './review-words.ts';

export interface DiffStyle {
  color: boolean;
  /** Unchanged lines shown around a changed one. */
  context: number;
  /** Columns; first words of a comment are cut to fit. */
  width: number;
}

const SAYS: Record<PatchDiff['change'], string> = {
  unchanged: '=',
  message: 'message',
  diff: 'diff',
  both: 'message and diff',
  added: 'new',
  dropped: 'dropped',
  unknown: 'its partner may be missing',
};

/** As git range-diff lists patches; below each the hunks that changed or were commented on. */
export function formatVersionsDiff(diff: VersionsDiff, style: DiffStyle): string {
  const byId = new Map(diff.comments.map((comment) => [comment.id, comment]));
  const out: string[] = [];
  for (const what of diff.missing) out.push(`not there: ${printable(what)}`);
  if (out.length > 0) out.push('');
  out.push(...elsewhereLines(diff, byId, style));
  for (const patch of diff.patches) out.push(...patchLines(patch, byId, diff, style), '');
  const open = diff.comments.filter(isOwed).length;
  const all = diff.comments.length;
  out.push(
    all === 0
      ? `no comments on ${diff.from}`
      : `${all} ${all === 1 ? 'comment' : 'comments'} on ${diff.from}, ${open} open`,
  );
  return `${out.join('\n')}\n`;
}

/** What is said of no patch that is there stands before the patches. */
function elsewhereLines(
  { elsewhere, from }: VersionsDiff,
  byId: ReadonlyMap<string, Comment>,
  style: DiffStyle,
): string[] {
  const titles = Map.groupBy(elsewhere, (id) => {
    const patch = byId.get(id)?.anchor.patch ?? null;
    if (patch === null) return `${from} as a whole`;
    return patch === 0 ? `cover letter of ${from}` : `${from} ${patch}, which is not here`;
  });
  return [...titles].flatMap(([title, ids]) => [
    bold(title, style),
    ...ids.flatMap((id) => commentLine(byId.get(id), style)),
    '',
  ]);
}

function patchLines(
  patch: PatchDiff,
  byId: ReadonlyMap<string, Comment>,
  diff: VersionsDiff,
  style: DiffStyle,
): string[] {
  const { before, after, subject } = patch;
  const number = (version: string, at: number | null): string => (at === null ? '-' : `${version} ${at}`);
  const title = printable(subject.after ?? subject.before ?? '');
  const lines = [
    bold(
      `${number(diff.from, before)} → ${number(diff.to, after)}  ${title}  [${SAYS[patch.change]}]`,
      style,
    ),
  ];
  if (subject.before !== null && subject.after !== null && subject.before !== subject.after) {
    lines.push(`    was: ${printable(subject.before)}`);
  }
  for (const id of patch.comments) lines.push(...commentLine(byId.get(id), style));
  if (patch.message.length > 0) lines.push('    commit message', ...shown(patch.message, byId, style));
  for (const hunk of patch.hunks) lines.push(...hunkLines(hunk, patch, byId, style));
  return lines;
}

const KINDS: Record<HunkDiff['kind'], string> = {
  same: 'unchanged',
  context: 'only its context',
  changed: 'changed',
  added: 'new',
  dropped: 'dropped',
};

function hunkLines(
  hunk: HunkDiff,
  patch: PatchDiff,
  byId: ReadonlyMap<string, Comment>,
  style: DiffStyle,
): string[] {
  const isQuiet = hunk.kind === 'same' || hunk.kind === 'context';
  if (isQuiet && hunk.comments.length === 0) return [];
  // The whole of a new or dropped patch is no news line by line.
  const whole = patch.before === null || patch.after === null;
  const kind = `  [${KINDS[hunk.kind]}]`;
  const head =
    cut(`    ${printable(hunk.file)}  ${printable(hunk.header)}`, style.width - kind.length) + kind;
  if (whole && hunk.comments.length === 0) return [];
  const atLines = new Set(hunk.lines.flatMap(({ comments }) => comments));
  const others = hunk.comments.filter((id) => !atLines.has(id));
  return [
    head,
    ...others.flatMap((id) => commentLine(byId.get(id), style)),
    ...shown(hunk.lines, byId, style),
  ];
}

/** Changed and commented lines with some around them. */
function shown(
  lines: readonly DiffOfDiffLine[],
  byId: ReadonlyMap<string, Comment>,
  style: DiffStyle,
): string[] {
  const near = lines.map(() => false);
  for (const [at, line] of lines.entries()) {
    if (line.mark === ' ' && line.comments.length === 0) continue;
    for (let one = at - style.context; one <= at + style.context; one++) if (one in near) near[one] = true;
  }
  const out: string[] = [];
  let cut = false;
  for (const [at, line] of lines.entries()) {
    if (near[at] !== true) {
      cut = true;
      continue;
    }
    if (cut && out.length > 0) out.push('      …');
    cut = false;
    out.push(paint(`      ${line.mark} ${printable(line.text)}`, line.mark, style));
    for (const id of line.comments) out.push(...commentLine(byId.get(id), style));
  }
  return out;
}

/** Of a comment, however wide it may be. */
const MOST_WORDS = 160;

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(20, width) - 1)}…` : text;
}

function commentLine(comment: Comment | undefined, style: DiffStyle): string[] {
  if (comment === undefined) return [];
  const words = printable(comment.text.replace(/\s+/g, ' '));
  const head = `        └ ${comment.id} ${stateWords(comment)}, ${printable(comment.author.name)}: `;
  // Where nothing is cut to fit, a robot's report is still not one line.
  const text = cut(words, Math.max(20, Math.min(MOST_WORDS, style.width - head.length)));
  return [style.color ? `\x1b[33m${head}${text}\x1b[0m` : `${head}${text}`];
}

function paint(text: string, mark: DiffOfDiffLine['mark'], { color }: DiffStyle): string {
  if (!color || mark === ' ') return text;
  return `\x1b[${mark === '+' ? 32 : 31}m${text}\x1b[0m`;
}

function bold(text: string, { color }: DiffStyle): string {
  return color ? `\x1b[1m${text}\x1b[0m` : text;
}
