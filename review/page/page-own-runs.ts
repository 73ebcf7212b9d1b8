// SPDX-License-Identifier: MIT
/**
 * Which lines of a hunk a replier wrote: the cheapest way to cut its lines into quoted and own runs.
 *
 * A line costs what speaks against its kind, a border costs more in mid-paragraph than at an empty
 * line. Found by Viterbi's algorithm (two states); when it is known how many lines are own, by the
 * same with that number as a second coordinate.
 */
import { isBlank } from './page-furniture.ts';

export interface Item {
  text: string;
  /** fixed: an added or removed line, quoted in any case. */
  kind: 'fixed' | 'free';
  /** Of codeScore; 0 for a fixed line. */
  score: number;
}

/** How git cuts hunks: so much context in front and behind, unless told otherwise. */
const CONTEXT = 3;
/** Cells of the table for one hunk; a longer one is read without its count. */
const MAX_CELLS = 400_000;

const AT_BLANK = 1;
const IN_PARAGRAPH = 3;
const BACK_IN_THE_TAIL = 3;
/** Code at the margin, or announced by `:`, below the last change: a replier shows what he means. */
const CODE_IN_THE_TAIL = 0.25;
/** How much worse the counted reading may be before the count is doubted. */
const DOUBT = 5;
/** The same in the hunk the mail ends with: a replier cuts what is below his last comment. */
const DOUBT_AT_THE_END = 1.5;

/** What a hunk's header says of it. */
export interface HunkCount {
  /** Context lines it has when nothing was cut out of it. */
  context: number;
  /** Its first line in the old file. */
  oldStart: number;
}

/**
 * @param count null when the hunk is cut: lines are then judged by themselves
 * @param last whether the mail ends with this hunk, so that what is written below its last change
 *   is hardly followed by more of the quote
 * @returns for each item whether it is own
 */
export function ownRuns(items: readonly Item[], count: HunkCount | null, last: boolean): boolean[] {
  const judged = judge(costsOf(items, last, last));
  if (count === null) return judged;
  const wanted = items.filter((item) => item.kind === 'free').length - count.context;
  if (wanted < 0 || items.length * (wanted + 1) > MAX_CELLS) return judged;
  const costs = costsOf(items, last, false);
  const counted = judgeCounted(items, costs, wanted, count);
  if (counted === null) return judged;
  // Context cut away without a mark shows as words that the count wants to be code.
  const more = judged.filter(Boolean).length > wanted;
  const doubt = last ? DOUBT_AT_THE_END : DOUBT;
  return more && costOf(counted, costs) > costOf(judged, costs) + doubt ? judged : counted;
}

interface Costs {
  quoted: Float64Array;
  own: Float64Array;
  /** Of an own run that begins at this item. */
  begin: Float64Array;
  /** Of a quoted run that begins at this item, behind an own one; one more for the end. */
  back: Float64Array;
}

/** @param cutTail whether what is below the last change is judged as the end of a cut quote */
function costsOf(items: readonly Item[], last: boolean, cutTail: boolean): Costs {
  const n = items.length;
  const costs: Costs = {
    quoted: new Float64Array(n),
    own: new Float64Array(n),
    begin: new Float64Array(n),
    back: new Float64Array(n + 1),
  };
  const lastFixed = items.findLastIndex((item) => item.kind === 'fixed');
  let blankAbove = false;
  let announced = false;
  items.forEach((item, at) => {
    const fixed = item.kind === 'fixed';
    const blank = !fixed && isBlank(item.text);
    const inTail = cutTail && at > lastFixed;
    costs.quoted[at] = Math.max(0, -item.score);
    costs.own[at] = fixed
      ? Number.POSITIVE_INFINITY
      : Math.max(0, item.score) *
        (inTail && (announced || !item.text.startsWith('\t')) ? CODE_IN_THE_TAIL : 1);
    costs.begin[at] = blank ? AT_BLANK : IN_PARAGRAPH;
    costs.back[at] = (blankAbove ? AT_BLANK : IN_PARAGRAPH) + (inTail ? BACK_IN_THE_TAIL : 0);
    blankAbove = blank;
    if (item.score < 0) announced = /:\s?$/.test(item.text.slice(-2));
  });
  costs.back[n] = last ? 0 : blankAbove ? AT_BLANK : IN_PARAGRAPH;
  return costs;
}

function costOf(own: readonly boolean[], costs: Costs): number {
  let sum = 0;
  own.forEach((isOwn, at) => {
    const wasOwn = own[at - 1] === true;
    sum += (isOwn ? costs.own[at] : costs.quoted[at]) ?? 0;
    if (isOwn && !wasOwn) sum += costs.begin[at] ?? 0;
    if (!isOwn && wasOwn) sum += costs.back[at] ?? 0;
  });
  return own.at(-1) === true ? sum + (costs.back[own.length] ?? 0) : sum;
}

/** In the tables of steps: which state the cheapest way into a cell came from. */
const OWN_FROM_OWN = 1;
const QUOTED_FROM_OWN = 2;

function judge(costs: Costs): boolean[] {
  const n = costs.own.length;
  const steps = new Uint8Array(n);
  let quoted = 0;
  let own = Number.POSITIVE_INFINITY;
  for (let at = 0; at < n; at++) {
    const back = own + (costs.back[at] ?? 0);
    const begin = quoted + (costs.begin[at] ?? 0);
    steps[at] = (back < quoted ? QUOTED_FROM_OWN : 0) | (own <= begin ? OWN_FROM_OWN : 0);
    const nextQuoted = Math.min(quoted, back) + (costs.quoted[at] ?? 0);
    own = Math.min(own, begin) + (costs.own[at] ?? 0);
    quoted = nextQuoted;
  }
  const result = new Array<boolean>(n).fill(false);
  let isOwn = own + (costs.back[n] ?? 0) < quoted;
  for (let at = n - 1; at >= 0; at--) {
    result[at] = isOwn;
    isOwn = ((steps[at] ?? 0) & (isOwn ? OWN_FROM_OWN : QUOTED_FROM_OWN)) !== 0;
  }
  return result;
}

/** As judge, with exactly `wanted` own items; null when no way has as many. */
function judgeCounted(
  items: readonly Item[],
  costs: Costs,
  wanted: number,
  count: HunkCount,
): boolean[] | null {
  const n = items.length;
  const width = wanted + 1;
  const steps = new Uint8Array(n * width);
  const shape = shapeCosts(items, count);
  let quoted = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  let own = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  quoted[0] = 0;
  for (let at = 0; at < n; at++) {
    const nextQuoted = new Float64Array(width);
    const nextOwn = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
    const [costQuoted = 0, costOwn = 0] = [costs.quoted[at], costs.own[at]];
    const [costBegin = 0, costBack = 0] = [costs.begin[at], costs.back[at]];
    for (let k = 0; k < width; k++) {
      const stay = quoted[k] ?? 0;
      const back = (own[k] ?? 0) + costBack;
      nextQuoted[k] = Math.min(stay, back) + costQuoted + shape(at, k);
      let step = back < stay ? QUOTED_FROM_OWN : 0;
      if (k > 0) {
        const on = own[k - 1] ?? 0;
        const begin = (quoted[k - 1] ?? 0) + costBegin;
        nextOwn[k] = Math.min(on, begin) + costOwn;
        if (on <= begin) step |= OWN_FROM_OWN;
      }
      steps[at * width + k] = step;
    }
    quoted = nextQuoted;
    own = nextOwn;
  }
  const endQuoted = quoted[wanted] ?? 0;
  const endOwn = (own[wanted] ?? 0) + (costs.back[n] ?? 0);
  if (!Number.isFinite(Math.min(endQuoted, endOwn))) return null;
  const result = new Array<boolean>(n).fill(false);
  let isOwn = endOwn < endQuoted;
  let k = wanted;
  for (let at = n - 1; at >= 0; at--) {
    result[at] = isOwn;
    const step = steps[at * width + k] ?? 0;
    if (isOwn) k--;
    isOwn = (step & (isOwn ? OWN_FROM_OWN : QUOTED_FROM_OWN)) !== 0;
  }
  return result;
}

/**
 * What it costs to be at a change with `k` own lines above it: as the number of context lines is
 * known, so is how many stand above the first change and how many are left below the last.
 */
function shapeCosts(items: readonly Item[], count: HunkCount): (at: number, k: number) => number {
  const first = items.findIndex((item) => item.kind === 'fixed');
  const last = items.findLastIndex((item) => item.kind === 'fixed');
  const freeAbove = (end: number): number =>
    items.slice(0, Math.max(0, end)).filter((item) => item.kind === 'free').length;
  const [aboveFirst, aboveLast] = [freeAbove(first), freeAbove(last)];
  const leading = Math.max(0, Math.min(CONTEXT, count.oldStart - 1));
  return (at, k) => {
    let cost = 0;
    if (at === first) cost += 1.5 * Math.abs(aboveFirst - k - leading);
    if (at === last) {
      const left = count.context - (aboveLast - k);
      // Fewer are possible at the end of a file.
      cost += left > CONTEXT ? 1.5 * (left - CONTEXT) : 0.7 * (CONTEXT - left);
    }
    return cost;
  };
}
