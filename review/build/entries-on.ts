// SPDX-License-Identifier: MIT
/** The entries of a changelog that speak of a comment. */
import type { Changelog, ChangelogEntry, Evidence } from '../../core/review.ts';
import type { Person } from '../../core/series.ts';
import { samePerson } from '../../patches/trailer-person.ts';
import type { FoundComment } from '../anchors/comments.ts';
import { type CommentWords, namesIn, wordsOf } from './comment-words.ts';
import type { Correspondence, VersionPatches } from './version-patches.ts';

export interface FateContext {
  /** Oldest first. */
  versions: readonly VersionPatches[];
  correspondence: Correspondence;
  /** By version. */
  changelogs: ReadonlyMap<string, readonly Changelog[]>;
  /** All there are: an entry is on the one it fits best. */
  comments: readonly FoundComment[];
}

interface Match {
  /** More is surer; 0 when nothing speaks for it. */
  strength: number;
  /** One ordinary word in common, and the credit. */
  isWeak: boolean;
  /** It speaks of the dropped patch that the comment is on, whoever is credited. */
  ofDropped: boolean;
  credited: boolean;
}

/**
 * An entry with an identifier of the comment or of its own line; one that credits the reviewer and
 * has a telling word of the comment or of the changed lines it quotes, or does what was asked; what
 * context is quoted says nothing. Somebody with ten comments is credited in an entry on each: one
 * that has only a word in common with this comment and fits another of theirs better is on that one.
 * Those that surely are on it come first.
 * @param isGone its line was in no version before this one any more: the line's words say nothing
 */
export function entriesOn(
  comment: FoundComment,
  version: string,
  context: FateContext,
  isGone: boolean,
): Evidence[] {
  const isOfAnother = ofAnotherPatch(comment, version, context);
  const found: { entry: Evidence; strength: number }[] = [];
  for (const log of context.changelogs.get(version) ?? []) {
    if (log.version !== version) continue;
    for (const entry of log.entries) {
      if (isOfAnother(log, entry.text)) continue;
      const match = matchOf(comment, entry, version, context, isGone);
      if (match.strength === 0 || isRathers(comment, match, entry, version, context)) continue;
      const evidence = { kind: 'changelog' as const, text: entry.text, source: version };
      found.push({ entry: evidence, strength: match.strength });
    }
  }
  return found
    .sort((a, b) => b.strength - a.strength)
    .slice(0, 3)
    .map(({ entry }) => entry);
}

const NOTHING: Match = { strength: 0, isWeak: false, ofDropped: false, credited: false };

function matchOf(
  comment: FoundComment,
  entry: ChangelogEntry,
  version: string,
  context: FateContext,
  isGone: boolean,
): Match {
  const words = known(comment, context);
  const { names, verb, credits } = entryWords(entry);
  const credited = credits.length > 0 && isCredited(words, entryWords(entry));
  if (words.isRobot && !credited) return NOTHING;
  const dropped = namesIn(droppedSubject(comment, version, context));
  const ofOwn = names.some((one) => words.own.has(one));
  const ofLine = !isGone && names.some((one) => words.onLine.has(one));
  const inCommon = names.filter(
    (one) => words.said.has(one) || (!isGone && words.near.has(one)) || dropped.has(one),
  ).length;
  const ofVerb = credited && words.verbs.has(verb);
  const isDropping = /^(?:drop|remove)/.test(verb);
  const ofDropped = names.filter((one) => dropped.has(one)).length > (isDropping ? 0 : 1);
  const isSure = ofOwn || ofLine || ofVerb || ofDropped;
  if (!isSure && !(credited && inCommon > 0)) return NOTHING;
  return {
    strength:
      (ofOwn ? 4 : ofLine || ofVerb || ofDropped ? 3 : 0) + Math.min(inCommon, 3) + (credited ? 3 : 0),
    isWeak: !isSure && inCommon < 2,
    ofDropped,
    credited,
  };
}

/** Whether the entry is rather on another comment: on one it fits better, or on one of whom it credits. */
function isRathers(
  comment: FoundComment,
  match: Match,
  entry: ChangelogEntry,
  version: string,
  context: FateContext,
): boolean {
  const isOthers = entry.credit !== null && !match.credited && !match.ofDropped;
  if (!match.isWeak && !isOthers) return false;
  const order = (name: string): number => context.versions.findIndex((one) => one.version === name);
  const [own, now] = [order(comment.version), order(version)];
  return context.comments.some((other) => {
    const at = order(other.version);
    if (other === comment || at < 0 || at >= now) return false;
    if (!isOthers && other.author.email !== comment.author.email) return false;
    if (!isCredited(known(other, context), entryWords(entry))) return false;
    const { strength } = matchOf(other, entry, version, context, false);
    if (isOthers) return strength > 0;
    // Of two that it fits as well, what was said last is meant.
    return strength > match.strength || (strength === match.strength && at > own);
  });
}

interface Known extends CommentWords {
  /** Of the name, and of the name in the address. */
  person: ReadonlySet<string>;
}

interface EntryWords {
  names: readonly string[];
  verb: string;
  /** Who is credited, each in parts. */
  credits: readonly (readonly string[])[];
}

// Each comment is held against each entry, and those that are alike against each other.
const comments = new WeakMap<FoundComment, Known>();
const entries = new WeakMap<ChangelogEntry, EntryWords>();

function known(comment: FoundComment, { versions }: FateContext): Known {
  const there = comments.get(comment);
  if (there !== undefined) return there;
  const { name, email } = comment.author;
  const person = new Set([...partsOf(name), ...partsOf(email.split('@')[0] ?? '')]);
  const answers = comment.replies.filter((one) => isAuthor(comment, versions, one.author));
  const words = { ...wordsOf(comment, answers), person };
  comments.set(comment, words);
  return words;
}

function entryWords(entry: ChangelogEntry): EntryWords {
  const there = entries.get(entry);
  if (there !== undefined) return there;
  const credits = (entry.credit ?? '').split(',').map(partsOf);
  const words = {
    names: [...namesIn(entry.text)],
    verb: verbOf(entry.text),
    credits: credits.filter((parts) => parts.length > 0),
  };
  entries.set(entry, words);
  return words;
}

function isCredited({ person }: Known, { credits }: EntryWords): boolean {
  return credits.some((parts) => parts.every((part) => person.has(part)));
}

function partsOf(name: string): string[] {
  return name
    .slice(0, 200)
    .toLowerCase()
    .split(/[^\p{L}\p{N}'’-]+/u)
    .filter((part) => part.length > 2);
}

/** `patch 2: split off …`: what was done. */
function verbOf(text: string): string {
  return /^(?:patch #?\d{1,4}(?:\/\d{1,4})? ?[:,–-] ?)?([a-z]{3,20})\b/i.exec(text)?.[1]?.toLowerCase() ?? '';
}

/** Whether somebody is the author of the version a comment is on, from whatever address. */
export function isAuthor(
  { version }: FoundComment,
  versions: readonly VersionPatches[],
  who: Person,
): boolean {
  const author = versions.find((one) => one.version === version)?.mails.posting.mails[0]?.from;
  return author !== undefined && samePerson(author, who) !== 'no';
}

/** An entry says which patch was dropped by what that was about. */
function droppedSubject(
  { anchor, version }: FoundComment,
  to: string,
  { correspondence }: FateContext,
): string {
  if (anchor.patch === null || correspondence.pairOf(anchor.patch, version, to)?.after !== null) return '';
  return correspondence.patch(version, anchor.patch)?.mail.subject.subject ?? '';
}

/** `patch 4: …`, or the changelog below `---` of a patch that another one has become. */
function ofAnotherPatch(
  { anchor, version }: FoundComment,
  to: string,
  { correspondence }: FateContext,
): (log: Changelog, text: string) => boolean {
  const { patch } = anchor;
  if (patch === null) return () => false;
  const now = correspondence.pairOf(patch, version, to)?.after ?? null;
  const others = new Set(
    correspondence.pairs(version, to).flatMap(({ before, after }) => (before === patch ? [] : [after])),
  );
  others.delete(null);
  return (log, text) => {
    if (log.patch > 0 && log.patch !== now && others.has(log.patch)) return true;
    const named = /^(?:note: ?)?patch #?(\d{1,4})(?:\/\d{1,4})? ?[:,–-]/i.exec(text)?.[1];
    return named !== undefined && Number(named) !== patch && Number(named) !== now;
  };
}
