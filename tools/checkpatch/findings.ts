// SPDX-License-Identifier: MIT
/** What a rule found → findings with names that stay. */
import { createHash } from 'node:crypto';
import type { Finding } from '../../core/check.ts';
import type { Series } from '../../core/series.ts';
import type { Found, Rule } from './rule.ts';

/**
 * A finding's id is a hash of the rule, the tool's own type, and what it is about: a line of a file
 * by file and text, a line of a message by the patch's subject and text, anything else by what is
 * said of it. Line numbers are not in it, nor the version: a waiver holds as long as the line is
 * the same. Equal ones are counted.
 */
export function findingsOf(rule: Rule, found: readonly Found[], series: Series): Finding[] {
  const seen = new Map<string, number>();
  return found.map((one) => {
    const { place, quote, text } = one;
    const type = one.type ?? null;
    const subject = series.patches.find(({ index }) => index === place.patch)?.subject ?? '';
    const about = [rule.id, type ?? '', place.on, place.file ?? subject, quote ?? text].join('\0');
    const times = (seen.get(about) ?? 0) + 1;
    seen.set(about, times);
    const hash = createHash('sha256').update(times === 1 ? about : `${about}\0${times}`);
    return {
      id: `f${hash.digest('hex').slice(0, 7)}`,
      rule: rule.id,
      type,
      severity: one.severity ?? rule.severity,
      place,
      quote,
      text,
      advice: one.advice ?? rule.advice,
      waiver: null,
    };
  });
}
