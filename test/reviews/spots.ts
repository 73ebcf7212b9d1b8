// SPDX-License-Identifier: MIT
/** The lines of a mail that get a comment, each with as much quoted above it as a reader needs. */
import type { BodyLine, Place } from './diffs.ts';
import { commentRun, patchRun } from './pins.ts';
import type { Random } from './random.ts';
import type { Mail, ReplyPlan, Truth } from './reply.ts';

export interface Spot {
  /** The comment stands under this line, and all from `from` is quoted. */
  at: number;
  from: number;
  where: Partial<Truth>;
}

/** At most `plan.comments` spots from the top down; none where the bound of pins.ts cannot be kept. */
export function freeSpots(random: Random, parent: Mail, plan: ReplyPlan, truth: readonly Truth[]): Spot[] {
  const candidates = parent.parent === null ? patchLines(random, parent, plan) : answerable(random, parent);
  const wanted = [...(plan.under ?? []), ...candidates];
  const spots = new Map<number, Spot>();
  const answered = new Set<number>();
  for (const at of wanted) {
    if (spots.size >= plan.comments) break;
    if (spots.has(at)) continue;
    const line = parent.lines[at];
    const spot = line === undefined ? null : spotAt(random, parent, line, at, truth);
    if (spot === null) continue;
    if (line?.origin.kind === 'comment') {
      // Two answers to one comment would be two places for the same words.
      if (answered.has(line.origin.comment)) continue;
      answered.add(line.origin.comment);
    }
    spots.set(at, spot);
  }
  return [...spots.values()].sort((a, b) => a.at - b.at);
}

function spotAt(
  random: Random,
  parent: Mail,
  line: BodyLine,
  at: number,
  truth: readonly Truth[],
): Spot | null {
  const { origin } = line;
  const want = random.int(1, random.chance(0.3) ? 20 : 6);
  if (origin.kind === 'patch') {
    if (origin.place === null) return null;
    const from = patchRun(parent.lines, at, parent.pins, want);
    return from === null
      ? null
      : { at, from, where: { patch: parent.patch, ...origin.place, answers: null } };
  }
  const said = origin.kind === 'comment' ? truth[origin.comment] : undefined;
  const from = commentRun(parent.lines, at, want);
  if (said === undefined || from === null) return null;
  const { patch, on, file, hunk, side, line: number } = said;
  const where = { patch, on, file, hunk, side, line: number, answers: parent.messageId };
  return { at, from: withPatchLines(random, parent.lines, from), where };
}

/** Some who answer leave a line or two of the patch above the comment. */
function withPatchLines(random: Random, lines: readonly BodyLine[], from: number): number {
  const most = random.chance(0.5) ? 0 : random.int(1, 8);
  let start = from;
  while (start > 0 && from - start < most && lines[start - 1]?.origin.kind !== 'other') start--;
  return start;
}

/** Lines of a patch, most of them of its hunks, hardly any blank ones, in random order. */
function patchLines(random: Random, parent: Mail, plan: ReplyPlan): number[] {
  const by: Record<Place['on'], number[]> = { line: [], message: [], notes: [], cover: [] };
  for (const [at, { text, origin }] of parent.lines.entries()) {
    if (origin.kind !== 'patch' || origin.place === null) continue;
    const blank = /^[ +-]?\s*$/.test(text);
    if (blank && (plan.styles.has('page') || origin.place.on !== 'line' || !random.chance(0.2))) continue;
    by[origin.place.on].push(at);
  }
  const kinds: Place['on'][] = [
    'line',
    'line',
    'line',
    'line',
    'line',
    'line',
    'line',
    'message',
    'notes',
    'cover',
  ];
  const order: number[] = [];
  for (let tries = 0; tries < 40; tries++) {
    const list = by[random.pick(kinds)];
    if (list.length > 0) order.push(random.pick(list));
  }
  return order;
}

/** The ends of the paragraphs of the mail's own words; and some lines of the patch that it quotes. */
function answerable(random: Random, parent: Mail): number[] {
  const own: number[] = [];
  const quoted: number[] = [];
  for (const [at, { text, origin }] of parent.lines.entries()) {
    const next = parent.lines[at + 1];
    if (text.trim() === '') continue;
    if (origin.kind === 'comment' && origin.messageId === parent.messageId) {
      if (next === undefined || next.text.trim() === '' || next.origin.kind !== 'comment') own.push(at);
    } else if (origin.kind === 'patch' && origin.place?.on === 'line' && /[a-z]/i.test(text)) {
      // A line that a mailer has broken is not one to point at.
      const index = (line: BodyLine | undefined): number =>
        line?.origin.kind === 'patch' ? line.origin.index : -1;
      if (index(next) !== origin.index && index(parent.lines[at - 1]) !== origin.index) quoted.push(at);
    }
  }
  const others = random.chance(0.15) && quoted.length > 0 ? [random.pick(quoted)] : [];
  return [...others, ...random.shuffle(own)];
}
