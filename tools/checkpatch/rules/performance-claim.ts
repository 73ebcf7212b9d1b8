// SPDX-License-Identifier: MIT
import type { Place } from '../../../core/check.ts';
import type { PerformanceClaim } from '../../../core/review.ts';
import type { Patch, Series } from '../../../core/series.ts';
import { aloneOf } from '../alone.ts';
import { placed, textLines } from '../places.ts';
import { versionsOf } from '../reviewed.ts';
import type { Found, Rule } from '../rule.ts';

const GOOD = 'throughput|performance|bandwidth|scalability|(?:transfer )?speed';
const BAD = 'latency|latencies|overhead|cpu (?:usage|time|load)';
const BETTER = '(?:improv|enhanc)(?:e|es|ed|ing)|better';
const MORE = '(?:increas|boost)(?:e|es|s|ed|ing)?|higher';
const LESS = '(?:reduc|decreas|lower)(?:e|es|s|ed|ing)?|less|lower';
const BETWEEN = ' (?:[\\w-]{1,20} ){0,3}?';
const CLAIM = new RegExp(
  `(?<![\\w-])(?:(?:${BETTER})${BETWEEN}(?:${GOOD}|${BAD})|(?:${MORE})${BETWEEN}(?:${GOOD})|(?:${LESS})${BETWEEN}(?:${BAD})|faster|speed(?:s|ed|ing)? (?:(?:it|this|things|them) )?up|speed-?ups?)(?![\\w-])`,
  'i',
);
/** A measured value, whatever it is of. */
const NUMBER =
  /\d\s?(?:%|percent|x(?!\w)|×|times(?!\w)|(?:[kmgt]i?)?(?:b|bit|bits|bytes?)(?:\/s|ps|\/sec)(?!\w)|(?:[kmg])?(?:pps|iops|rps|qps|tps|ops)(?!\w)|(?:ns|us|µs|ms|usecs?|msecs?|nsecs?|secs?|seconds?|cycles|instructions|s)(?!\w)|\w{0,12}\/s(?:ec)?(?!\w))/i;

const LONGEST = 2000;

export const performanceClaim: Rule = {
  id: 'performance-claim',
  kind: 'series',
  severity: 'note',
  title: 'what is said of speed has figures, and the percentages are right',
  explanation: `"If you claim improvements in performance, memory consumption, stack footprint, or binary size,
include numbers that back them up." A reader recomputes the percentages of a table; a wrong one costs the trust
in all others. Rounded and cut figures are right; for a time, both the time saved and the speed won are.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#describe-your-changes',
  needs: 'mails',
  advice: 'give figures from before and after, and say how they were measured',
  check: (input) => {
    const { series } = input;
    const rows = versionsOf(input).now?.performance ?? [];
    const wrong = rows.filter(({ right }) => right === false).map((row) => wrongRow(row, series));
    // The figures may be in a cover letter that is not here.
    if (rows.length > 0 || aloneOf(series) !== null) return wrong;
    if (NUMBER.test(series.cover?.body ?? '')) return [];
    return series.patches.flatMap((patch) => {
      if (NUMBER.test(patch.body) || NUMBER.test(patch.notes)) return [];
      return claimIn(patch) ?? [];
    });
  },
};

function claimIn({ index, subject, body }: Patch): Found | null {
  const text = (words: string) => `"${words}" is said without a figure`;
  const inSubject = CLAIM.exec(subject.slice(0, LONGEST))?.[0];
  if (inSubject !== undefined) {
    return { place: placed('subject', index), quote: subject, text: text(inSubject) };
  }
  const lines = body.split('\n');
  for (const [at, line] of lines.entries()) {
    const next = lines[at + 1] ?? '';
    if (line.length + next.length > LONGEST) continue;
    const match = CLAIM.exec(`${line} ${next}`);
    // What begins on the next line is found there.
    if (match === null || match.index >= line.length) continue;
    return { place: placed('message', index, at + 1), quote: line, text: text(match[0]) };
  }
  return null;
}

function wrongRow(row: PerformanceClaim, series: Series): Found {
  const { test, direction, before, after, unit, change, computedChange } = row;
  const name = [test, direction].filter((part) => part !== null && part !== '').join(' ');
  const sign = (value: number): string => `${value > 0 ? '+' : ''}${value}%`;
  const values = `${before} to ${after}${unit === '' ? '' : ` ${unit}`}`;
  return {
    ...placeOfRow(row, series),
    severity: 'warning',
    text: `${name === '' ? '' : `${name}: `}${values} is ${sign(computedChange)}, and it says ${sign(change ?? 0)}`,
    advice: 'compute the percentage again: (after - before) / before',
  };
}

/** The line with the printed percentage, and its after value if one has both. */
function placeOfRow(
  { patch, after, change }: PerformanceClaim,
  series: Series,
): { place: Place; quote: string | null } {
  const one = series.patches.find(({ index }) => index === patch);
  const texts =
    patch === 0
      ? [['cover', series.cover?.body ?? ''] as const]
      : [['message', one?.body ?? ''] as const, ['notes', one?.notes ?? ''] as const];
  const printed = String(Math.abs(change ?? 0));
  let best: { place: Place; quote: string } | null = null;
  for (const [on, body] of texts) {
    for (const { line, text } of textLines(body)) {
      if (!text.includes('%') || !text.includes(printed)) continue;
      const place = { place: placed(on, patch, line), quote: text };
      if (text.includes(String(after))) return place;
      best ??= place;
    }
  }
  return best ?? { place: placed(patch === 0 ? 'cover' : 'mail', patch), quote: null };
}
