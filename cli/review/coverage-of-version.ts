// SPDX-License-Identifier: MIT
/** The newest coverage record of a version of a review. */
import type { CoverageRecord } from '../../core/coverage.ts';
import type { ReviewVersion } from '../../core/review.ts';
import { versionOfRun } from '../../review/out/version-of-run.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import { COVERAGE_RECORDS } from '../../runs/coverage-record.ts';
import type { Context } from '../command.ts';

/**
 * Name and number of a series prove nothing: the record has the mails of the version, or else its diffs.
 * @param folder of the series
 * @returns null when nobody measured this version
 */
export async function coverageOfVersion(
  context: Context,
  folder: string,
  shown: ReviewVersion | undefined,
): Promise<CoverageRecord | null> {
  if (shown === undefined || shown.patches.length === 0) return null;
  const records = (await COVERAGE_RECORDS.list()).flatMap(({ record }) => record ?? []);
  const alike = records.filter(
    ({ error, series }) => error === null && series.patches.length === shown.patches.length,
  );
  if (alike.length === 0) return null;
  // Most of a review is read for this, so only where a record may be of it.
  const { versions } = await readWholeReview(folder);
  for (const record of alike) {
    if ((await versionOfRun(record, versions, context.signal))?.version === shown.version) return record;
  }
  return null;
}
