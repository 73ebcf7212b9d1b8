// SPDX-License-Identifier: MIT
/**
 * Measurements in a sentence, with the percentage beside them: `raises throughput from 21.63 Gb/s to 25.59 Gb/s (+18%)`,
 * `latency drops by 20% from 10 us to 8 us`, `g2h: 21.63 -> 25.59 Gb/s (+18%)`. Without a percentage two values can be of
 * anything, a timeout or a size.
 */
import { directionsIn } from './directions.ts';
import { type Measure, readMeasure, unitOf } from './measures.ts';
import { type PrintedChange, readChange } from './printed-change.ts';
import { detailsSaid } from './test-details.ts';

export interface ProseRow {
  /** What was measured, in which direction, and how, as far as it is named: `throughput g2h, 64 KiB`; else empty. */
  test: string;
  before: Measure;
  after: Measure;
  change: PrintedChange;
}

const FIRST =
  /(?<![\w.,-])(?:from (?:~|about |around )?(?=\d)|(?=\d[\d.,]{0,15} ?[A-Za-zµ/]{0,12} ?(?:->|→|=>) ?\d))/g;
const SECOND = /^ ?(?:(?:up |down )?to |-> ?|→ ?|=> ?)(?:~|about |around )?(?=\d)/;
/** Right behind the second value: `(+18%)`, `, or 18%`, `, an 18% gain`. */
const BEHIND =
  /^ ?(?:\(|\[|, ?|[–—-] ?)?(?:i\.e\.,? |or |that is,? |an? )?(?=[+−–↑↓-]? ?(?:~|≈|about )?\d[\d.,]{0,8} ?%)/;
/** Right before the first: `by 18% `. */
const AHEAD = /\b(?:by |of )((?:~|about )?\d[\d.,]{0,8} ?%),? ?\(?$/;
const METRIC = /\b(throughput|bandwidth|latency|overhead|performance|[a-z-]{1,20} rate|[a-z-]{1,20} time)\b/i;
const LONGEST = 4000;

/** @param text of a commit message or cover letter; a diff below it is not looked at */
export function proseRows(text: string): ProseRow[] {
  const [prose = ''] = text.split(/^diff --git /m, 1);
  return prose
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph.length <= LONGEST && paragraph.includes('%'))
    .flatMap((paragraph) => paragraph.split(/(?<=[.;!?]) (?=["'(A-Z])/))
    .flatMap(rowsOf);
}

function rowsOf(sentence: string): ProseRow[] {
  const rows: ProseRow[] = [];
  for (const match of sentence.matchAll(FIRST)) {
    const start = match.index + match[0].length;
    const before = firstOf(sentence.slice(start));
    const join = before === null ? null : SECOND.exec(before.rest);
    const after = before === null || join === null ? null : readMeasure(before.rest.slice(join[0].length));
    if (before === null || after === null || !isSpeed(before.unit ?? after.unit)) continue;
    const ahead = AHEAD.exec(sentence.slice(0, match.index))?.[1];
    const behind = BEHIND.exec(after.rest);
    const printed = behind === null ? ahead : after.rest.slice(behind[0].length);
    const change = printed === undefined ? null : readChange(printed);
    if (change !== null) rows.push({ test: testOf(sentence), before, after, change });
  }
  return rows;
}

/** `10` of `10 to 12 Gb/s` has no unit of its own. */
function firstOf(text: string): Measure | null {
  const bare = /^\d[\d.,]{0,15}(?= (?:(?:up|down) )?to )/.exec(text)?.[0];
  if (bare === undefined) return readMeasure(text);
  const measure = readMeasure(bare);
  return measure === null ? null : { ...measure, rest: text.slice(bare.length) };
}

/** Sizes are what is measured with, not what is measured. */
function isSpeed(unit: string | null): boolean {
  return unit !== null && unitOf(unit)?.family !== 'size';
}

function testOf(sentence: string): string {
  const directions = directionsIn(sentence);
  const metric = METRIC.exec(sentence)?.[1]?.toLowerCase();
  const what = [metric, directions.length === 1 ? directions[0] : undefined]
    .filter((word) => word !== undefined)
    .join(' ');
  return [what, ...detailsSaid(sentence)].filter((part) => part !== '').join(', ');
}
