// SPDX-License-Identifier: MIT
/** What became of a comment's lines in the versions after it, and what speaks for it having been dealt with. */
import type { Anchor, Changelog, Evidence, Fate } from '../../core/review.ts';
import type { FoundComment } from '../anchors/comments.ts';
import { rewrittenAbove } from './lines-above.ts';
import type { Correspondence, VersionPatches } from './version-patches.ts';

export interface FateContext {
  /** Oldest first. */
  versions: readonly VersionPatches[];
  correspondence: Correspondence;
  /** By version. */
  changelogs: ReadonlyMap<string, readonly Changelog[]>;
}

export function fatesOf(comment: FoundComment, context: FateContext): Fate[] {
  const at = context.versions.findIndex(({ version }) => version === comment.version);
  if (at < 0) return [];
  return context.versions.slice(at + 1).map((later, step) => {
    const own = fateIn(comment, later, context);
    const above = linesAbove(comment, own, later, context);
    return {
      version: later.version,
      what: above.length > 0 ? 'changed' : own.what,
      anchor: own.anchor,
      evidence: [
        // An answer and a changelog speak of the version that comes next.
        ...(step === 0 ? repliesOf(comment, context) : []),
        ...entriesOn(comment, later.version, context),
        ...above,
      ],
    };
  });
}

/** What was quoted above a line that is there as it was, and is not. */
function linesAbove(
  { anchor, version }: FoundComment,
  { what, anchor: now }: Pick<Fate, 'what' | 'anchor'>,
  later: VersionPatches,
  { correspondence }: FateContext,
): Evidence[] {
  if (anchor.on !== 'line' || anchor.patch === null || (what !== 'unchanged' && what !== 'moved')) return [];
  const before = correspondence.patch(version, anchor.patch);
  const after = correspondence.pairOf(anchor.patch, version, later.version)?.after ?? null;
  const lines = correspondence.lines(anchor.patch, version, later.version);
  if (before === null || after === null || lines === null || now === null) return [];
  // What was not quoted is not gone.
  if (before.mail.quotedOnly || correspondence.patch(later.version, after)?.mail.quotedOnly) return [];
  return rewrittenAbove(anchor, before, lines, later.version);
}

function fateIn(
  comment: FoundComment,
  later: VersionPatches,
  { correspondence, versions }: FateContext,
): Pick<Fate, 'what' | 'anchor'> {
  const { anchor, version } = comment;
  const unknown = { what: 'unknown' as const, anchor: null };
  if (anchor.patch === null || anchor.patch === 0) return unknown;
  const pair = correspondence.pairOf(anchor.patch, version, later.version);
  if (pair === undefined) return unknown;
  if (pair.after === null) {
    // A version that was sent in part has its patch in the one before.
    const partial = later.patches.length < later.mails.posting.total;
    return partial ? unknown : { what: 'patch-dropped', anchor: null };
  }
  const moved = { ...anchor, patch: pair.after };
  if (anchor.on !== 'line' || anchor.file === null || anchor.side === null || anchor.line === null) {
    if (anchor.on === 'file') return unknown;
    const changed = pair.change === 'message' || pair.change === 'both';
    if (anchor.on !== 'message') return { what: 'unknown', anchor: { ...moved, line: null, span: null } };
    return { what: changed ? 'changed' : 'unchanged', anchor: { ...moved, line: null, span: null } };
  }
  const fate = correspondence.lines(anchor.patch, version, later.version)?.(
    anchor.file,
    anchor.side,
    anchor.line,
  );
  if (fate === undefined) return unknown;
  if (fate.what === 'removed' || fate.what === 'file-dropped') {
    // What was not quoted is not gone.
    const known = later.patches.find(({ index }) => index === pair.after);
    const before = versions.find((one) => one.version === version)?.patches;
    const quoted =
      known?.mail.quotedOnly || before?.find(({ index }) => index === anchor.patch)?.mail.quotedOnly;
    if (quoted) return unknown;
    return { what: fate.what, anchor: null };
  }
  if (fate.line === null || fate.hunk === null) return { what: fate.what, anchor: null };
  const { hunk } = fate;
  // Not always the partner: a patch may have been split.
  const holder = later.patches.find(({ text }) => text.files.some((file) => file.hunks.includes(hunk)));
  const now: Anchor = {
    ...moved,
    patch: holder?.index ?? pair.after,
    file: fate.file,
    hunk: hunk.header,
    side: fate.side,
    line: fate.line,
    span: [fate.line, fate.line],
    quoted: [],
    confidence: anchor.confidence * (fate.what === 'unchanged' ? 1 : Math.max(0.3, fate.similarity)),
  };
  return { what: fate.what, anchor: now };
}

function repliesOf(comment: FoundComment, { versions }: FateContext): Evidence[] {
  const author = authorOf(comment, versions);
  return comment.replies
    .filter((reply) => reply.author.email.toLowerCase() === author && author !== '')
    .slice(0, 3)
    .map((reply) => ({ kind: 'reply', text: firstWords(reply.text), source: reply.messageId }));
}

function authorOf({ version }: FoundComment, versions: readonly VersionPatches[]): string {
  return versions.find((one) => one.version === version)?.mails.posting.author ?? '';
}

/** Entries that credit the reviewer, or speak of what the comment does; those that surely do come first. */
function entriesOn(comment: FoundComment, version: string, context: FateContext): Evidence[] {
  const said = namesIn(`${comment.text}\n${answersOf(comment, context)}`);
  const about = [...comment.anchor.quoted.slice(-3), droppedSubject(comment, version, context)];
  const quoted = namesIn(about.join('\n'));
  const person = comment.author.name
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
      const shared = [...namesIn(entry.text)].filter((name) => said.has(name) || quoted.has(name));
      // Somebody with ten comments is credited in an entry on each: a name in common tells which.
      if (shared.length === 0 || !(credited || shared.length > 1 || isRare(shared[0] ?? ''))) continue;
      const weight = (credited ? 2 : 0) + (shared.some((name) => said.has(name)) ? 1 : 0);
      found.push({ entry: { kind: 'changelog', text: entry.text, source: version }, weight });
    }
  }
  return found
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map(({ entry }) => entry);
}

/** Names from the author's answers: what is going to be done has a name there first. */
function answersOf(comment: FoundComment, { versions }: FateContext): string {
  const author = authorOf(comment, versions);
  const texts = comment.replies.filter((one) => one.author.email.toLowerCase() === author);
  return [...namesIn(texts.map(({ text }) => text).join('\n'))].filter(isRare).join(' ');
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

/** Identifiers and words that say something: `virtio_vsock_skb_dequeue`, `seqpacket`. */
function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (const [word] of text.slice(0, 20_000).matchAll(/[A-Za-z_][A-Za-z0-9_]{4,80}/g)) {
    const lower = word.toLowerCase();
    if (isRare(word) || !COMMON.has(lower)) names.add(lower.replace(/^_+/, ''));
  }
  return names;
}

function isRare(word: string): boolean {
  return /[a-z0-9]_[a-z0-9]/i.test(word);
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

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
