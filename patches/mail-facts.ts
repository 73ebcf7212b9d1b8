// SPDX-License-Identifier: MIT
/** What the header of a series' mail says beside the patch: to whom, when, in answer to what. */
import type { Person } from '../core/series.ts';
import { peopleOf, readMail } from './mail-text.ts';

/** The header of a mail as far as checks read it. */
export interface MailFacts {
  /** 1-based, 0 for the cover letter. */
  patch: number;
  from: Person | null;
  /** Empty for a patch that was never mailed. */
  to: Person[];
  cc: Person[];
  /** As mailed; empty without one. */
  date: string;
  /** Without the angle brackets. */
  messageId: string | null;
  inReplyTo: string | null;
  /** The whole Subject, decoded and unfolded. */
  subject: string;
  /** `8bit`, `base64`, … in lower case; empty when it is not named. */
  encoding: string;
  /** The Content-Type's value; empty when it is not named. */
  contentType: string;
  /** All of its text parts, decoded, with LF line ends. */
  text: string;
}

/**
 * @param patch the number of the patch, 0 for the cover letter
 * @param mail bytes as `Patch.mail` and `CoverLetter.mail` hold them
 */
export async function mailFacts(patch: number, mail: Uint8Array, origin: string): Promise<MailFacts> {
  const read = await readMail(mail, origin);
  return {
    patch,
    from: read.from,
    to: await peopleOf(read.header('to') ?? ''),
    cc: await peopleOf(read.header('cc') ?? ''),
    date: read.date,
    messageId: read.messageId,
    inReplyTo: /<([^<>\s]+)>/.exec(read.header('in-reply-to') ?? '')?.[1] ?? null,
    subject: read.subject.replace(/\s+/g, ' ').trim(),
    encoding: (read.header('content-transfer-encoding') ?? '').trim().toLowerCase(),
    contentType: (read.header('content-type') ?? '').trim(),
    text: read.text,
  };
}
