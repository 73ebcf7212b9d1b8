// SPDX-License-Identifier: MIT
/** `Reviewed-by: Name <address> # note`: one trailer as it stands in a mail or a commit message. */
import type { Person } from '../../core/series.ts';
import { approvalsOf, noteOf, plainKind, unwrapped } from '../../patches/trailer-value.ts';

export interface ReadTrailer {
  kind: string;
  person: Person;
  /** null when nothing stands behind the address. */
  note: string | null;
  /** What stands in front of it on its line: `After fixing that,`; empty when it begins the line. */
  lead: string;
  /** How many lines it takes. */
  lines: number;
}

const KIND = '(?:[A-Za-z]{2,20}-){0,5}(?:reviewed|acked|tested|nac?ked|nac?k)[- ]by';
const AT_START = new RegExp(`^(${KIND})\\s?:(.*)$`, 'i');
const INLINE = new RegExp(`(?<![\\w-])(${KIND})\\s?:`, 'gi');

/** What may follow an address for the line to be a trailer, and not a sentence that names one. */
const NOTE =
  /^(?:$|[#([{,;.!:/–—-]|(?:for|on|with|once|if|assuming|after|when|unless|provided|as|in|and)\b)/i;

/**
 * The approval at line `at`, maybe wrapped to the next ones.
 * @param lines own words of a mail, without quote marks
 * @returns null when there is none
 */
export function readTrailer(lines: readonly string[], at: number): ReadTrailer | null {
  const line = lines[at]?.trim() ?? '';
  if (line.length > 1000 || !line.includes(':')) return null;
  const whole = AT_START.exec(line);
  if (whole) return complete(whole[1] ?? '', whole[2] ?? '', '', lines, at);
  const inside = [...line.matchAll(INLINE)].at(-1);
  if (!inside || !/[\s("']/.test(line.charAt(inside.index - 1))) return null;
  const lead = line.slice(0, inside.index).trim();
  return complete(inside[1] ?? '', line.slice(inside.index + inside[0].length), lead, lines, at);
}

function complete(
  kind: string,
  value: string,
  lead: string,
  lines: readonly string[],
  at: number,
): ReadTrailer | null {
  if (approvalsOf(kind).length === 0) return null;
  const wrapped = unwrapped(value, lines, at);
  const { person, rest } = wrapped.read;
  if (person === null || !NOTE.test(rest)) return null;
  const note = noteOf(rest);
  return { kind: plainKind(kind), person, note, lead, lines: wrapped.lines };
}
