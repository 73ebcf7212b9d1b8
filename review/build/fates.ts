// SPDX-License-Identifier: MIT
/** What became of a comment's lines in the versions after it, and what speaks for it having been dealt with. */
import type { Anchor, Evidence, Fate } from '../../core/review.ts';
import type { FoundComment } from '../anchors/comments.ts';
import { messageLine } from '../versions/message-line.ts';
import { entriesOn, type FateContext, isAuthor } from './entries-on.ts';
import { rewrittenAbove } from './lines-above.ts';
import type { VersionPatch, VersionPatches } from './version-patches.ts';

const GONE: ReadonlySet<Fate['what']> = new Set(['removed', 'file-dropped', 'patch-dropped']);

export function fatesOf(comment: FoundComment, context: FateContext): Fate[] {
  const at = context.versions.findIndex(({ version }) => version === comment.version);
  if (at < 0) return [];
  let isGone = false;
  return context.versions.slice(at + 1).map((later, step) => {
    const own = fateIn(comment, later, context);
    const wasGone = isGone;
    isGone = GONE.has(own.what);
    const above = linesAbove(comment, own, later, context);
    return {
      version: later.version,
      what: above.length > 0 ? 'changed' : own.what,
      anchor: own.anchor,
      evidence: [
        // An answer and a changelog speak of the version that comes next.
        ...(step === 0 ? repliesOf(comment, context) : []),
        ...entriesOn(comment, later.version, context, wasGone),
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
  const known = later.patches.find(({ index }) => index === pair.after);
  const before = versions
    .find((one) => one.version === version)
    ?.patches.find(({ index }) => index === anchor.patch);
  if (anchor.on !== 'line' || anchor.file === null || anchor.side === null || anchor.line === null) {
    if (anchor.on === 'file') return unknown;
    const changed = pair.change === 'message' || pair.change === 'both';
    if (anchor.on !== 'message') return { what: 'unknown', anchor: { ...moved, line: null, span: null } };
    if (anchor.line !== null) return messageFate(anchor, anchor.line, before, known);
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
    if (known?.mail.quotedOnly || before?.mail.quotedOnly) return unknown;
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

/** As far as the two messages are known: what was not quoted is not gone. */
function messageFate(
  anchor: Anchor,
  at: number,
  before: VersionPatch | undefined,
  after: VersionPatch | undefined,
): Pick<Fate, 'what' | 'anchor'> {
  const unknown = { what: 'unknown' as const, anchor: null };
  if (before === undefined || after === undefined) return unknown;
  const { what, line, similarity } = messageLine(before.text.message, after.text.message, at);
  const isQuoted = before.mail.quotedOnly || after.mail.quotedOnly;
  if (line === null) return isQuoted ? unknown : { what, anchor: null };
  const confidence = anchor.confidence * (what === 'unchanged' ? 1 : Math.max(0.3, similarity));
  const now = { ...anchor, patch: after.index, line, span: [line, line] as const, quoted: [], confidence };
  return { what, anchor: now };
}

function repliesOf(comment: FoundComment, { versions }: FateContext): Evidence[] {
  return comment.replies
    .filter((reply) => isAuthor(comment, versions, reply.author))
    .slice(0, 3)
    .map((reply) => ({ kind: 'reply', text: firstWords(reply.text), source: reply.messageId }));
}

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
