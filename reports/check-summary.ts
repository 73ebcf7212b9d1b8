// SPDX-License-Identifier: MIT
import type { CheckReport, RuleInfo } from '../core/check.ts';
import { displayWidth } from '../core/table.ts';
import { placeWords, summaryWords } from './check-words.ts';
import { paragraph } from './layout.ts';

/** Errors that are told one by one. */
const MOST = 6;

/**
 * A few lines for below a verdict: the counts, each error, and how to see the rest.
 * @param label stands in front of the first line, as wide as the others' labels
 */
export function formatCheckSummary(
  report: CheckReport,
  rules: readonly RuleInfo[],
  { label, width }: { label: string; width: number },
): string {
  const errors = report.findings.filter(({ severity, waiver }) => severity === 'error' && waiver === null);
  const below = ' '.repeat(displayWidth(label));
  const lines = [
    paragraph(label, summaryWords(report, rules), width),
    ...errors
      .slice(0, MOST)
      .map(({ rule, place, text }) =>
        paragraph(below, `error ${rule}, ${placeWords(place, report)}: ${text}`, width),
      ),
    ...(errors.length > MOST ? [`${below}${errors.length - MOST} more errors`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
