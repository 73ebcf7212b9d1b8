// SPDX-License-Identifier: MIT
/** A series' folder → its mails: those in `mail/`, and the patches in `vN/` that were never mailed. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { splitMbox } from '../../patches/mbox.ts';
import { inBrief } from '../mails/brief.ts';
import { groupSeries, type ManualLinks, positionOf, type SeriesMails } from '../mails/group-series.ts';
import { type ReviewMail, readReviewMail } from '../mails/mail.ts';
import { quotedOriginals } from '../mails/quoted-original.ts';
import { fingerprintOfName, sourceFiles } from './kept-files.ts';
import { MailSet } from './read-mails.ts';

/** @param how brief: without texts and bytes */
export async function readMailSet(folder: string, how: 'full' | 'brief' = 'full'): Promise<MailSet> {
  const set = new MailSet();
  const { mails, patches } = await sourceFiles(folder);
  for (const file of mails) {
    const kept = { bytes: () => readFileSync(file), print: fingerprintOfName(file) };
    await set.add(readFileSync(file), path.relative(folder, file), how === 'brief' ? kept : undefined);
  }
  const mailed = new Set(set.mails.filter(({ role }) => role === 'patch').map(patchKey));
  for (const file of patches) {
    const version = path.basename(path.dirname(file));
    for (const bytes of splitMbox(await readFile(file), file.endsWith('.patch') ? 'none' : 'mboxrd')) {
      const origin = path.relative(folder, file);
      const mail = await readReviewMail(bytes, origin).catch((error: unknown) => {
        if (!(error instanceof RespinError)) throw error;
        set.problems.push({ origin: printable(origin), what: error.message });
        return null;
      });
      if (mail === null || (mail.role !== 'patch' && mail.role !== 'cover')) continue;
      const subject = { ...mail.subject, version, isPatch: true };
      // What was mailed is there with its Message-ID, which replies go by.
      if (mailed.has(patchKey({ ...mail, subject }))) continue;
      // A next version made by editing the last one's files has the same ids.
      const isTaken = set.mails.some(({ messageId }) => messageId === mail.messageId);
      const messageId = isTaken ? `${version}-${mail.messageId}` : mail.messageId;
      const whole = { ...mail, subject, messageId };
      set.put(how === 'brief' ? inBrief(whole, { bytes: () => bytes }) : whole);
    }
  }
  return set;
}

function patchKey({ subject }: ReviewMail): string {
  return `${subject.version} ${subject.index ?? 1}`;
}

/** All mails as one series: whoever put them into one folder has said so. */
export function asOneSeries(mails: readonly ReviewMail[], links: ManualLinks): SeriesMails | null {
  const first = groupSeries(mails, { links, together: true });
  // Replies to what is not there: what they quote stands in for it.
  const originals = quotedOriginals([...first.rest, ...repliesToMissing(first.series[0])]);
  const { series } =
    originals.length === 0 ? first : groupSeries([...mails, ...originals], { links, together: true });
  return series[0] ?? null;
}

/** Replies to a patch of a version that is there, but for this patch. */
function repliesToMissing(series: SeriesMails | undefined): ReviewMail[] {
  const there = new Set<string>();
  const versions = new Set<string>();
  for (const { version, posting } of series?.versions ?? []) {
    versions.add(version);
    for (const mail of posting.mails) there.add(`${version} ${positionOf(mail, posting)}`);
  }
  return (series?.replies ?? []).filter(({ subject }) => {
    const { version, index } = subject;
    return index !== null && index > 0 && versions.has(version) && !there.has(`${version} ${index}`);
  });
}
