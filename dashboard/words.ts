// SPDX-License-Identifier: MIT
import { SEVERITIES } from '../core/check.ts';
import { plural } from '../reports/words.ts';
import type { CaseAgain, SeriesFacts } from './model.ts';

const DAY_MS = 86_400_000;

/** `today`, `3 d`, `5 w`, `14 mo`, `3 y`: how long ago a day was; empty for what is none. */
export function ageWords(date: string, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(date.slice(0, 10))) / DAY_MS);
  if (Number.isNaN(days)) return '';
  if (days <= 0) return 'today';
  if (days < 14) return `${days} d`;
  if (days < 60) return `${Math.floor(days / 7)} w`;
  const months = Math.floor(days / 30.44);
  return months < 24 ? `${months} mo` : `${Math.floor(months / 12)} y`;
}

/** `2 errors, 7 warnings`, `nothing found`, `not checked`; a check of another version says so. */
export function checksText(checks: SeriesFacts['checks'], version: string): string {
  if (checks === null) return 'not checked';
  const found = SEVERITIES.filter((one) => checks.counts[one] > 0).map((one) =>
    plural(checks.counts[one], one),
  );
  // Nobody looked everywhere: that must not read as if nothing were wrong.
  const none = checks.untold ? 'could not tell all' : 'nothing found';
  const of = checks.version === version ? '' : ` (${checks.version})`;
  return `${found.length === 0 ? none : found.slice(0, 2).join(', ')}${of}`;
}

/** `vsock_test “SOCK_STREAM reset” in g2h, h2g` */
export function againWords({ program, name, directions }: CaseAgain): string {
  return `${program}${name === null ? '' : ` “${name}”`} in ${directions.join(', ')}`;
}
