// SPDX-License-Identifier: MIT
/** Mails in brief → series, with what replies quote of the patches that are not there. */
import { inBrief, inFull } from '../mails/brief.ts';
import { type Grouped, type GroupOptions, groupSeries } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { BestQuotes } from '../mails/quoted-original.ts';

/** @param mails one a Message-ID, in any order */
export async function groupWithOriginals(
  mails: readonly ReviewMail[],
  options: GroupOptions,
): Promise<Grouped> {
  const first = groupSeries(mails, options);
  const best = new BestQuotes((original) => inBrief(original, { bytes: () => new Uint8Array() }));
  for (const mail of first.rest) if (BestQuotes.mayQuote(mail)) best.add(await inFull(mail));
  const originals = best.originals();
  return originals.length === 0 ? first : groupSeries([...mails, ...originals], options);
}
