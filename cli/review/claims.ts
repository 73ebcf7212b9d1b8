// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { CLAIMS_SCHEMA } from '../../core/measured-claims.ts';
import type { PerfRecord } from '../../core/perf.ts';
import type { Review, ReviewVersion } from '../../core/review.ts';
import { formatClaims, measuredJson, recordJson } from '../../reports/review-measured.ts';
import { measureClaims } from '../../review/claims/measured.ts';
import { readReview } from '../../review/store/read-review.ts';
import type { Context } from '../command.ts';
import { readPerfRecord } from '../perf-record-file.ts';
import { terminalWidth } from '../width.ts';
import { seriesFolder } from './which-series.ts';
import { versionNamed } from './which-version.ts';

/** `respin review claims`: 0 whatever the verdicts are, as another machine may have measured. */
export async function claims(context: Context): Promise<ExitCode> {
  const [wanted, which] = [context.text('version'), context.text('perf')];
  const record = which === undefined ? null : await readPerfRecord(which, context.cwd);
  const review = await readReview(await seriesFolder(context));
  const shown = wanted === undefined ? review.versions.at(-1) : versionNamed(review.versions, wanted);
  const claimed = shown?.performance ?? [];
  const measured = record === null ? null : measureClaims(claimed, record);
  if (context.json) {
    context.printJson({
      ...{ schema: CLAIMS_SCHEMA, series: review.series, version: shown?.version ?? null },
      record: record === null ? null : recordJson(record),
      claims: measured === null ? claimed : measured.map(measuredJson),
    });
    return 0;
  }
  if (record !== null && shown !== undefined) warnOfOther(context, record, review, shown);
  const width = terminalWidth(context);
  const options = { color: context.color, ...(width === undefined ? {} : { width }) };
  const against = record === null || measured === null ? null : { record, claims: measured };
  await context.show(formatClaims(shown, against, options));
  return 0;
}

/** A record of v7 may well be held against what v8 says; nobody should do so unawares. */
function warnOfOther(context: Context, { series }: PerfRecord, review: Review, shown: ReviewVersion): void {
  if (series === null || (series.name === review.series && series.version === shown.version)) return;
  const [of, not] = [series, { name: review.series, version: shown.version }].map(({ name, version }) =>
    printable(`${name} ${version}`),
  );
  context.warn(`the record is of ${of}, the claims are of ${not}`);
}
