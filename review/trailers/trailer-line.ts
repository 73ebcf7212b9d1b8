// SPDX-License-Identifier: MIT
/** `Reviewed-by: Name <address> # note`: one trailer as it stands in a mail or a commit message. */
import type { Person } from '../../core/series.ts';
import { type NamedPerson, readPerson } from './trailer-person.ts';

/** What somebody can say of a patch with a trailer in a reply. */
export type Approval = 'reviewed' | 'acked' | 'tested' | 'nacked';

const APPROVALS: Readonly<Record<string, Approval>> = {
  reviewed: 'reviewed',
  acked: 'acked',
  tested: 'tested',
  nacked: 'nacked',
  nack: 'nacked',
  naked: 'nacked',
  nak: 'nacked',
};

/**
 * What a kind says: `Reviewed-and-tested-by` two things, `Signed-off-by` none of these.
 * @returns empty for what is no approval
 */
export function approvalsOf(kind: string): Approval[] {
  const words = kind.toLowerCase().split(/[- ]/, 8);
  if (words.at(-1) !== 'by' || words.some((word) => /^(?:not|un|never|non)$/.test(word))) return [];
  const found = words.map((word) => APPROVALS[word]).filter((one) => one !== undefined);
  return [...new Set(found)];
}

/** `reviewed-By` → `Reviewed-by`, as b4 writes kinds. */
export function plainKind(kind: string): string {
  const lower = kind.trim().toLowerCase().replaceAll(' ', '-');
  if (lower === 'cc') return 'Cc';
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

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

/** The value with the lines it was wrapped to: the address, or the end of a note in brackets. */
export function unwrapped(
  value: string,
  lines: readonly string[],
  at: number,
): { value: string; read: NamedPerson; lines: number } {
  let whole = value.trim();
  let taken = 1;
  let read = readPerson(whole);
  const next = (lines[at + 1] ?? '').trim();
  if (next.length <= 200 && whole.length <= 200 && read.person === null && next !== '') {
    const cut = whole.includes('<') && !whole.includes('>') && next.includes('>');
    const below = !whole.includes('<') && (next.startsWith('<') || (whole === '' && !next.includes(':')));
    if (cut || below) {
      const joined = cut ? whole + next : `${whole} ${next}`.trim();
      const again = readPerson(joined);
      if (again.person !== null) [whole, read, taken] = [joined, again, 2];
    }
  }
  const after = (lines[at + taken] ?? '').trim();
  if (read.person !== null && isOpen(read.rest) && after.length <= 200 && /^[^([]*[)\]]/.test(after)) {
    whole = `${whole} ${after}`;
    read = { person: read.person, rest: `${read.rest} ${after}` };
    taken++;
  }
  return { value: whole, read, lines: taken };
}

function isOpen(note: string): boolean {
  return note.startsWith('(') ? !note.includes(')') : note.startsWith('[') && !note.includes(']');
}

/** null when it says nothing: empty, or a full stop. */
export function noteOf(rest: string): string | null {
  const note = rest
    .replaceAll(/\s+/g, ' ')
    .replace(/^[,;.!: ]+/, '')
    .trim();
  return note === '' ? null : note;
}
