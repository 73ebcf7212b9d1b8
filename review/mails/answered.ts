// SPDX-License-Identifier: MIT
/** Up a thread, from a mail to the mails it answers. */
import type { ReviewMail } from './mail.ts';

/**
 * Makes a function that gives a mail's value, or that of the nearest mail above it which has one.
 * Each mail is looked at once, however deep a thread is; one that leads back to itself ends there.
 * @param mails one a Message-ID
 */
export function nearestAbove<T>(
  mails: readonly ReviewMail[],
  valueIn: (mail: ReviewMail) => T | null,
): (mail: ReviewMail) => T | null {
  const byId = new Map(mails.map((mail) => [mail.messageId, mail]));
  const known = new Map<ReviewMail, T | null>();
  const above = (mail: ReviewMail): ReviewMail | undefined => {
    for (const id of mail.answers) {
      const found = byId.get(id);
      if (found !== undefined && found !== mail) return found;
    }
    return undefined;
  };
  return (start) => {
    const path: ReviewMail[] = [];
    const onPath = new Set<ReviewMail>();
    let value: T | null = null;
    for (let at: ReviewMail | undefined = start; at !== undefined && !onPath.has(at); at = above(at)) {
      value = known.has(at) ? (known.get(at) ?? null) : valueIn(at);
      path.push(at);
      onPath.add(at);
      if (value !== null || known.has(at)) break;
    }
    for (const mail of path) known.set(mail, value);
    return value;
  };
}
