// SPDX-License-Identifier: MIT
/** The mails of one series → its threads and the comments in them. */

import { parseSubject } from '../../patches/subject.ts';
import { positionOf, type SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { type FoundComment, findComments, type PatchPosition } from './comments.ts';
import type { NumberedPatch } from './named-line.ts';
import { readPatchText } from './patch-text.ts';
import { placesOf } from './places.ts';
import { readThread, type Thread } from './thread.ts';

export interface SeriesComments {
  thread: Thread;
  comments: FoundComment[];
  /** Where a mail's patch stands; null for a reply. */
  positionOf(messageId: string): PatchPosition | null;
  /** The patch a reply is about: that it answers, or that its subject names, be it there or not. */
  positionOfReply(mail: ReviewMail): PatchPosition | null;
}

export function readComments(series: SeriesMails): SeriesComments {
  const positions = new Map<string, PatchPosition>();
  const bySubject = new Map<string, ReviewMail>();
  for (const { version, positions: of, posting } of series.versions) {
    for (const [id, patch] of of) positions.set(id, { version, patch });
    for (const mail of posting.mails) {
      const patch = positionOf(mail, posting);
      const keys = [`${version} ${patch} ${mail.subject.total ?? 1}`, `${version} ${fold(mail)}`, fold(mail)];
      for (const key of keys) bySubject.set(key, mail);
    }
  }
  const versions = new Set(series.versions.map(({ version }) => version));
  const patchOf = (mail: Pick<ReviewMail, 'subject'>): ReviewMail | null => {
    const { subject } = mail;
    const found =
      bySubject.get(`${subject.version} ${fold(mail)}`) ??
      (subject.index === null
        ? undefined
        : bySubject.get(`${subject.version} ${subject.index} ${subject.total}`)) ??
      bySubject.get(fold(mail)) ??
      null;
    const isOther = (subject.index ?? 0) > 0 && found?.role === 'cover';
    return isOther ? null : found;
  };
  const mails = [...series.versions.flatMap(({ posting }) => posting.mails), ...series.replies];
  const thread = readThread(mails, patchOf);
  const find = (id: string): PatchPosition | null => positions.get(id) ?? null;
  const positionOfReply = (mail: ReviewMail): PatchPosition | null => {
    let id: string | undefined = mail.messageId;
    for (let step = 0; id !== undefined && step < 1000; step++) {
      const position = find(id);
      if (position !== null) return position;
      id = thread.answered.get(id);
    }
    const patch = patchOf(mail);
    if (patch !== null) return find(patch.messageId);
    const { version, index } = mail.subject;
    return index !== null && versions.has(version) ? { version, patch: index } : null;
  };
  const patches = new Map<string, NumberedPatch[]>();
  const comments = findComments(thread, {
    positionOf: find,
    positionOfReply,
    positionOfSubject: (line) => {
      const patch = patchOf({ subject: parseSubject(line) });
      return patch === null ? null : find(patch.messageId);
    },
    patchesOf: (version) => {
      const known = patches.get(version) ?? numberedPatches(series, version);
      patches.set(version, known);
      return known;
    },
  });
  return { thread, comments, positionOf: find, positionOfReply };
}

function numberedPatches({ versions }: SeriesMails, name: string): NumberedPatch[] {
  const posting = versions.find(({ version }) => version === name)?.posting;
  if (posting === undefined) return [];
  return posting.mails
    .map((mail) => ({
      patch: positionOf(mail, posting),
      files: readPatchText(mail.lines, placesOf(mail.lines, mail.quotedOnly)).files,
    }))
    .filter(({ patch }) => patch > 0);
}

function fold(mail: Pick<ReviewMail, 'subject'>): string {
  return mail.subject.subject.toLowerCase().replace(/\s+/g, ' ').trim();
}
