// SPDX-License-Identifier: MIT
/**
 * Who an answer goes to: RFC 5322 3.6.3, and Mail-Followup-To, as mutt's group reply reads them
 * (`mutt_fetch_recips` in its send.c).
 */
import type { Person } from '../../core/series.ts';
import { addressOf, asHeaderEntry, formatPerson, isAddress, splitAddresses } from './addresses.ts';

export interface Recipients {
  to: string[];
  cc: string[];
  /** What stands in the headers and is no address: masked, or none at all. */
  unusable: string[];
}

/** The headers of the answered mail, as they stand there. */
interface Answered {
  from: Person;
  to: string;
  cc: string;
  replyTo?: string | undefined;
  followupTo?: string | undefined;
}

export function recipientsOf(mail: Answered, self: Person): Recipients {
  const own = self.email.toLowerCase();
  const sender = mail.from.email.toLowerCase();
  const seen = new Set([own]);
  const unusable: string[] = [];
  const taken = (entries: readonly string[]): string[] =>
    entries.flatMap((entry) => {
      const address = addressOf(entry);
      if (address === null) unusable.push(entry);
      if (address === null || seen.has(address)) return [];
      seen.add(address);
      return [asHeaderEntry(entry)];
    });

  // Whoever sets it has said who is to get answers, all of them.
  const followup = taken(splitAddresses(mail.followupTo ?? ''));
  if (followup.length > 0) return { to: followup, cc: [], unusable };

  const [to, cc] = [splitAddresses(mail.to), splitAddresses(mail.cc)];
  // Who goes on after a mail of their own speaks to whom that one was for.
  if (sender === own) return { to: taken(to), cc: taken(cc), unusable };

  const from = isAddress(mail.from.email) ? [formatPerson(mail.from)] : [];
  const replyTo = splitAddresses(mail.replyTo ?? '');
  const wanted = replyTo.map(addressOf);
  // The sender's own address says nothing that From does not say.
  const asked = taken(wanted.every((address) => address === sender) ? [] : replyTo);
  if (from.length === 0 && mail.from.email !== '' && asked.length === 0) unusable.push(mail.from.email);
  const first = asked.length > 0 ? asked : taken(from);
  // A list that puts itself there would cut the sender off.
  const sentTo = new Set([...to, ...cc].map(addressOf));
  const isList = wanted.some((address) => address !== null && sentTo.has(address));
  return { to: first, cc: taken([...(isList ? from : []), ...to, ...cc]), unusable };
}
