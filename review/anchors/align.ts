// SPDX-License-Identifier: MIT
/**
 * Which line of a mail is which line of the mail it answers.
 *
 * The quoted lines are a subsequence of the answered ones: in their order, with gaps (marked or
 * not), a few of them mangled. Of all monotone placements the one with the greatest weight is
 * taken; a line weighs what it says (a line that occurs once much, a `}` little), a line right
 * behind its neighbour weighs more, a gap costs. This is sparse chaining of matches (Eppstein,
 * Galil, Giancarlo, Italiano: Sparse Dynamic Programming I, 1992), once from above and once from
 * below: their sum is the best placement through each pair, and how far the second best of a
 * line is behind is how sure its place is.
 */

export interface AlignLine {
  /** Without white space; the empty string for a blank line, which is placed by its neighbours. */
  key: string;
  /** The way from the line above may skip: something was cut here, or was written in between. */
  gap: boolean;
  /** The writer says that something was cut right above: `[...]`. */
  cut: boolean;
}

export interface Placed {
  /** Index of the answered line. */
  target: number;
  /** 0 to 1. */
  confidence: number;
}

interface Match {
  /** Place among the answered lines that are not blank. */
  rank: number;
  weight: number;
  /** Weight of the best chain that ends here, this match included. */
  ending: number;
  /** … and of the best that begins here. */
  beginning: number;
  /** The match before it in the best chain that ends here. */
  previous: Match | null;
  line: number;
}

/** What a line right behind its neighbour is worth more. */
const ADJACENT = 2;
/** What it costs to skip lines where nothing shows that some were cut. */
const SKIP = 2.5;
/** … and where something does. */
const MARKED_SKIP = 0.3;
/** A line skipped: of two equal placements the nearer is right. */
const DISTANCE = 0.002;
/** Lines more frequent than this are placed by their neighbours alone. */
const MAX_OCCURRENCES = 400;
/** All pairs of lines that are weighed; of a quote that has more, only the rarer lines. */
const MOST_MATCHES = 1_000_000;
/** In a mail of fewer lines, such as a cover letter, a line that stands once is as rare as in one of these. */
const FEW = 20;
/** How much better than the next best a place must be for a confidence of 1 − 1/e. */
const SURE = 1.6;

/**
 * @param quoted the quoted lines in their order
 * @param answered the keys of the answered mail's lines
 * @param similar candidates for a line that stands nowhere as it is: index of the answered line and 0 to 1
 * @returns for each quoted line where it comes from; null where it cannot be told
 */
export function align(
  quoted: readonly AlignLine[],
  answered: readonly string[],
  similar: (key: string) => readonly { target: number; similarity: number }[] = () => [],
): (Placed | null)[] {
  const targets = answered.flatMap((key, at) => (key === '' ? [] : [at]));
  const ranks = new Map(targets.map((target, rank) => [target, rank]));
  const byKey = new Map<string, number[]>();
  for (const [rank, target] of targets.entries()) {
    const key = answered[target] ?? '';
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [rank]);
    else list.push(rank);
  }
  const most = Math.min(MAX_OCCURRENCES, Math.ceil(MOST_MATCHES / Math.max(1, quoted.length)));
  // Blank lines say nothing of their own; their gap is passed on.
  const lines: { at: number; gap: boolean; matches: Match[] }[] = [];
  let gap = false;
  for (const [at, line] of quoted.entries()) {
    gap ||= line.gap;
    if (line.key === '') continue;
    lines.push({ at, gap, matches: matchesOf(line.key, lines.length) });
    gap = false;
  }
  chain(lines, targets.length);
  const result: (Placed | null)[] = quoted.map(() => null);
  for (const match of bestChain(lines)) {
    const line = lines[match.line];
    const target = targets[match.rank];
    if (line === undefined || target === undefined) continue;
    result[line.at] = { target, confidence: confidenceOf(match, line.matches) };
  }
  placeBetween(quoted, answered, result);
  return result;

  function matchesOf(key: string, line: number): Match[] {
    const exact = byKey.get(key);
    const found = (rank: number, weight: number): Match => {
      return { rank, weight, ending: weight, beginning: weight, previous: null, line };
    };
    if (exact !== undefined) {
      if (exact.length > most) return [];
      const weight = weightOf(key, exact.length, targets.length);
      return exact.map((rank) => found(rank, weight));
    }
    return similar(key)
      .flatMap(({ target, similarity }) => {
        const rank = ranks.get(target);
        const weight = weightOf(key, 1, targets.length) * similarity ** 2 * 0.8;
        return rank === undefined ? [] : [found(rank, weight)];
      })
      .sort((a, b) => a.rank - b.rank);
  }
}

/** Rare lines say more, and so do long ones: `}` is no evidence even where it stands once. */
function weightOf(key: string, occurrences: number, total: number): number {
  const rare = Math.log((Math.max(total, FEW) + 2) / occurrences);
  return Math.max(0.15, rare * Math.min(1, key.length / 6));
}

function chain(lines: readonly { gap: boolean; matches: Match[] }[], total: number): void {
  sweep(lines, total, 'down');
  sweep(lines, total, 'up');
}

/**
 * Fills `ending` (down) or `beginning` (up). `best` holds, for every prefix of ranks (suffix when
 * going up), the best chain so far that may be skipped from.
 */
function sweep(
  lines: readonly { gap: boolean; matches: Match[] }[],
  total: number,
  way: 'down' | 'up',
): void {
  const down = way === 'down';
  const best = new PrefixBest(total);
  /** The matches of the line before, by rank. */
  const near: (Match | null)[] = new Array(total + 2).fill(null);
  let neighbours: readonly Match[] = [];
  for (let step = 0; step < lines.length; step++) {
    const at = down ? step : lines.length - 1 - step;
    const line = lines[at];
    if (line === undefined) continue;
    const marked = down ? line.gap : (lines[at + 1]?.gap ?? false);
    for (const match of line.matches) {
      const place = down ? match.rank : total - 1 - match.rank;
      let value = 0;
      let from: Match | null = null;
      // Shifted by one, so that the first line has a place above it.
      const beside = near[match.rank + (down ? 0 : 2)] ?? null;
      if (beside !== null) {
        value = (down ? beside.ending : beside.beginning) + ADJACENT;
        from = beside;
      }
      const far = best.below(place);
      if (far !== null) {
        const skipped = best.value - ((marked ? MARKED_SKIP : SKIP) + DISTANCE * place);
        if (skipped > value) {
          value = skipped;
          from = far;
        }
      }
      if (down) {
        match.ending = match.weight + value;
        match.previous = from;
      } else {
        match.beginning = match.weight + value;
      }
    }
    for (const { rank } of neighbours) near[rank + 1] = null;
    for (const match of line.matches) {
      const place = down ? match.rank : total - 1 - match.rank;
      near[match.rank + 1] = match;
      best.add(place, (down ? match.ending : match.beginning) + DISTANCE * place, match);
    }
    neighbours = line.matches;
  }
}

/** The greatest value at a place below a given one (Fenwick, A New Data Structure for Cumulative Frequency Tables, 1994). */
class PrefixBest {
  readonly #values: Float64Array;
  readonly #matches: (Match | null)[];
  /** Of the match that `below` has found. */
  value = Number.NEGATIVE_INFINITY;

  constructor(size: number) {
    this.#values = new Float64Array(size + 1).fill(Number.NEGATIVE_INFINITY);
    this.#matches = new Array(size + 1).fill(null);
  }

  add(place: number, value: number, match: Match): void {
    for (let at = place + 1; at < this.#values.length; at += at & -at) {
      if (value > (this.#values[at] ?? 0)) {
        this.#values[at] = value;
        this.#matches[at] = match;
      }
    }
  }

  below(place: number): Match | null {
    this.value = Number.NEGATIVE_INFINITY;
    let best: Match | null = null;
    for (let at = place; at > 0; at -= at & -at) {
      const value = this.#values[at] ?? 0;
      if (value > this.value) {
        this.value = value;
        best = this.#matches[at] ?? null;
      }
    }
    return best;
  }
}

function bestChain(lines: readonly { matches: Match[] }[]): Match[] {
  let last: Match | null = null;
  for (const { matches } of lines) {
    for (const match of matches) if (last === null || match.ending > last.ending) last = match;
  }
  const chosen: Match[] = [];
  for (let match: Match | null = last; match !== null; match = match.previous) chosen.push(match);
  return chosen.reverse();
}

/** How far the best placement through another line is behind. */
function confidenceOf(match: Match, matches: readonly Match[]): number {
  const through = (one: Match): number => one.ending + one.beginning - one.weight;
  const whole = through(match);
  let margin = whole;
  for (const other of matches) {
    if (other !== match) margin = Math.min(margin, whole - through(other));
  }
  return 1 - Math.exp(-Math.max(0, margin) / SURE);
}

/** Blank and mangled lines between two that are placed, as many as there are in the answered mail. */
function placeBetween(
  quoted: readonly AlignLine[],
  answered: readonly string[],
  result: (Placed | null)[],
): void {
  const cuts = new Int32Array(quoted.length + 1);
  for (const [at, { cut }] of quoted.entries()) cuts[at + 1] = (cuts[at] ?? 0) + Number(cut);
  /** Whether something was cut above one of the lines [first, last]. */
  const anyCut = (first: number, last: number): boolean =>
    (cuts[Math.min(last + 1, quoted.length)] ?? 0) > (cuts[first] ?? 0);
  let from = -1;
  for (let at = 0; at <= result.length; at++) {
    const placed = result[at];
    if (at < result.length && (placed === null || placed === undefined)) continue;
    const before = from >= 0 ? result[from] : null;
    const after = placed ?? null;
    let last = before?.target ?? -1;
    const end = after?.target ?? answered.length;
    for (let step = 1; from + step < at; step++) {
      const index = from + step;
      const isBlank = quoted[index]?.key === '';
      // Counted from the neighbour above, or below, where nothing was cut in between.
      const fromAbove = before == null || anyCut(from + 1, index) ? null : before.target + step;
      const fromBelow = after === null || anyCut(index + 1, at) ? null : after.target - (at - index);
      const agree = fromAbove !== null && fromAbove === fromBelow;
      // A mangled line needs both; a blank one stays with the one above it where it can.
      if (!isBlank && !agree) continue;
      const target = [fromAbove, fromBelow].find(
        (one) => one !== null && one > last && one < end && (answered[one] === '') === isBlank,
      );
      if (target === undefined || target === null) continue;
      const sure = Math.min(before?.confidence ?? 1, after?.confidence ?? 1);
      const alone = fromAbove === null || fromBelow === null;
      result[index] = { target, confidence: sure * (isBlank ? (agree || alone ? 1 : 0.85) : 0.8) };
      last = target;
    }
    from = at;
  }
}
