// SPDX-License-Identifier: MIT
/** A range of commits → its patches as mails, for a version that was never mailed. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { readGitRange } from '../../patches/git-range.ts';
import { madeUpId } from '../mails/mail.ts';
import type { RawMail, Reading } from './reading.ts';

export interface CommitRange {
  repository: string;
  range: string;
  /** `v3`: kept in the subjects, as a mail is all that is kept. */
  version: string | undefined;
  /** `net-next`; null for what the repository is configured to. */
  prefix: string | null;
}

/**
 * The mails git format-patch would make, with the base commit. They have no Message-ID: what the others
 * answer is the one that is made up for the first.
 * @param source how messages name it
 * @throws RespinError SOURCE_UNKNOWN (usage), and what readGitRange throws
 */
export async function* mailsOfRange(
  { repository, range, version, prefix }: CommitRange,
  source: string,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  const there = await stat(repository).catch(() => null);
  if (!there?.isDirectory()) throw wrongRange(`there is no folder ${printable(repository)}`);
  if (!range.includes('..')) throw wrongRange(`"${printable(range)}" is not a range of commits`);
  const { mails } = await readGitRange(path.resolve(repository), range, {
    signal: reading.signal,
    version,
    sent: { prefix },
  });
  // Commits are of many days, and of several authors: that they are one series is said, as in a thread.
  const thread = Buffer.from(`In-Reply-To: <${madeUpId(mails[0] ?? new Uint8Array())}>\n`);
  for (const [at, patch] of mails.entries()) {
    const bytes = at === 0 ? patch : Buffer.concat([thread, patch]);
    reading.progress.bytes += bytes.length;
    yield { bytes, origin: `${source}, patch ${at + 1}` };
  }
}

function wrongRange(message: string): RespinError {
  return new RespinError({
    code: 'SOURCE_UNKNOWN',
    blame: 'usage',
    message,
    hint: 'name branches or tags as git:/path/to/repository#BASE..TIP',
  });
}
