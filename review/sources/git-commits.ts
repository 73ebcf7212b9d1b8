// SPDX-License-Identifier: MIT
/** A range of commits → its patches as mails, for a version that was never mailed. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { readGitRange } from '../../patches/git-range.ts';
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
 * The mails git format-patch would make, with the base commit.
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
  for (const [at, bytes] of mails.entries()) {
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
