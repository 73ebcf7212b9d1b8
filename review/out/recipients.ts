// SPDX-License-Identifier: MIT
/** Who an answer goes to: as a mailer's group reply. */
import type { Person } from '../../core/series.ts';
import { addressOf, asHeaderEntry, formatPerson, isAddress, splitAddresses } from './addresses.ts';

export interface Recipients {
  to: string[];
  cc: string[];
  /** What stands in the headers and is no address: masked, or none at all. */
  unusable: string[];
}

/** @param mail the answered one: its To and Cc as they stand in its header */
export function recipientsOf(mail: { from: Person; to: string; cc: string }, self: Person): Recipients {
  const own = self.email.toLowerCase();
  const mine = mail.from.email.toLowerCase() === own;
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
  const from = isAddress(mail.from.email) ? [formatPerson(mail.from)] : [];
  if (from.length === 0 && mail.from.email !== '') unusable.push(mail.from.email);
  // Who goes on after a mail of their own speaks to whom that one was for.
  const to = taken(mine ? splitAddresses(mail.to) : from);
  const cc = taken(mine ? splitAddresses(mail.cc) : [...splitAddresses(mail.to), ...splitAddresses(mail.cc)]);
  return { to, cc, unusable };
}
