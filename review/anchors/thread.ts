// SPDX-License-Identifier: MIT
/** Mails → each read against the one it answers, the answered ones first. */
import type { ReviewMail } from '../mails/mail.ts';
import { type Parent, type ReadMail, readOriginal, readReply } from './read-reply.ts';

export interface Thread {
  /** By Message-ID. */
  read: ReadonlyMap<string, ReadMail>;
  /** The mail each one answers, where it is there: by Message-ID. */
  answered: ReadonlyMap<string, string>;
}

/**
 * @param mails one a Message-ID
 * @param patchOf the patch mail or cover letter a mail without its parent speaks of, by its subject; null when there is none
 */
export function readThread(
  mails: readonly ReviewMail[],
  patchOf: (mail: ReviewMail) => ReviewMail | null,
): Thread {
  const byId = new Map(mails.map((mail) => [mail.messageId, mail]));
  const read = new Map<string, ReadMail>();
  const answered = new Map<string, string>();
  const open = new Set<string>();

  const visit = (start: ReviewMail): void => {
    // Parents first, without recursion: a thread may be thousands of mails deep, or a circle.
    const stack = [start];
    while (stack.length > 0) {
      const mail = stack.at(-1);
      if (mail === undefined || read.has(mail.messageId)) {
        stack.pop();
        continue;
      }
      const isOriginal = mail.role === 'patch' || mail.role === 'cover';
      const found = isOriginal ? null : parentOf(mail);
      const waiting = found !== null && !read.has(found.mail.messageId) && !open.has(found.mail.messageId);
      open.add(mail.messageId);
      if (waiting) {
        stack.push(found.mail);
        continue;
      }
      stack.pop();
      if (isOriginal) {
        read.set(mail.messageId, readOriginal(mail));
        continue;
      }
      const parentRead = found === null ? undefined : read.get(found.mail.messageId);
      const parent: Parent | null =
        found === null || parentRead === undefined ? null : { read: parentRead, guessed: found.guessed };
      if (found !== null && parent !== null) answered.set(mail.messageId, found.mail.messageId);
      read.set(mail.messageId, readReply(mail, parent));
    }
  };

  function parentOf(mail: ReviewMail): { mail: ReviewMail; guessed: boolean } | null {
    for (const [at, id] of mail.answers.entries()) {
      const found = byId.get(id);
      if (found === undefined || id === mail.messageId) continue;
      // `Re: [PATCH 2/3]` whose patch is missing: the cover letter in its References is not what it answers.
      if (found.role === 'cover' && (mail.subject.index ?? 0) > 0) continue;
      return { mail: found, guessed: at > 0 };
    }
    const patch = patchOf(mail);
    return patch === null || patch.messageId === mail.messageId ? null : { mail: patch, guessed: true };
  }

  for (const mail of mails) visit(mail);
  return { read, answered };
}
