// SPDX-License-Identifier: MIT
/**
 * Lines that only jump. Of
 *
 *     if (!copy)            N times
 *             return skb;
 *     memcpy(copy->head…    M times
 *
 * gcc counts no block for the return: it is an empty one, and gone before the counters come (remove_forwarder_block() in
 * gcc's tree-cfgcleanup.cc). Yet these are the error paths that a reader asks for, and it ran N - M times. That
 * holds where nothing else leads from the `if` or to the line behind; where that is not plain, nothing is said.
 */
import { withoutComments } from './c-regions.ts';

/** A line with a jump, the `if` before it, and the first line behind it that has a count. */
export interface Jump {
  line: number;
  before: number;
  behind: number;
}

const JUMP = /^(?:return\b[^;{}]*|goto\s+\w+|break|continue)\s*;$/;
/** What may lead elsewhere than to the next line, or to it from elsewhere. */
const TURNS =
  /^(?:if|for|while|do|switch|else|case|default|return|goto|break|continue|\w*for_each\w*)\b|[{}]|^\w+\s*:(?!:)/;
const LOOPS = /^(?:for|while|do|\w*for_each\w*)\b/;
/** Behind the jump, lines without a count that are passed over in search for one that has it. */
const MOST_PASSED = 8;

/**
 * @param source the whole text of a file
 * @param built by line, from 1: lines that are not compiled are passed over
 * @param code lines that have a count
 */
export function jumpLines(source: string, built: readonly boolean[], code: ReadonlySet<number>): Jump[] {
  const texts = withoutComments(source.split('\n')).map(({ text }) => text.trim());
  const lines = texts.flatMap((text, index) => {
    const number = index + 1;
    return text === '' || text.startsWith('#') || built[number] !== true ? [] : [{ number, text }];
  });
  return lines.flatMap(({ number, text }, at): Jump[] => {
    if (!JUMP.test(text) || code.has(number)) return [];
    const guard = guardOf(lines, at);
    if (guard === null || !code.has(guard.before)) return [];
    const behind = behindOf(lines, guard.next, code);
    return behind === null ? [] : [{ line: number, before: guard.before, behind }];
  });
}

interface CodeLine {
  number: number;
  text: string;
}

/** The `if` that the line at `at` is all there is to, and where what follows it begins. */
function guardOf(lines: readonly CodeLine[], at: number): { before: number; next: number } | null {
  const last = lines[at - 1]?.text ?? '';
  const braced = /\)\s*\{$/.test(last);
  if (!braced && !last.endsWith(')')) return null;
  if (braced && lines[at + 1]?.text !== '}') return null;
  const opening = openingOf(lines, at - 1);
  const head = lines[opening]?.text ?? '';
  if (!/^if\s*\(/.test(head)) return null;
  // It stands alone: not behind an `else`, and not as all there is to a loop or another `if`.
  if (!/[;{}:]$/.test(lines[opening - 1]?.text ?? '')) return null;
  return { before: lines[opening]?.number ?? 0, next: braced ? at + 2 : at + 1 };
}

/** Where the parentheses that close on a line open. */
function openingOf(lines: readonly CodeLine[], from: number): number {
  let depth = 0;
  for (let at = from; at >= 0; at--) {
    const text = lines[at]?.text ?? '';
    for (let char = text.length - 1; char >= 0; char--) {
      if (text[char] === ')') depth++;
      else if (text[char] === '(') depth--;
    }
    if (depth <= 0) return at;
    if (/[;{}]/.test(text) && at !== from) return -1;
  }
  return -1;
}

function behindOf(lines: readonly CodeLine[], next: number, code: ReadonlySet<number>): number | null {
  for (const { number, text } of lines.slice(next, next + MOST_PASSED)) {
    // An `if` runs as often as what is before it, a loop does not, and an else is of the `if` itself.
    if (LOOPS.test(text) || /^(?:else|case|default|switch)\b|^[{}]|^\w+\s*:(?!:)/.test(text)) return null;
    if (code.has(number)) return number;
    if (TURNS.test(text)) return null;
  }
  return null;
}

/** How often it ran; null when the counts do not fit together. */
export function jumpCount(
  { before, behind }: Jump,
  counts: ReadonlyMap<number, number> | undefined,
): number | null {
  const count = (counts?.get(before) ?? 0) - (counts?.get(behind) ?? 0);
  return count < 0 ? null : count;
}
