// SPDX-License-Identifier: MIT
/** What stands in front of a trailer's colon and behind it. */
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

/** The kind of a withdrawal that names none: `my tags`. It takes all of them back. */
export const ANY_TAG = 'tag';

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
