// SPDX-License-Identifier: MIT
/**
 * Mails → series and their versions. What was sent together is a posting; postings are one series
 * when something says so: a thread, a change-id, a link to an earlier version, title or subjects.
 */
import { versionOrder } from '../../core/version-name.ts';
import { nearestAbove } from './answered.ts';
import type { ReviewMail } from './mail.ts';
import { type Posting, postingsOf } from './postings.ts';

export interface VersionMails {
  /** `v3`, `rfc-v1`, `v2.1`: see core/version-name.ts. */
  version: string;
  /** Message-ID → patch number, 0 for the cover letter; resent mails as well. */
  positions: ReadonlyMap<string, number>;
  posting: Posting;
}

export interface SeriesMails {
  title: string;
  /** Oldest first. */
  versions: VersionMails[];
  replies: ReviewMail[];
}

/** What a person has said of mails that nothing else tells: Message-ID → version. */
export type ManualLinks = ReadonlyMap<string, string>;

export interface Grouped {
  series: SeriesMails[];
  /** Mails of no series: talk that answers no patch that is there. */
  rest: ReviewMail[];
}

export interface GroupOptions {
  links?: ManualLinks;
  /** All postings are of one series. */
  together?: boolean;
  /** Message-IDs of mails whose postings are of one series, as who put them together has said. */
  oneSeries?: readonly Iterable<string>[];
}

/** `fix typo` says nothing. */
const LONG_TITLE = 24;

/** @param given one a Message-ID, in any order */
export function groupSeries(given: readonly ReviewMail[], options: GroupOptions = {}): Grouped {
  // Where two choices are as good, one must not hang on which mail came first.
  const mails = [...given].sort(byDate);
  const links = options.links ?? new Map<string, string>();
  const postings = postingsOf(mails);
  const sets = new DisjointSets(postings.length);
  const owner = new Map<string, number>();
  for (const [at, posting] of postings.entries()) {
    for (const { messageId } of posting.mails) owner.set(messageId, at);
  }
  joinByKey(postings, sets, owner);
  const linked = postings.flatMap((one, at) => (one.mails.some((m) => links.has(m.messageId)) ? [at] : []));
  for (const at of linked) sets.join(linked[0] ?? at, at);
  if (options.together) for (const at of postings.keys()) sets.join(0, at);
  for (const ids of options.oneSeries ?? []) {
    const of = [...ids].flatMap((id) => owner.get(id) ?? []);
    for (const at of of) sets.join(of[0] ?? at, at);
  }
  const series = new Map<number, SeriesMails>();
  for (const [at, posting] of postings.entries()) {
    const root = sets.root(at);
    const one = series.get(root) ?? { title: '', versions: [], replies: [] };
    one.versions.push({ version: '', positions: new Map(), posting });
    series.set(root, one);
  }
  for (const one of series.values()) nameVersions(one, links);
  const rest = assignReplies(mails, owner, sets, series, postings);
  return { series: [...series.values()], rest };
}

function joinByKey(
  postings: readonly Posting[],
  sets: DisjointSets,
  owner: ReadonlyMap<string, number>,
): void {
  const first = new Map<string, number>();
  const join = (key: string, at: number): void => {
    const other = first.get(key);
    if (other === undefined) first.set(key, at);
    else sets.join(other, at);
  };
  for (const [at, posting] of postings.entries()) {
    const { author } = posting;
    if (posting.changeId !== null) join(`change-id ${posting.changeId}`, at);
    const title = titleKey(posting.title);
    // Without a letter it says nothing.
    if (title !== '') join(`title ${title} ${author}`, at);
    // A next version of a title of many words is of the same series, whoever has taken it over.
    const isLong = title.length > LONG_TITLE;
    if (isLong && posting.number > 1) join(`title ${title}`, at);
    else if (isLong && !first.has(`title ${title}`)) first.set(`title ${title}`, at);
    for (const subject of posting.subjects.map(titleKey)) {
      if (subject !== '') join(`subject ${subject} ${author}`, at);
    }
    for (const id of [...posting.answers, ...posting.links]) {
      const other = owner.get(id);
      if (other !== undefined && postings[other]?.author === author) sets.join(other, at);
    }
  }
}

function titleKey(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function nameVersions(series: SeriesMails, links: ManualLinks): void {
  const byDate = [...series.versions].sort((a, b) => order(a.posting.date, b.posting.date));
  const named: VersionMails[] = [];
  for (const one of byDate) {
    const { posting } = one;
    const manual = posting.mails.map((mail) => links.get(mail.messageId)).find((name) => name !== undefined);
    const number = `v${posting.number}`;
    const clash = byDate.some(
      (other) => other !== one && other.posting.number === posting.number && !other.posting.rfc,
    );
    const wanted = manual ?? (posting.rfc && clash ? `rfc-${number}` : number);
    // Sent twice under one number without being the same: whoever did it forgot to count.
    const version = manual ?? freeVersion(wanted, posting, named);
    const same = named.find((other) => other.version === version);
    if (same === undefined) {
      const positions = new Map(posting.mails.map((mail) => [mail.messageId, positionOf(mail, posting)]));
      named.push({ version, positions, posting });
    } else {
      // Sent again, or the rest of it: what was there first stays, what is new is added.
      addResent(same, posting);
    }
  }
  series.versions = named.sort(
    (a, b) => versionOrder(a.version) - versionOrder(b.version) || order(a.posting.date, b.posting.date),
  );
  series.title = (series.versions.findLast(hasTitle) ?? series.versions.at(-1))?.posting.title ?? '';
}

/**
 * What a series' folder is named by: the oldest version that has a title of its own. It stays the
 * same when versions are added behind, under whatever title.
 */
export function firstTitle({ versions, title }: SeriesMails): string {
  return (versions.find(hasTitle) ?? versions[0])?.posting.title ?? title;
}

/** Without a cover letter the first of many patches names only itself. */
function hasTitle({ posting }: VersionMails): boolean {
  return posting.total < 2 || posting.mails.some(({ role }) => role === 'cover');
}

function freeVersion(wanted: string, posting: Posting, named: readonly VersionMails[]): string {
  for (let more = 0; ; more++) {
    const version = more === 0 ? wanted : `${wanted}.${more}`;
    const there = named.find((one) => one.version === version);
    if (there === undefined || isResent(there.posting, posting)) return version;
  }
}

/** The same patches again, or those of them that were missing. */
function isResent(first: Posting, again: Posting): boolean {
  if (first.total !== again.total) return false;
  const subjects = new Map(
    first.mails.map((mail) => [positionOf(mail, first), titleKey(mail.subject.subject)]),
  );
  return again.mails.every((mail) => {
    const there = subjects.get(positionOf(mail, again));
    return there === undefined || there === titleKey(mail.subject.subject);
  });
}

function addResent(into: VersionMails, posting: Posting): void {
  const positions = new Map(into.positions);
  const mails = [...into.posting.mails];
  for (const mail of posting.mails) {
    const position = positionOf(mail, posting);
    positions.set(mail.messageId, position);
    const there = mails.some((one) => positionOf(one, into.posting) === position);
    if (!there) mails.push(mail);
  }
  into.positions = positions;
  into.posting = { ...into.posting, mails, total: Math.max(into.posting.total, posting.total) };
}

/** 0 for a cover letter. */
export function positionOf(mail: ReviewMail, posting: Posting): number {
  if (mail.role === 'cover') return 0;
  return mail.subject.index ?? posting.mails.filter((one) => one.role === 'patch').indexOf(mail) + 1;
}

function assignReplies(
  mails: readonly ReviewMail[],
  owner: ReadonlyMap<string, number>,
  sets: DisjointSets,
  series: ReadonlyMap<number, SeriesMails>,
  postings: readonly Posting[],
): ReviewMail[] {
  const bySubject = new Map<string, number>();
  for (const [at, posting] of postings.entries()) {
    for (const mail of posting.mails) bySubject.set(titleKey(mail.subject.subject), at);
  }
  const byThread = nearestAbove(mails, ({ answers }) => {
    const known = answers.find((id) => owner.has(id));
    return known === undefined ? null : (owner.get(known) ?? null);
  });
  const bySubjects = nearestAbove(mails, ({ subject }) => bySubject.get(titleKey(subject.subject)) ?? null);
  const rest: ReviewMail[] = [];
  for (const mail of mails) {
    if (owner.has(mail.messageId)) continue;
    const at = byThread(mail) ?? bySubjects(mail);
    const one = at === null ? undefined : series.get(sets.root(at));
    if (one === undefined) rest.push(mail);
    else one.replies.push(mail);
  }
  return rest;
}

function byDate(a: ReviewMail, b: ReviewMail): number {
  return (
    order(a.date, b.date) ||
    (a.subject.index ?? 0) - (b.subject.index ?? 0) ||
    order(a.messageId, b.messageId)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Union-find with path halving (Tarjan and van Leeuwen, 1984). */
class DisjointSets {
  readonly #parents: number[];

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, at) => at);
  }

  root(at: number): number {
    let one = at;
    for (;;) {
      const parent = this.#parents[one] ?? one;
      if (parent === one) return one;
      const above = this.#parents[parent] ?? parent;
      this.#parents[one] = above;
      one = above;
    }
  }

  join(a: number, b: number): void {
    const [first, second] = [this.root(a), this.root(b)].sort((x, y) => x - y);
    if (first !== undefined && second !== undefined) this.#parents[second] = first;
  }
}
