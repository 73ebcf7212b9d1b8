// SPDX-License-Identifier: MIT
/** The threads of a series → comments with anchors, and the replies under each. */
import { createHash } from 'node:crypto';
import type { Anchor, Comment, CommentReply } from '../../core/review.ts';
import { readApplied } from '../claims/notice.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { isTrailerLine } from '../mails/mail-words.ts';
import { asks } from './asks.ts';
import { type Located, locate, type NumberedPatch } from './named-line.ts';
import { pathOf } from './patch-text.ts';
import { type Place, placesOf } from './places.ts';
import type { Block, Origin, ReadMail } from './read-reply.ts';
import type { Finding } from './robot-report.ts';
import type { Thread } from './thread.ts';
import { weightOf } from './weight.ts';

/** Where a patch mail or cover letter stands in its series. */
export interface PatchPosition {
  version: string;
  /** 1-based; 0 for the cover letter. */
  patch: number;
}

/** A comment as far as the mails tell: its state and fate come from elsewhere. */
export type FoundComment = Omit<Comment, 'state' | 'decision' | 'fate'>;

/** Whose words a line of a mail is: a comment's, or those of a reply under it. */
interface Owner {
  comment: FoundComment;
  /** 0 for the comment itself. */
  depth: number;
  /** The mail the line stands in. */
  mail: string;
}

const QUOTED_LINES = 8;

/** What is known of the series that the comments are on. */
export interface SeriesPlaces {
  /** Null for a mail that is no patch of the series. */
  positionOf(messageId: string): PatchPosition | null;
  /** The patch a reply that quotes nothing is about, from its subject. */
  positionOfReply(mail: ReviewMail): PatchPosition | null;
  /** The patch with this subject line; null without one. */
  positionOfSubject(subject: string): PatchPosition | null;
  patchesOf(version: string): readonly NumberedPatch[];
}

export function findComments(thread: Thread, series: SeriesPlaces): FoundComment[] {
  const { positionOf, positionOfReply } = series;
  const comments: FoundComment[] = [];
  /** Which comment a line of somebody's words belongs to, and how deep in its thread. */
  const owners = new Map<string, Owner>();
  const places = new Map<string, Place[]>();
  const ids = new Set<string>();
  const reads = [...thread.read.values()].filter(
    ({ mail }) => mail.role === 'reply' || mail.role === 'other',
  );
  for (const read of inOrder(reads, thread)) {
    for (const block of read.blocks) {
      if (block.text === '' || isBotNotice(read)) continue;
      const owner = ownerOf(read, block);
      if (owner !== null) {
        // `LGTM`, and somebody answers `But …`.
        owner.comment.asks ||= wants(read.mail, block);
        owner.comment.replies.push(replyOf(read.mail, block, owner));
        own(read, block, { ...owner, depth: owner.depth + 1, mail: read.mail.messageId });
        continue;
      }
      const isAsking = wants(read.mail, block);
      // The quote above a notice only shows what was applied.
      const isNotice = !isAsking && readApplied(block.text) !== null;
      const found = isNotice ? generalAnchor(read.mail) : anchorOf(read, block);
      const comment: FoundComment = {
        id: idOf(read.mail.messageId, block.text, ids),
        author: read.mail.from,
        date: read.mail.date,
        version: found.version,
        messageId: read.mail.messageId,
        anchor: found.anchor,
        text: block.text,
        asks: isAsking,
        weight: block.finding === null ? weightOf(block.text) : 'normal',
        replies: [],
      };
      comments.push(comment);
      own(read, block, { comment, depth: 0, mail: read.mail.messageId });
    }
  }
  return comments;

  function wants(mail: ReviewMail, block: Block): boolean {
    if (block.finding !== null) return true;
    if (mail.automatic || isOwn(mail)) return false;
    return asks(block.text, mail.from.email, block.lines.some(isTrailerLine));
  }

  /** Who sent the patch does not owe an answer to a note on it of their own. */
  function isOwn(mail: ReviewMail): boolean {
    let id: string | undefined = mail.messageId;
    for (let step = 0; id !== undefined && positionOf(id) === null && step < 1000; step++) {
      id = thread.answered.get(id);
    }
    const original = id === undefined ? undefined : thread.read.get(id)?.mail;
    const address = original?.from.email.toLowerCase() ?? '';
    return address !== '' && address === mail.from.email.toLowerCase();
  }

  function own(read: ReadMail, block: Block, owner: Owner): void {
    const id = read.mail.messageId;
    for (let line = block.from; line < block.to; line++) owners.set(`${id}\0${line}`, owner);
    for (const line of block.finding?.lines ?? []) owners.set(`${id}\0${line}`, owner);
  }

  function ownerOf(read: ReadMail, block: Block): Owner | null {
    const { under, finding } = block;
    if (finding !== null) return null;
    if (under?.of === 'words') {
      const direct = owners.get(`${under.messageId}\0${under.line}`);
      return direct ?? nearestOwner(under.messageId, under.line);
    }
    if (under !== null) return null;
    // Nothing is quoted above it: it answers what the answered mail says.
    const parent = thread.answered.get(read.mail.messageId);
    return parent === undefined ? null : nearestOwner(parent, Number.MAX_SAFE_INTEGER);
  }

  function nearestOwner(messageId: string, line: number): Owner | null {
    const blocks = thread.read.get(messageId)?.blocks ?? [];
    const above = blocks.findLast((one) => one.from <= line && one.text !== '');
    const near = above ?? blocks.find((one) => one.text !== '');
    return near === undefined ? null : (owners.get(`${messageId}\0${near.from}`) ?? null);
  }

  function anchorOf(read: ReadMail, block: Block): { version: string; anchor: Anchor } {
    const { under, finding } = block;
    if (finding !== null) return namedAnchor(read, finding);
    const position = under?.of === 'patch' ? positionOf(under.messageId) : null;
    if (under === null || position === null) return generalAnchor(read.mail);
    const original = thread.read.get(under.messageId);
    let placed = places.get(under.messageId);
    if (placed === undefined) {
      placed = placesOf(original?.mail.lines ?? [], original?.mail.quotedOnly);
      places.set(under.messageId, placed);
    }
    return {
      version: position.version,
      anchor: anchorAt(position.patch, under, block.quoted, placed, original?.mail.lines ?? []),
    };
  }

  function namedAnchor({ mail, report }: ReadMail, finding: Finding): { version: string; anchor: Anchor } {
    const linked = report?.patchId == null ? null : positionOf(report.patchId);
    const answered = positionOfReply(mail);
    const titled = report?.patchSubject == null ? null : series.positionOfSubject(report.patchSubject);
    // It may answer the cover letter, and name the patch.
    const isTitled = answered === null || (answered.patch === 0 && answered.version === titled?.version);
    const position = linked ?? (isTitled ? titled : null) ?? answered;
    if (position === null) return generalAnchor(mail);
    const { version, patch } = position;
    const { file, line } = finding;
    const anchor = locatedAnchor(locate(finding, series.patchesOf(version), patch), patch);
    return { version, anchor: { ...anchor, named: { file, line } } };
  }

  function generalAnchor(mail: ReviewMail): { version: string; anchor: Anchor } {
    const position = positionOfReply(mail);
    return position === null
      ? { version: '', anchor: general(null, 0.5) }
      : { version: position.version, anchor: general(position.patch, 1) };
  }
}

/** It is said of the version, and to nobody. */
function isBotNotice({ mail, blocks }: ReadMail): boolean {
  return /^patchwork-bot\b/i.test(mail.from.email) && blocks.some(({ text }) => readApplied(text) !== null);
}

function general(patch: number | null, confidence: number): Anchor {
  return {
    on: patch === null ? 'series' : patch === 0 ? 'cover' : 'patch',
    patch,
    ...{ file: null, hunk: null, side: null, line: null, span: null },
    quoted: [],
    confidence,
    named: null,
  };
}

function locatedAnchor({ patch, file, spot, confidence }: Located, about: number): Anchor {
  if (spot === null) {
    const whole = general(file === null ? about : patch, confidence);
    return file === null ? whole : { ...whole, on: 'file', file };
  }
  const { hunk, line } = spot;
  const number = line.newLine ?? 0;
  return {
    ...general(spot.patch, confidence),
    ...{ on: 'line', file: pathOf(spot.file), hunk: hunk.header, side: 'new', line: number },
    span: [number, number],
    quoted: [`${line.kind === 'add' ? '+' : ' '}${line.text}`],
  };
}

function anchorAt(
  patch: number,
  under: Origin,
  quoted: readonly Origin[],
  places: readonly Place[],
  lines: readonly string[],
): Anchor {
  const place = places[under.line] ?? { in: 'nothing' as const };
  const shown = quoted
    .filter((one) => one.of === 'patch' && one.messageId === under.messageId && one.line <= under.line)
    .map(({ line }) => line)
    // A line that a mailer has wrapped is quoted in pieces.
    .filter((line, at, all) => line !== all[at - 1]);
  const anchor: Anchor = {
    ...general(patch, under.confidence),
    quoted: shown.slice(-QUOTED_LINES).map((line) => lines[line] ?? ''),
  };
  const span = (end: number, lineOf: (place: Place) => number | null): readonly [number, number] => {
    const counted = shown.flatMap((line) => lineOf(places[line] ?? { in: 'nothing' }) ?? []);
    return [Math.min(end, ...counted), end];
  };
  switch (place.in) {
    case 'message':
    case 'notes':
      return {
        ...anchor,
        on: patch === 0 ? 'cover' : place.in,
        line: place.line,
        span: span(place.line, (one) => (one.in === place.in ? one.line : null)),
      };
    case 'file':
      return { ...anchor, on: 'file', file: place.file || null };
    case 'hunk':
      return {
        ...anchor,
        ...{ on: 'line', file: place.file || null, hunk: place.hunk, side: 'new', line: place.line },
        span: [place.line, place.line],
      };
    case 'line':
      return {
        ...anchor,
        ...{ on: 'line', file: place.file || null, hunk: place.hunk, side: place.side, line: place.line },
        span: span(place.line, (one) =>
          one.in === 'line' && one.hunk === place.hunk && one.file === place.file && one.side === place.side
            ? one.line
            : null,
        ),
      };
    case 'nothing':
      return anchor;
  }
}

function replyOf(mail: ReviewMail, block: Block, owner: Owner): CommentReply {
  return {
    ...{ author: mail.from, date: mail.date, messageId: mail.messageId },
    ...{ answers: owner.mail, depth: owner.depth + 1, text: block.text },
  };
}

/** By date, but never before what it answers. */
function inOrder(reads: readonly ReadMail[], thread: Thread): ReadMail[] {
  const byDate = [...reads].sort(
    (a, b) => order(a.mail.date, b.mail.date) || order(a.mail.messageId, b.mail.messageId),
  );
  const done = new Set<string>();
  const result: ReadMail[] = [];
  for (const read of byDate) {
    const chain: ReadMail[] = [];
    let id: string | undefined = read.mail.messageId;
    while (id !== undefined && !done.has(id)) {
      done.add(id);
      const one = thread.read.get(id);
      if (one !== undefined) chain.push(one);
      id = thread.answered.get(id);
    }
    result.push(...chain.reverse());
  }
  return result.filter(({ mail }) => mail.role !== 'patch' && mail.role !== 'cover');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same on every import, whatever else comes with it. */
function idOf(messageId: string, text: string, taken: Set<string>): string {
  const words = text.replace(/\s+/g, ' ').slice(0, 200);
  for (let more = 0; ; more++) {
    const hash = createHash('sha256')
      .update(`${messageId}\0${words}\0${more === 0 ? '' : more}`)
      .digest('hex');
    const id = `c${hash.slice(0, 7)}`;
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}
