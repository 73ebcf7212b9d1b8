// SPDX-License-Identifier: MIT
/** A review → what is still owed on it: open comments where they are now, trailers that do not count. */
import {
  type Comment,
  type Evidence,
  type FateKind,
  isApplied,
  isOwed,
  type Review,
  type SettledTrailer,
} from '../core/review.ts';
import { isObjection, onceEach } from './review-tags.ts';
import { trailersOf } from './review-trailers.ts';
import { ageOf } from './review-words.ts';

export interface OwedFilter {
  /** The closed ones as well. */
  all?: boolean;
  /** A part of the name or the address of who said it or replied to it; case does not matter. */
  by?: string;
  /** Only what was said of this version. */
  version?: string;
}

export interface OwedComment {
  comment: Comment;
  /** How many versions came after the one it was said of. */
  age: number;
  /** What became of it in the newest version; null when it was said of that one. */
  fate: Comment['fate'][number] | null;
  /** Where to look in the newest version; null when it is not there or that could not be told. */
  now: { patch: number | null; file: string | null; line: number | null } | null;
  /** Of all versions after it, oldest first. */
  evidence: Evidence[];
}

export interface Owed {
  newest: string;
  comments: OwedComment[];
  open: number;
  /** Of the open ones: nits, and those on a version that was applied, or on one before it. */
  nits: number;
  past: number;
  closed: number;
  /** Tags whose condition nobody has called met. */
  conditional: SettledTrailer[];
  /** Tags that were good for an earlier version, or named somebody else. */
  lost: SettledTrailer[];
  /** Objections that stand. */
  objections: SettledTrailer[];
  /**
   * Patches of the newest version without a Reviewed-by or Acked-by that counts, and those of which that could not
   * be told; null when only a part was asked for.
   */
  unreviewed: number[] | null;
  unsure: number[] | null;
}

const APPROVES = /(?:^|-)(?:reviewed|acked)-(?:[a-z-]+-)?by$/i;

/**
 * In the order of the newest version: series, cover letter, patches and their files; what is not there comes
 * last. Nits come behind all others, in the same order.
 */
export function owedOf(review: Review, filter: OwedFilter = {}): Owed {
  const newest = review.versions.at(-1);
  const wanted = review.comments.filter(
    ({ author, replies, version }) =>
      [author, ...replies.map((reply) => reply.author)].some(({ name, email }) =>
        isBy(name, email, filter.by),
      ) &&
      (filter.version === undefined || version === filter.version),
  );
  const open = wanted.filter(isOwed);
  const isPast = pastOf(review);
  const given = onceEach(
    trailersOf(review).filter(
      ({ name, email, version }) =>
        isBy(name, email, filter.by) && (filter.version === undefined || version === filter.version),
    ),
  );
  const trailers = given.filter((one) => !isObjection(one));
  const order = orderIn(review);
  const comments = (filter.all === true ? wanted : open)
    .map((comment, at) => ({ owed: owedComment(review, comment), at }))
    .map((one) => ({ ...one, key: [Number(one.owed.comment.weight === 'nit'), ...order(one.owed)] }))
    .sort((a, b) => compare(a.key, b.key) || a.at - b.at)
    .map(({ owed }) => owed);
  const whole = filter.by === undefined && filter.version === undefined;
  const isDone = newest !== undefined && isApplied(newest);
  return {
    newest: newest?.version ?? '',
    comments,
    open: open.length,
    nits: open.filter((one) => one.weight === 'nit' && !isPast(one)).length,
    past: open.filter(isPast).length,
    closed: wanted.filter(({ state }) => state !== 'open').length,
    // Nobody gives a tag to what is applied.
    conditional: trailers.filter(({ state }) => !isDone && state === 'conditional'),
    lost: trailers.filter(({ state }) => !isDone && (state === 'stale' || state === 'mismatched')),
    objections: given.filter(
      (one) => isObjection(one) && one.state !== 'withdrawn' && one.state !== 'mismatched',
    ),
    unreviewed: whole ? (isDone ? [] : without(review, true)) : null,
    unsure: whole ? (isDone ? [] : without(review, null)) : null,
  };
}

/** On a version that was applied, or on one before it: it goes on in a patch of its own, if at all. */
function pastOf({ versions }: Review): (comment: Comment) => boolean {
  const past = versions.slice(0, versions.findLastIndex(isApplied) + 1);
  const names = new Set(past.map(({ version }) => version));
  // What is on no version in particular goes with the newest.
  if (past.length > 0 && past.length === versions.length) return () => true;
  return ({ version }) => names.has(version);
}

/** Whether `by` is a part of the name or address; everybody is, where it is not given. */
export function isBy(name: string, email: string, by: string | undefined): boolean {
  if (by === undefined) return true;
  const wanted = by.toLowerCase();
  return name.toLowerCase().includes(wanted) || email.toLowerCase().includes(wanted);
}

function owedComment(review: Review, comment: Comment): OwedComment {
  const age = ageOf(review, comment.version);
  const fate = comment.fate.at(-1) ?? null;
  const evidence = comment.fate.flatMap((one) => one.evidence);
  return { comment, age, fate, now: nowOf(comment, age, fate), evidence };
}

function nowOf({ anchor }: Comment, age: number, fate: OwedComment['fate']): OwedComment['now'] {
  // The series and the cover letter have no lines to lose.
  const here = age === 0 || anchor.on === 'series' || anchor.on === 'cover';
  const at = here ? anchor : (fate?.anchor ?? null);
  return at === null
    ? null
    : { patch: at.patch, file: at.file, line: age > 0 && anchor.on === 'cover' ? null : at.line };
}

const LAST = Number.MAX_SAFE_INTEGER;

function orderIn(review: Review): (one: OwedComment) => number[] {
  const files = new Map<string, number>();
  for (const { index, files: all } of review.versions.at(-1)?.patches ?? []) {
    for (const [at, { path }] of all.entries()) files.set(`${index} ${path}`, at + 1);
  }
  return ({ now, fate }) => {
    if (now === null) return [LAST, GONE.has(fate?.what ?? 'unknown') ? 1 : 0];
    const file = now.file === null ? 0 : (files.get(`${now.patch} ${now.file}`) ?? LAST);
    return [now.patch ?? -1, file, now.line ?? 0];
  };
}

/** Fates that leave nothing to look at, as far as is known. */
export const GONE: ReadonlySet<FateKind> = new Set(['removed', 'file-dropped', 'patch-dropped']);

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}

/** Patches of the newest version that nobody approved; with `null` those where it could not be told. */
function without(review: Review, counted: true | null): number[] {
  const approving = trailersOf(review).filter((one) => APPROVES.test(one.kind) && !isObjection(one));
  const by = (counts: boolean | null): Set<number> =>
    new Set(approving.filter((one) => one.counts === counts).flatMap(({ patches }) => patches));
  const [good, perhaps] = [by(true), by(null)];
  // A tag whose patches could not be told may be for any of them.
  const anywhere = approving.some((one) => one.counts === null && one.patches.length === 0);
  const newest = review.versions.at(-1);
  // Nobody gives a tag to what is applied.
  const taken = new Set(newest?.applied?.patches);
  const open = (newest?.patches ?? [])
    .map(({ index }) => index)
    .filter((one) => !good.has(one) && !taken.has(one));
  const unsure = open.filter((one) => anywhere || perhaps.has(one));
  return counted === null ? unsure : open.filter((one) => !unsure.includes(one));
}
