// SPDX-License-Identifier: MIT
/** Message-IDs that a written mail may name. */
import type { ReviewMail } from '../mails/mail.ts';

/** RFC 5322 2.1.1: more than this does not fit into a line, and ids are not folded. */
const LONGEST = 250;
/** RFC 5537 3.4.4 bounds References so; it asks for the first id and at least the last three. */
const REFERENCES_OCTETS = 998;

/** Ids made up here for mails that have none. */
const MADE_UP = /^(?:page|none|quoted)-[0-9a-f]{16}$/;

/** The mail's own Message-ID; null when it has none that others know, or none that a header can hold. */
export function realId({ messageId }: Pick<ReviewMail, 'messageId'>): string | null {
  return !MADE_UP.test(messageId) && isWritable(messageId) ? messageId : null;
}

/** Where everybody finds the mail. */
export function archiveLink(messageId: string): string {
  return `https://lore.kernel.org/r/${messageId.replace(/[^A-Za-z0-9@.+=_$~!*'(),:;-]/g, encodeURIComponent)}`;
}

/**
 * The References of an answer (RFC 5322 3.6.4): the parent's, or its In-Reply-To when that is one
 * id, and the parent itself. When they are long, ids are left out behind the first.
 */
export function referencesTo(
  id: string,
  parent: { references: string | undefined; inReplyTo: string | undefined },
): string[] {
  let above = idsOf(parent.references ?? '');
  if (above.length === 0) {
    const answered = idsOf(parent.inReplyTo ?? '');
    above = answered.length === 1 ? answered : [];
  }
  const ids = [...new Set(above.filter((one) => one !== id)), id];
  const first = ids[0] ?? id;
  const last: string[] = [];
  let octets = first.length + 3;
  for (const one of ids.slice(1).reverse()) {
    octets += one.length + 3;
    if (octets > REFERENCES_OCTETS && last.length >= 3) break;
    last.push(one);
  }
  return [first, ...last.reverse()];
}

function idsOf(value: string): string[] {
  return [...value.matchAll(/<([^<>\s]{1,998})>/g)].map((match) => match[1] ?? '').filter(isWritable);
}

function isWritable(id: string): boolean {
  return id.length <= LONGEST && /^[!-;=?-~]+@[!-;=?-~]+$/.test(id);
}
