// SPDX-License-Identifier: MIT
/** Which version on the list a run has tested. */
import type { RunRecord } from '../../core/run.ts';
import type { VersionPatches } from '../build/version-patches.ts';
import { patchIdOf } from './patch-parts.ts';

/**
 * The version whose patches are those of the run: the same mails, or else the same diffs.
 * Name and number of a series prove nothing: what was run may have been changed since.
 * @param versions oldest first
 */
export async function versionOfRun(
  record: Pick<RunRecord, 'series'>,
  versions: readonly VersionPatches[],
  signal?: AbortSignal,
): Promise<VersionPatches | null> {
  const run = record.series?.patches ?? [];
  if (run.length === 0) return null;
  const ids = new Set(run.map(({ messageId }) => messageId));
  const alike = versions.filter(({ patches }) => patches.length === run.length);
  const mailed = alike.find(({ patches }) => patches.every(({ mail }) => ids.has(mail.messageId)));
  if (mailed !== undefined) return mailed;
  const wanted = run
    .map(({ patchId }) => patchId)
    .sort()
    .join(' ');
  for (const version of alike.toReversed()) {
    const subjects = new Set(run.map(({ subject }) => folded(subject)));
    if (!version.patches.every(({ mail }) => subjects.has(folded(mail.subject.subject)))) continue;
    if (version.patches.some(({ mail }) => mail.quotedOnly)) continue;
    const found: (string | null)[] = [];
    for (const { mail } of version.patches) found.push(await patchIdOf(mail, signal));
    if (found.sort().join(' ') === wanted) return version;
  }
  return null;
}

function folded(subject: string): string {
  return subject.toLowerCase().replace(/\s+/g, ' ').trim();
}
