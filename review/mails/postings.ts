// SPDX-License-Identifier: MIT
/** Patch mails and cover letters → what was sent together: one posting of one version. */
import { isMadeUp, type ReviewMail } from './mail.ts';
import { seriesFactsOf } from './series-facts.ts';

export interface Posting {
  /** The cover letter first, then by number. */
  mails: ReviewMail[];
  /** Whose it is: the sender's address, lower case. */
  author: string;
  title: string;
  /** Of its patches, without brackets. */
  subjects: string[];
  /** The number behind the v. */
  number: number;
  rfc: boolean;
  resend: boolean;
  /** How many patches it says it has. */
  total: number;
  /** ISO date of its first mail. */
  date: string;
  /** b4's `change-id:`; null without. */
  changeId: string | null;
  baseCommit: string | null;
  prerequisites: string[];
  /** Message-IDs of mails it answers that are not of it. */
  answers: string[];
  /** Message-IDs in the links of its cover letter and notes. */
  links: string[];
}

/** Mails without a thread of their own, sent by one person within this time, are one posting. */
const TOGETHER_MS = 6 * 3_600_000;

export function postingsOf(mails: readonly ReviewMail[]): Posting[] {
  const originals = mails.filter(({ role }) => role === 'cover' || role === 'patch');
  const byId = new Map(originals.map((mail) => [mail.messageId, mail]));
  const groups = new Map<string, ReviewMail[]>();
  /** Groups by sender, version and count: where a mail without a thread may belong. */
  const alike = new Map<string, string[]>();
  const keyOf = new Map<string, string>();
  // Roots first, so that the patches below find them.
  const sorted = [...originals].sort(
    (a, b) => (a.subject.index ?? 1) - (b.subject.index ?? 1) || order(a.date, b.date),
  );
  for (const mail of sorted) {
    const parent = mail.answers
      .map((id) => byId.get(id))
      .find((one) => one !== undefined && together(one, mail));
    const key =
      (parent === undefined ? undefined : keyOf.get(parent.messageId)) ??
      unthreaded(mail, groups, alike.get(alikeKey(mail)) ?? []) ??
      mail.messageId;
    keyOf.set(mail.messageId, key);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [mail]);
      const others = alike.get(alikeKey(mail));
      if (others === undefined) alike.set(alikeKey(mail), [key]);
      else others.push(key);
    } else {
      group.push(mail);
    }
  }
  return joinHalves([...groups.values()], keyOf)
    .map(postingOf)
    .sort((a, b) => order(a.date, b.date));
}

/** Of one posting some mails may say RFC and others not: what answers one that lacks just these is the rest of it. */
function joinHalves(groups: ReviewMail[][], keyOf: ReadonlyMap<string, string>): ReviewMail[][] {
  const byKey = new Map(groups.map((group) => [keyOf.get(group[0]?.messageId ?? '') ?? '', group]));
  for (const [key, group] of byKey) {
    const above = group
      .flatMap(({ answers }) => answers.map((id) => keyOf.get(id)))
      .find((one) => one !== undefined && one !== key && isOtherHalf(byKey.get(one), group));
    const other = above === undefined ? undefined : byKey.get(above);
    if (other === undefined) continue;
    other.push(...group);
    byKey.delete(key);
  }
  return [...byKey.values()];
}

function isOtherHalf(one: readonly ReviewMail[] | undefined, other: readonly ReviewMail[]): boolean {
  const [first, second] = [one?.[0], other[0]];
  if (one === undefined || first === undefined || second === undefined) return false;
  const indices = new Set(one.map(({ subject }) => subject.index));
  return (
    isRfc(first) !== isRfc(second) &&
    isResend(first) === isResend(second) &&
    first.subject.total !== null &&
    alikeKey(first) === alikeKey(second) &&
    other.every(({ subject }) => subject.index !== null && !indices.has(subject.index))
  );
}

function sameVersion(a: ReviewMail, b: ReviewMail): boolean {
  return (
    a.subject.version === b.subject.version &&
    isRfc(a) === isRfc(b) &&
    isResend(a) === isResend(b) &&
    (a.subject.total ?? 1) === (b.subject.total ?? 1)
  );
}

function together(parent: ReviewMail, mail: ReviewMail): boolean {
  return (
    sameVersion(parent, mail) &&
    parent.subject.index !== mail.subject.index &&
    // In a range of commits each is from its author.
    (address(parent) === address(mail) || mail.quotedOnly || isMadeUp(parent))
  );
}

function alikeKey(mail: ReviewMail): string {
  return `${address(mail)} ${mail.subject.version} ${mail.subject.total}`;
}

function unthreaded(
  mail: ReviewMail,
  groups: ReadonlyMap<string, ReviewMail[]>,
  keys: readonly string[],
): string | undefined {
  if (mail.subject.total === null || mail.subject.total < 2) return undefined;
  // The nearest in time are the last.
  for (const key of keys.slice(-20).reverse()) {
    const group = groups.get(key) ?? [];
    const [first] = group;
    if (first === undefined || !together(first, mail)) continue;
    if (group.some((one) => one.subject.index === mail.subject.index)) continue;
    const apart = Math.abs(Date.parse(first.date) - Date.parse(mail.date));
    if (apart <= TOGETHER_MS) return key;
  }
  return undefined;
}

function postingOf(group: ReviewMail[]): Posting {
  const mails = [...group].sort(
    (a, b) => (a.subject.index ?? 1) - (b.subject.index ?? 1) || order(a.date, b.date),
  );
  const first = mails[0] as ReviewMail;
  const own = new Set(mails.map(({ messageId }) => messageId));
  const facts = mails.map((mail) => mail.brief?.facts ?? seriesFactsOf(mail.lines));
  return {
    mails,
    author: address(first),
    title: first.subject.subject,
    subjects: mails.filter(({ role }) => role === 'patch').map(({ subject }) => subject.subject),
    number: Number(first.subject.version.slice(1)),
    rfc: isRfc(first),
    resend: isResend(first),
    total: first.subject.total ?? mails.filter(({ role }) => role === 'patch').length,
    date: mails.map(({ date }) => date).sort(order)[0] ?? '',
    changeId: facts.find(({ changeId }) => changeId !== null)?.changeId ?? null,
    baseCommit: facts.find(({ baseCommit }) => baseCommit !== null)?.baseCommit ?? null,
    prerequisites: facts.flatMap(({ prerequisites }) => prerequisites),
    answers: [...new Set(mails.flatMap(({ answers }) => answers))].filter((id) => !own.has(id)),
    links: facts.flatMap(({ links }) => links).filter((id) => !own.has(id)),
  };
}

function isRfc(mail: ReviewMail): boolean {
  return mail.subject.prefixes.includes('RFC');
}

function isResend(mail: ReviewMail): boolean {
  return mail.subject.prefixes.some((word) => /^(?:RESEND|REPOST)$/i.test(word));
}

function address(mail: ReviewMail): string {
  return mail.from.email.toLowerCase();
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
