// SPDX-License-Identifier: MIT
/** Numbers with units as people print them: `21.63 Gb/s`, `1,234,567 pps`, `1.2M ops/s`. */

export interface Measure {
  value: number;
  /** As written; null when none stands there. */
  unit: string | null;
  /** What stands behind it. */
  rest: string;
}

interface Unit {
  /** Units of one family can be converted. */
  family: string;
  factor: number;
}

const NUMBER =
  /^[~≈]?\s?(\d{1,3}(?:[ ,_']\d{3})+(?:\.\d{1,12})?|\d{1,15}(?:[.,]\d{1,12})?)(e[+-]?\d{1,2})?(?![\d:]|[.,]\d)/i;
const NOISE = /^\s?\(?(?:±|\+\/-|\+-)\s?\d[\d.,]{0,12}\s?%?\)?/;
const UNIT = /^\s?([kKMGT] (?=[A-Za-z]{2}))?([A-Za-zµμ]{1,16}(?:\/[A-Za-zµμ]{1,10})?)(?![\w/])/;

const PREFIXES: Record<string, number> = { '': 0, k: 1, K: 1, m: 2, M: 2, g: 3, G: 3, T: 4 };
const TIMES: readonly [RegExp, number][] = [
  [/^(?:ns|nsecs?|nanoseconds?)$/i, 1e-9],
  [/^(?:[uµμ]s|usecs?|microseconds?)$/i, 1e-6],
  [/^(?:ms|msecs?|milliseconds?)$/i, 1e-3],
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:mins?|minutes?)$/i, 60],
];
const COUNTS: readonly [RegExp, string][] = [
  [/^(?:ops?|o)$/, 'operations'],
  [/^(?:reqs?|requests?|r)$/, 'requests'],
  [/^(?:pkts?|packets?|p)$/, 'packets'],
  [/^(?:trans|transactions?|t)$/, 'transactions'],
  [/^(?:quer(?:y|ies)|q)$/, 'queries'],
  [/^(?:msgs?|messages?)$/, 'messages'],
  [/^(?:conns?|connections?|c)$/, 'connections'],
  [/^(?:ios?)$/, 'io'],
];

/**
 * Reads a number and its unit from the beginning of a text. A comma before three digits parts
 * thousands, before any other number of digits it is a decimal point.
 * @returns null when it does not begin with a number, or another word than a unit follows
 */
export function readMeasure(text: string): Measure | null {
  const begin = text.slice(0, 200).trimStart();
  const number = NUMBER.exec(begin);
  if (!number) return null;
  const digits = number[1] ?? '';
  const plain = /^\d{1,3}([ ,_']\d{3})+(\.\d+)?$/.test(digits)
    ? digits.replace(/[ ,_']/g, '')
    : digits.replace(',', '.');
  const value = Number(`${plain}${number[2] ?? ''}`);
  if (!Number.isFinite(value)) return null;
  let rest = begin.slice(number[0].length).replace(NOISE, '');
  const match = UNIT.exec(rest);
  const unit = match ? `${match[1] ?? ''}${match[2] ?? ''}` : null;
  if (unit === null || !match) return /^\s?[\w%]/.test(rest) ? null : { value, unit: null, rest };
  if (unitOf(unit) === null) return null;
  rest = rest.slice(match[0].length).replace(NOISE, '');
  return { value, unit, rest };
}

/** null for a word that is no unit. */
export function unitOf(text: string): Unit | null {
  const rate = /^([kKmMgGT]?)(i?)(b|bits?|B|Bits?|bytes?|Bytes?)(\/s(?:ec(?:ond)?)?|ps)?$/.exec(text);
  if (rate) {
    const base = rate[2] === 'i' ? 1024 : 1000;
    const bytes = /^(?:B$|byte)/i.test(rate[3] ?? '') && rate[3] !== 'b';
    const factor = base ** (PREFIXES[rate[1] ?? ''] ?? 0) * (bytes ? 8 : 1);
    return { family: rate[4] === undefined ? 'size' : 'rate', factor };
  }
  for (const [names, factor] of TIMES) if (names.test(text)) return { family: 'time', factor };
  const count = /^([kKMG]?) ?([A-Za-z]{1,12}?)(?:\/s(?:ec(?:ond)?)?|ps)$/.exec(text);
  if (count) {
    const base = (count[2] ?? '').toLowerCase();
    const family = COUNTS.find(([names]) => names.test(base))?.[1];
    return family === undefined ? null : { family, factor: 1000 ** (PREFIXES[count[1] ?? ''] ?? 0) };
  }
  return /^(?:cycles|instructions)(?:\/[a-z]{1,10})?$|^[num]s\/[a-z]{1,10}$/i.test(text)
    ? { family: text.toLowerCase(), factor: 1 }
    : null;
}

/** @returns the value in the other unit; null when there is no way from one to the other */
export function converted(value: number, from: string, to: string): number | null {
  if (from === to) return value;
  const [a, b] = [unitOf(from), unitOf(to)];
  if (a === null || b === null || a.family !== b.family) return null;
  // The digits behind the twelfth come from the factors.
  return Number(((value * a.factor) / b.factor).toPrecision(12));
}

/** Whether less of it is better. */
export function isTime(unit: string): boolean {
  return unitOf(unit)?.family === 'time' || /^[num]s\/|^cycles/i.test(unit);
}
