// SPDX-License-Identifier: MIT
/**
 * A reply's text → lines with the depth of their quote. Which marks a mail quotes with is learned:
 * those whose lines are found in the mail that is answered.
 */

export interface QuoteLine {
  /** 0 for the writer's own words. */
  depth: number;
  /** Without quote marks and the blank behind them. */
  text: string;
  /** The line as it stands in the mail. */
  raw: string;
}

/** One mark of each way to quote; the longest prefix of these is taken off. */
export type QuoteStyle = 'angle' | 'bar' | 'colon' | 'initials';

const MARKS: Record<QuoteStyle, RegExp> = {
  // `>`, `> `, `>> >`
  angle: /[ \t]{0,3}>/y,
  bar: /[ \t]{0,3}[|>]/y,
  colon: /[ \t]{0,3}[:>]/y,
  // Supercite and its like: `BE> `
  initials: /[ \t]{0,3}\p{L}{0,4}>/uy,
};

/** Lines that these do not match have the same marks as with `angle`. */
const UNLIKE_ANGLE: Record<Exclude<QuoteStyle, 'angle'>, RegExp> = {
  bar: /^[ \t>]*\|/,
  colon: /^[ \t>]*:/,
  initials: /^[ \t>]*\p{L}{1,4}>/u,
};

const DEEPEST = 30;
/** A shorter line is in every mail. */
const TELLING = 6;
/** Who answers may repeat a line or two of code without quoting it. */
const FEW = 3;
/** … but not as much as this, in letters. */
const MUCH = 90;
/** How build robots mark the line a message is new on: `>> net/x.c:12:3: warning: …`, `  > 12	code` */
const ROBOT_MARK = /^(?:>> \S+:\d+(?::\d+)?: | {1,3}> ?\d{1,6}[ \t])/;

/** Cuts a line's quote marks off. */
export function readQuoteLine(raw: string, style: QuoteStyle): QuoteLine {
  const mark = MARKS[style];
  let end = 0;
  let depth = 0;
  if (raw.startsWith('>> ') && ROBOT_MARK.test(raw)) return { depth, text: raw, raw };
  for (; depth < DEEPEST; depth++) {
    mark.lastIndex = end;
    if (!mark.test(raw)) break;
    end = mark.lastIndex;
  }
  if (depth === 0) return { depth, text: raw, raw };
  return { depth, text: raw.slice(raw[end] === ' ' ? end + 1 : end), raw };
}

/** Lines that were squeezed: those of a thread are quoted again and again. */
const squeezed = new Map<string, string>();
const MOST_SQUEEZED = 50_000;
const LONGEST_SQUEEZED = 200;

/** All that is not white space: what re-wrapping, tab expansion and trimming leave alone. */
export function squeeze(text: string): string {
  if (text.length > LONGEST_SQUEEZED) return text.replace(/\s+/g, '');
  let key = squeezed.get(text);
  if (key === undefined) {
    key = text.replace(/\s+/g, '');
    if (squeezed.size >= MOST_SQUEEZED) squeezed.clear();
    squeezed.set(text, key);
  }
  return key;
}

/**
 * The style in which most of the mail's quoted lines are lines of the mail it answers.
 * @param known the squeezed lines of that mail; empty when it is not there
 */
export function learnStyle(lines: readonly string[], known: ReadonlySet<string>): QuoteStyle {
  if (known.size === 0) return 'angle';
  const isHit = (line: string, style: QuoteStyle): boolean => {
    const { depth, text } = readQuoteLine(line, style);
    if (depth === 0) return false;
    const isKnown = (inner: string): boolean => {
      const key = squeeze(inner);
      return key.length >= TELLING && known.has(key);
    };
    return isKnown(text) || (depth > 1 && isKnown(innerOf(line, style)));
  };
  const angle = lines.map((line) => isHit(line, 'angle'));
  const angleHits = angle.filter(Boolean).length;
  let best: QuoteStyle = 'angle';
  let bestHits = angleHits;
  for (const style of ['bar', 'colon', 'initials'] as const) {
    let hits = angleHits;
    for (const [at, line] of lines.entries()) {
      if (UNLIKE_ANGLE[style].test(line)) hits += Number(isHit(line, style)) - Number(angle[at]);
    }
    // The usual marks win unless another explains clearly more.
    if (hits > bestHits + (bestHits === 0 ? 0 : 2)) {
      best = style;
      bestHits = hits;
    }
  }
  return best;
}

/**
 * True when the mail has lost its quote marks: many of its unmarked lines are lines of the mail it answers.
 * @param known as for `learnStyle`
 */
export function hasLostMarks(lines: readonly QuoteLine[], known: ReadonlySet<string>): boolean {
  let unmarked = 0;
  let letters = 0;
  let marked = 0;
  for (const { depth, text } of lines) {
    const key = squeeze(text);
    if (key.length < TELLING || !known.has(key)) continue;
    if (depth > 0) marked++;
    else {
      unmarked++;
      letters += key.length;
    }
  }
  return (unmarked > FEW || (unmarked > 1 && letters > MUCH)) && unmarked > 3 * marked;
}

/** A line with one level of marks taken off: as it stands in the mail that is answered. */
export function innerOf(raw: string, style: QuoteStyle): string {
  const read = readQuoteLine(raw, style);
  if (read.depth <= 1) return read.text;
  const mark = MARKS[style];
  mark.lastIndex = 0;
  return mark.test(raw) ? raw.slice(mark.lastIndex) : raw;
}

/** format=flowed (RFC 3676) as its writer saw it: soft breaks joined; `-- ` is no soft break. */
export function unflow(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const line of lines) {
    if (open) joined[joined.length - 1] += line;
    else joined.push(line);
    open = line.endsWith(' ') && line !== '-- ' && line.trim() !== '';
  }
  return joined;
}

/** Takes the blank off that format=flowed puts in front of a line that begins with one, or with `From `. */
export function unstuff(line: string): string {
  return line.startsWith(' ') ? line.slice(1) : line;
}
