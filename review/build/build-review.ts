// SPDX-License-Identifier: MIT
/** The mails of a series → its review, but for what people decided. */
import {
  type Comment,
  REVIEW_SCHEMA,
  type Review,
  type ReviewProblem,
  type ReviewVersion,
  type SettledTrailer,
  type Trailer,
} from '../../core/review.ts';
import { versionOrder } from '../../core/version-name.ts';
import type { FoundComment } from '../anchors/comments.ts';
import { readComments, type SeriesComments } from '../anchors/read-comments.ts';
import type { ManualLinks, SeriesMails } from '../mails/group-series.ts';
import { settleTrailers } from '../trailers/trailer-settle.ts';
import { trailersOf } from '../trailers/trailers.ts';
import { nameChangelogs } from './changelog-names.ts';
import { fatesOf } from './fates.ts';
import { giveNotices } from './notices.ts';
import { versionOf } from './version.ts';
import { Correspondence, type VersionPatches, versionPatches } from './version-patches.ts';

export interface BuiltReview {
  review: Review;
  versions: VersionPatches[];
  correspondence: Correspondence;
  comments: SeriesComments;
}

export interface BuildOptions {
  name: string;
  links: ManualLinks;
  problems: readonly ReviewProblem[];
  /** Whether a person has said that a trailer's condition is met, and why. */
  met: (trailer: Trailer) => { version: string; why: string } | null;
  /** As it was when this was the newest version: what came later is left out. */
  upTo?: string;
}

export function buildReview(series: SeriesMails, options: BuildOptions): BuiltReview {
  const all = versionPatches(series);
  const last = options.upTo === undefined ? -1 : all.findIndex(({ version }) => version === options.upTo);
  const versions = last < 0 ? all : all.slice(0, last + 1);
  const correspondence = new Correspondence(versions);
  // Of all versions: what was said of a later one must not be taken for words on this one.
  const comments = readComments(series);
  const shown = versions.map((one): ReviewVersion => {
    const version = versionOf(one);
    return { ...version, changelog: nameChangelogs(version.changelog, one.version, all) };
  });
  const changelogs = new Map(shown.map((one) => [one.version, one.changelog]));
  const context = { versions, correspondence, changelogs, comments: comments.comments };
  const isLater = laterThan(all, versions);
  const found = comments.comments
    .filter(({ version }) => !isLater(version))
    .map(
      (comment): Comment => ({
        ...comment,
        state: 'open',
        decision: null,
        fate: fatesOf(comment, context),
      }),
    );
  for (const comment of found) place(comment, shown);
  giveNotices(shown, comments);
  giveTrailers(shown, settled(comments, versions, correspondence, isLater, options));
  return {
    review: {
      schema: REVIEW_SCHEMA,
      series: options.name,
      title: series.title,
      versions: shown,
      comments: found.sort(inReadingOrder(shown)),
      orphans: [],
      problems: [...options.problems],
    },
    versions,
    correspondence,
    comments,
  };
}

function laterThan(
  all: readonly VersionPatches[],
  kept: readonly VersionPatches[],
): (version: string) => boolean {
  const later = new Set(all.slice(kept.length).map(({ version }) => version));
  return (version) => later.has(version);
}

/** Puts a comment's id on the hunk, patch or cover letter it is about. */
function place(comment: FoundComment, versions: readonly ReviewVersion[]): void {
  const { anchor, id } = comment;
  const version = versions.find((one) => one.version === comment.version);
  if (version === undefined || anchor.patch === null) return;
  if (anchor.patch === 0) {
    version.cover?.comments.push(id);
    return;
  }
  const patch = version.patches.find(({ index }) => index === anchor.patch);
  const hunk = patch?.files
    .find(({ path }) => path === anchor.file)
    ?.hunks.find(({ header }) => header === anchor.hunk);
  (hunk ?? patch)?.comments.push(id);
}

function settled(
  { thread, positionOfReply }: SeriesComments,
  versions: readonly VersionPatches[],
  correspondence: Correspondence,
  isLater: (version: string) => boolean,
  { met }: BuildOptions,
): SettledTrailer[] {
  const last = versions.at(-1);
  if (last === undefined) return [];
  const totals = new Map(versions.map((one) => [one.version, one.mails.posting.total]));
  const given: Trailer[] = [];
  const replies = [...thread.read.values()]
    .filter(({ mail }) => mail.role === 'reply' || mail.role === 'other')
    .sort((a, b) => (a.mail.date < b.mail.date ? -1 : a.mail.date > b.mail.date ? 1 : 0));
  for (const { mail, blocks } of replies) {
    const position = positionOfReply(mail);
    const version = position?.version ?? mail.subject.version;
    if (isLater(version)) continue;
    given.push(
      ...trailersOf({
        from: mail.from,
        messageId: mail.messageId,
        version,
        patch: position?.patch ?? null,
        total: totals.get(version) ?? null,
        own: blocks.map(({ lines }) => lines),
      }),
    );
  }
  return settleTrailers(given, {
    version: last.version,
    count: (version) => totals.get(version) ?? null,
    later: (patch, from, to) => {
      const pair = correspondence.pairOf(patch, from, to);
      if (pair === undefined) return null;
      const quotedOnly = [
        correspondence.patch(from, patch),
        pair.after === null ? null : correspondence.patch(to, pair.after),
      ].some((one) => one?.mail.quotedOnly === true);
      const changed = pair.change === 'diff' || pair.change === 'both';
      return { patch: pair.after, changed: quotedOnly ? null : changed };
    },
    met,
  });
}

function giveTrailers(versions: readonly ReviewVersion[], trailers: readonly SettledTrailer[]): void {
  for (const trailer of trailers) {
    const version = versions.find((one) => one.version === trailer.version) ?? versions.at(-1);
    version?.trailers.push(trailer);
  }
}

/** By version, then as one reads the series: cover, patches, their files, lines. */
function inReadingOrder(versions: readonly ReviewVersion[]): (a: Comment, b: Comment) => number {
  const fileOrder = new Map<string, number>();
  for (const { version, patches } of versions) {
    for (const { index, files } of patches) {
      for (const [at, { path }] of files.entries()) fileOrder.set(`${version} ${index} ${path}`, at);
    }
  }
  const key = (one: Comment): number[] => [
    versionOrder(one.version),
    one.anchor.patch ?? -1,
    one.anchor.on === 'line' || one.anchor.on === 'file' ? 1 : 0,
    fileOrder.get(`${one.version} ${one.anchor.patch} ${one.anchor.file}`) ?? 0,
    one.anchor.line ?? 0,
  ];
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    for (const [at, value] of left.entries()) {
      const other = right[at] ?? 0;
      if (value !== other) return value - other;
    }
    return a.date < b.date ? -1 : a.date > b.date ? 1 : a.id < b.id ? -1 : 1;
  };
}
