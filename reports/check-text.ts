// SPDX-License-Identifier: MIT
/** The report of the checks, for a terminal. */
import type { CheckReport, RuleInfo } from '../core/check.ts';
import { printable } from '../core/escape.ts';

export interface CheckTextOptions {
  /** Columns to fit in; no limit without it. */
  width?: number;
  color?: boolean;
}

/** @param _rules for what a report does not repeat of them */
export function formatCheck(
  report: CheckReport,
  _rules: readonly RuleInfo[],
  _options: CheckTextOptions = {},
): string {
  const lines = report.findings.map(({ severity, rule, place, text, id }) => {
    const where = [place.patch, place.file ?? place.on, place.line].filter((part) => part !== null).join(':');
    return `${severity} ${rule} ${where} ${text} ${id}`;
  });
  for (const { rule, state, why } of report.rules)
    if (state === 'unknown') lines.push(`unknown ${rule}: ${why}`);
  return lines.map((line) => `${printable(line)}\n`).join('');
}
