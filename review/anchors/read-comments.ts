// SPDX-License-Identifier: MIT
/** The mails of one series → its threads and the comments in them. */

import { positionOf, type SeriesMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { type FoundComment, findComments, type PatchPosition } from './comments.ts';
import { readThread, type Thread } from './thread.ts';

export interface SeriesComments {
  thread: Thread;
  comments: FoundComment[];
  /** Where a mail's patch stands; null for a reply. */
  positionOf(messageId: string): PatchPosition | null;
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
  const patchOf = (mail: ReviewMail): ReviewMail | null => {
    const { subject } = mail;
    return (
      bySubject.get(`${subject.version} ${fold(mail)}`) ??
      (subject.index === null
        ? undefined
        : bySubject.get(`${subject.version} ${subject.index} ${subject.total}`)) ??
      bySubject.get(fold(mail)) ??
      null
    );
  };
  const mails = [...series.versions.flatMap(({ posting }) => posting.mails), ...series.replies];
  const thread = readThread(mails, patchOf);
  const find = (id: string): PatchPosition | null => positions.get(id) ?? null;
  const comments = findComments(thread, find, (mail) => {
    const patch = patchOf(mail);
    return patch === null ? null : find(patch.messageId);
  });
  return { thread, comments, positionOf: find };
}

function fold(mail: ReviewMail): string {
  return mail.subject.subject.toLowerCase().replace(/\s+/g, ' ').trim();
}
