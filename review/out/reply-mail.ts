// SPDX-License-Identifier: MIT
/** The mail that answers a comment, to be edited and sent. */
import { printable } from '../../core/escape.ts';
import type { Person } from '../../core/series.ts';
import { readMail } from '../../patches/mail-text.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { formatPerson } from './addresses.ts';
import { attribution } from './attribution.ts';
import { oneLine } from './encoded-words.ts';
import type { FoundWords } from './find-words.ts';
import type { OutgoingMail } from './mail-file.ts';
import { realId, referencesTo } from './message-ids.ts';
import { recipientsOf } from './recipients.ts';
import { quotedLines } from './reply-quote.ts';

export interface Reply {
  mail: OutgoingMail;
  /** What could not be done as it should be. */
  warnings: string[];
}

export async function replyMail({ read, blocks }: FoundWords, self: Person): Promise<Reply> {
  const parent = read.mail;
  const { mail, warnings, date } = await answerTo(parent, self);
  const body = [
    attribution(parent.from, date, parent.date),
    ...quotedLines(read, blocks),
    // Where the answer goes.
    '',
    '',
  ];
  return { mail: { ...mail, body }, warnings };
}

/** Everything but the text of an answer to a mail. */
export async function answerTo(
  parent: ReviewMail,
  self: Person,
): Promise<Reply & { date: string | undefined }> {
  const warnings: string[] = [];
  const isPage = parent.bytes.length === 0 || parent.messageId.startsWith('page-');
  const text = isPage ? null : await readMail(parent.bytes, parent.origin);
  const id = realId(parent);
  if (id === null) warnings.push(noId(parent, isPage));
  const { to, cc, unusable } = recipientsOf(
    { ...parent, replyTo: text?.header('reply-to'), followupTo: text?.header('mail-followup-to') },
    self,
  );
  if (unusable.length > 0) {
    const shown = unusable.slice(0, 3).map((one) => printable(one.slice(0, 60)));
    warnings.push(`mail cannot go to ${shown.join(', ')}${unusable.length > 3 ? ', …' : ''}: left out`);
  }
  if (to.length === 0) {
    warnings.push(`it is addressed to nobody: the address of ${printable(parent.from.name)} is not known`);
  }
  const references =
    id === null
      ? []
      : referencesTo(id, { references: text?.header('references'), inReplyTo: text?.header('in-reply-to') });
  return {
    mail: {
      ...{ from: formatPerson(self), to, cc },
      subject: replySubject(text?.subject ?? rebuilt(parent)),
      ...{ inReplyTo: id, references, body: [] },
    },
    warnings,
    date: text?.header('date'),
  };
}

/** `Re: ` once, whatever stands in front. */
export function replySubject(subject: string): string {
  let rest = oneLine(subject);
  for (;;) {
    const reply = /^(?:re|aw|antw|sv|vs)(?:\[\d{1,4}\])?: ?/i.exec(rest);
    if (reply === null) return `Re: ${rest}`;
    rest = rest.slice(reply[0].length);
  }
}

/** Of a mail that is not there, or is a page. */
function rebuilt({ subject }: ReviewMail): string {
  const { prefixes, version, index, total } = subject;
  const words = [
    ...(prefixes.includes('RFC') ? ['RFC'] : []),
    'PATCH',
    ...prefixes.filter((word) => word !== 'RFC'),
    ...(version === 'v1' ? [] : [version]),
    ...(index === null ? [] : [`${index}/${total}`]),
  ];
  return `${subject.isPatch ? `[${words.join(' ')}] ` : ''}${subject.subject}`;
}

function noId(parent: ReviewMail, isPage: boolean): string {
  const name = printable(parent.origin);
  const why = isPage
    ? `${name} is the page of a web archive, which has no Message-ID`
    : `${name} has no Message-ID that can be named`;
  return `${why}: there is no In-Reply-To, and the mail will not be in its thread`;
}
