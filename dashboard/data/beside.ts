// SPDX-License-Identifier: MIT
/** What machines say of a patch: the findings of the last check, and which of its lines ran. */
import type { CheckReport } from '../../core/check.ts';
import type { CoverageRecord } from '../../core/coverage.ts';
import type { Beside, Ran } from '../rows/diff-rows.ts';

/**
 * @param report of the series' last check; null without one
 * @param coverage of this version; null without one
 */
export function besidePatch(
  { version, patch }: { version: string; patch: number },
  report: CheckReport | null,
  coverage: CoverageRecord | null,
): Beside {
  const checked = report !== null && report.series.version === version;
  const findings = checked ? report.findings.filter(({ place }) => place.patch === patch) : [];
  const ran = new Map<string, Ran>();
  for (const { path, lines } of coverage?.files ?? []) {
    for (const { patch: of, at, state } of lines) {
      if (of === patch && (state === 'ran' || state === 'never')) ran.set(`${path} ${at}`, state);
    }
  }
  return { findings, ran };
}
