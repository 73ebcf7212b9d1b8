// SPDX-License-Identifier: MIT
/** A hunk as the page has it → which of its lines are the patch's and which the replier's. */
import { HUNK_HEADER } from '../../patches/diff-sections.ts';
import { isBlank, type RawLine } from './page-furniture.ts';
import { type HunkCount, type Item, ownRuns } from './page-own-runs.ts';
import { codeScore, type FileKind } from './page-prose.ts';

/** How the archive treats the blank in front of a quoted line. */
export type Blanks = 'lost' | 'kept';

/**
 * @param header its `@@` line
 * @param lines what stands below it, up to the next hunk, file or the end
 * @param file what its file is
 * @param last whether nothing of the diff follows
 * @returns for each line whether it is own
 */
export function ownInHunk(
  header: string,
  lines: readonly RawLine[],
  blanks: Blanks,
  file: FileKind,
  last: boolean,
): boolean[] {
  const items = lines.map((line) => itemOf(line.text, blanks, file));
  // A signature's border is no removed line.
  if (last) {
    const border = lines.findLastIndex((line) => /^--\s?$/.test(line.text));
    const lastChange = items.findLastIndex((item) => item.kind === 'fixed');
    if (border >= 0 && border === lastChange) items[border] = { text: '-- ', kind: 'free', score: -8 };
  }
  const shown = withShownChanges(items);
  if (shown !== null) {
    const count = countOf(header, shown);
    if (count !== null) return ownRuns(shown, count, last);
  }
  return ownRuns(items, countOf(header, items), last);
}

/**
 * The items with the changes free that a replier only proposes: announced by `:`, and between empty
 * lines. Null when there are none.
 */
function withShownChanges(items: readonly Item[]): Item[] | null {
  let result: Item[] | null = null;
  let announced = false;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (item === undefined) break;
    if (item.kind === 'free') {
      if (!isBlank(item.text)) announced = item.score < 0 && item.text.trimEnd().endsWith(':');
      continue;
    }
    let end = at;
    while (items[end]?.kind === 'fixed') end++;
    if (announced && isBlank(items[at - 1]?.text ?? '') && isBlank(items[end]?.text ?? '')) {
      result ??= [...items];
      for (let own = at; own < end; own++) {
        result[own] = { text: items[own]?.text ?? '', kind: 'free', score: -6 };
      }
    }
    announced = false;
    at = end - 1;
  }
  return result;
}

function itemOf(text: string, blanks: Blanks, file: FileKind): Item {
  if (/^[+\\-]/.test(text)) return { text, kind: 'fixed', score: 0 };
  if (isBlank(text)) return { text, kind: 'free', score: 0 };
  if (blanks === 'kept') {
    // Code as a replier shows it: not indented as the file is.
    const shown = file === 'tabs' && /^ {2,}[^\s*]/.test(text);
    return { text, kind: 'free', score: shown ? -1 : /^[ \t]/.test(text) ? 6 : -8 };
  }
  return { text, kind: 'free', score: codeScore(text, file) };
}

/**
 * How many context lines the hunk has; null when lines of it were cut out. Lines of a replier's
 * list that pass for removed or added ones are made free when that makes the counts agree.
 */
function countOf(header: string, items: Item[]): HunkCount | null {
  const match = HUNK_HEADER.exec(header);
  if (!match) return null;
  const left = { old: Number(match[2] ?? 1), new: Number(match[4] ?? 1) };
  for (const item of items) {
    if (item.kind !== 'fixed') continue;
    if (item.text.startsWith('-')) left.old--;
    if (item.text.startsWith('+')) left.new--;
  }
  const tooMany = left.new - left.old;
  if (tooMany !== 0) {
    const mark = tooMany > 0 ? '-' : '+';
    const listed = listLines(items, mark).slice(0, Math.abs(tooMany));
    if (listed.length < Math.abs(tooMany)) return null;
    for (const at of listed) {
      const text = items[at]?.text ?? '';
      items[at] = { text, kind: 'free', score: -6 };
    }
    left.old = left.new = Math.max(left.old, left.new);
  }
  return left.old < 0 ? null : { context: left.old, oldStart: Number(match[1]) };
}

/**
 * Items that could be a replier's `- this and that` or `+1`, the likeliest first: such a list stands
 * below an empty line or other words, not among changes.
 */
function listLines(items: readonly Item[], mark: '-' | '+'): number[] {
  const found: { at: number; score: number }[] = [];
  let inWords = false;
  items.forEach((item, at) => {
    const listed = item.text.startsWith(mark) && /^(?:[+-] ["`\p{L}]|\+1\b)/u.test(item.text);
    inWords = item.kind === 'free' || (inWords && listed);
    if (item.kind === 'free' || !inWords) return;
    const score = item.text.startsWith('+1') ? -4 : codeScore(item.text.slice(2), 'spaces');
    if (score < 0) found.push({ at, score });
  });
  return found.sort((a, b) => a.score - b.score).map((one) => one.at);
}
