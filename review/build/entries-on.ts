// SPDX-License-Identifier: MIT
/** The entries of a changelog that speak of a comment. */
import type { Changelog, Evidence } from '../../core/review.ts';
import type { FoundComment } from '../anchors/comments.ts';
import type { Correspondence, VersionPatches } from './version-patches.ts';

export interface FateContext {
  /** Oldest first. */
  versions: readonly VersionPatches[];
  correspondence: Correspondence;
  /** By version. */
  changelogs: ReadonlyMap<string, readonly Changelog[]>;
}

/** Its long report has the names of half the kernel in it. */
const ROBOT = /\b(?:kernel test robot|syzbot)\b|^(?:lkp|oliver\.sang)@/i;

/**
 * An entry with an identifier of the comment or of its own line, or one that credits the reviewer
 * and has a telling word of the comment or of the changed lines it quotes; what context is quoted
 * says nothing. Those that surely are on it come first.
 */
export function entriesOn(comment: FoundComment, version: string, context: FateContext): Evidence[] {
  const { name, email } = comment.author;
  if (ROBOT.test(name) || ROBOT.test(email)) return [];
  const said = namesIn(comment.text);
  const dropped = namesIn(droppedSubject(comment, version, context));
  const own = new Set([...identifiersIn(comment.text), ...answersOf(comment, context)]);
  const onLine = identifiersIn(codeOnLine(comment));
  const near = namesIn([codeOnLine(comment), ...changedLines(comment)].join('\n'));
  const person = name
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word.length > 2);
  const isOfAnother = ofAnotherPatch(comment, version, context);
  const found: { entry: Evidence; weight: number }[] = [];
  for (const log of context.changelogs.get(version) ?? []) {
    if (log.version !== version) continue;
    for (const entry of log.entries) {
      if (isOfAnother(log, entry.text)) continue;
      const credit = (entry.credit ?? '').toLowerCase();
      const credited = credit !== '' && person.some((word) => credit.includes(word));
      const names = [...namesIn(entry.text)];
      const ofComment = names.some((one) => own.has(one));
      const ofLine = names.some((one) => onLine.has(one));
      const words = names.filter((one) => said.has(one) || near.has(one) || dropped.has(one)).length;
      // Somebody with ten comments is credited in an entry on each: a word in common tells which.
      const ofPerson = credited && words > 0;
      const ofDropped = names.filter((one) => dropped.has(one)).length > 1;
      if (!ofComment && !ofLine && !ofPerson && !ofDropped) continue;
      const weight = (credited ? 2 : 0) + (ofComment || names.some((one) => said.has(one)) ? 1 : 0);
      found.push({ entry: { kind: 'changelog', text: entry.text, source: version }, weight });
    }
  }
  return found
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map(({ entry }) => entry);
}

export function authorOf({ version }: FoundComment, versions: readonly VersionPatches[]): string {
  return versions.find((one) => one.version === version)?.mails.posting.author ?? '';
}

/** Identifiers from the author's answers: what is going to be done has a name there first. */
function answersOf(comment: FoundComment, { versions }: FateContext): Set<string> {
  const author = authorOf(comment, versions);
  const texts = comment.replies.filter((one) => one.author.email.toLowerCase() === author);
  return identifiersIn(texts.map(({ text }) => text).join('\n'));
}

/** The comment's own line, without what a comment behind it says. */
function codeOnLine({ anchor }: FoundComment): string {
  const line = anchor.quoted.at(-1) ?? '';
  if (anchor.on !== 'line') return line;
  const code = line.slice(1).trim();
  return /^(?:\*|\/[*/])/.test(code) ? code : (code.split(/\/[*/]/)[0] ?? '');
}

/** Quoted to show what is meant, and not where it stands. */
function changedLines({ anchor }: FoundComment): string[] {
  return anchor.on === 'line' ? anchor.quoted.slice(-3).filter((line) => /^[-+]/.test(line)) : [];
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

/** `virtio_vsock_skb_dequeue`, `GetLink`, `ENOBUFS`. */
function identifiersIn(text: string): Set<string> {
  return namesOf(text, isIdentifier);
}

/** Identifiers, and words that say something: `seqpacket`. */
function namesIn(text: string): Set<string> {
  return namesOf(text, (word) => isIdentifier(word) || !COMMON.has(word.toLowerCase()));
}

function namesOf(text: string, isWanted: (word: string) => boolean): Set<string> {
  const names = new Set<string>();
  for (const [word] of text.slice(0, 20_000).matchAll(/[A-Za-z_][A-Za-z0-9_]{4,80}/g)) {
    if (isWanted(word)) names.add(word.toLowerCase().replace(/^_+/, ''));
  }
  return names;
}

function isIdentifier(word: string): boolean {
  return /[a-z0-9]_[a-z0-9]/i.test(word) || /[a-z][A-Z]|^[A-Z][A-Z0-9]+$/.test(word);
}

const COMMON = new Set(
  (
    'about above after again already also always another because before being below between cannot change changed ' +
    'changes check clear could different directly doing every extra first fixed following function maybe might ' +
    'might needs never other patch patches please really remove removed return returns right same series should ' +
    'since something still struct their there these thing things think this those through under until using value ' +
    'version where which while without would wrong static const unsigned int size_t code comment comments helper ' +
    'here instead just left make makes need only opinion single strong used useful want well'
  ).split(' '),
);
