// SPDX-License-Identifier: MIT
/** Which trailers go into the patches of a version, and which do not, and why. */
import { printable } from '../../core/escape.ts';
import type { SettledTrailer } from '../../core/review.ts';
import { carried } from '../../patches/trailer-carried.ts';
import { approvalsOf } from '../../patches/trailer-value.ts';
import { scopeOfNote } from '../trailers/trailer-scope.ts';
import { isAddress } from './addresses.ts';

export interface TrailerPlan {
  /** By patch number, in the order they were given; empty lists are left out. */
  add: Map<number, { line: string; trailer: SettledTrailer }[]>;
  /** Given, and not added: conditional, stale, withdrawn, mismatched, or not fit for a line. */
  left: { line: string; patches: number[]; why: string }[];
  /** What the patches carry and should not, a sentence each; it is not taken out. */
  doubts: string[];
}

/** @param trailers of the version the patches are of, settled for it */
export function planTrailers(
  patches: readonly { index: number; body: string }[],
  trailers: readonly SettledTrailer[],
): TrailerPlan {
  const { carried: there, missing } = carried(patches, trailers);
  const plan: TrailerPlan = { add: new Map(), left: [], doubts: [] };
  const counting = trailers.filter(({ counts }) => counts === true);
  for (const trailer of trailers) {
    const line = trailerLine(trailer) ?? shown(trailer);
    const refuses = approvalsOf(trailer.kind).every((one) => one === 'nacked');
    if (trailer.counts === true && !refuses && trailerLine(trailer) !== null) continue;
    // Given again since: that one is added.
    const renewed = (patch: number): boolean =>
      counting.some(
        (one) =>
          one !== trailer &&
          one.kind === trailer.kind &&
          sameAddress(one, trailer) &&
          one.patches.includes(patch),
      );
    const open = trailer.patches.filter((patch) => !renewed(patch));
    if (trailer.patches.length > 0 && open.length === 0) continue;
    const why = whyNot(trailer, refuses);
    // Given to two versions, and of no more use for the same reason.
    const said = plan.left.find((one) => one.line === line && one.why === why);
    if (said === undefined) plan.left.push({ line, patches: open, why });
    else said.patches = [...new Set([...said.patches, ...open])].sort((a, b) => a - b);
  }
  for (const { patch, trailer } of missing) {
    const line = trailerLine(trailer);
    if (line === null || approvalsOf(trailer.kind).every((one) => one === 'nacked')) continue;
    const lines = plan.add.get(patch) ?? [];
    if (!lines.some((one) => one.line === line)) lines.push({ line, trailer });
    plan.add.set(patch, lines);
  }
  for (const { patch, kind, name, state, trailer } of there) {
    if (state === 'given' || state === 'met' || state === 'unseen') continue;
    const why = trailer === null ? '' : `: ${whyNot(trailer, false)}`;
    plan.doubts.push(`patch ${patch} carries ${printable(`${kind}: ${name}`)}, which is in doubt${why}`);
  }
  return plan;
}

/**
 * As it stands in a commit message; null when it cannot: a masked address, or characters no line
 * of a message has. A note stays when it says what the tag is for, patches aside: those it stands in.
 */
export function trailerLine({ kind, name, email, note }: SettledTrailer): string | null {
  const line = `${kind}: ${name.trim()} <${email}>`;
  if (name.trim() === '' || !isAddress(email) || !isPlain(line) || /[<>]/.test(name)) return null;
  const scope = note === null || scopeOfNote(note) !== null ? null : note;
  const kept = scope !== null && /^[#([]/.test(scope) && scope.length <= 80 && isPlain(scope);
  return kept ? `${line} ${scope}` : line;
}

function isPlain(text: string): boolean {
  return printable(text) === text && !text.includes('\t');
}

function shown({ kind, name, email }: SettledTrailer): string {
  return printable(`${kind}: ${name} <${email}>`);
}

function sameAddress(one: SettledTrailer, other: SettledTrailer): boolean {
  return one.email.toLowerCase() === other.email.toLowerCase();
}

function whyNot(trailer: SettledTrailer, refuses: boolean): string {
  if (refuses) return 'it is against the patch';
  if (trailer.counts === true) return 'its name or address is not fit for a line';
  const { state, condition, why, counts } = trailer;
  const said =
    state === 'conditional' && condition !== null
      ? `conditional: "${printable(condition.replace(/\s+/g, ' ').slice(0, 120))}"`
      : state === 'given' || state === 'met'
        ? null
        : state;
  const reason = why === null ? null : printable(why);
  const words = [said, reason].filter((one) => one !== null);
  return words.length > 0 ? words.join(', ') : counts === null ? 'could not tell whether it counts' : state;
}
