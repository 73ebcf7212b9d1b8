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
  angle: /^[ \t]{0,3}>/,
  bar: /^[ \t]{0,3}[|>]/,
  colon: /^[ \t]{0,3}[:>]/,
  // Supercite and its like: `BE> `
  initials: /^[ \t]{0,3}[A-Za-z]{0,4}>/,
};

const DEEPEST = 30;
/** A shorter line is in every mail. */
const TELLING = 6;
/** Who answers may repeat a line or two of code without quoting it. */
const FEW = 3;
/** How build robots mark the line a message is new on: `>> net/x.c:12:3: warning: …` */
const ROBOT_MARK = /^>> \S+:\d+(?::\d+)?: /;

/** Cuts a line's quote marks off. */
export function readQuoteLine(raw: string, style: QuoteStyle): QuoteLine {
  if (ROBOT_MARK.test(raw)) return { depth: 0, text: raw, raw };
  let rest = raw;
  let depth = 0;
  for (; depth < DEEPEST; depth++) {
    const mark = MARKS[style].exec(rest);
    if (mark === null) break;
    rest = rest.slice(mark[0].length);
  }
  if (depth > 0 && rest.startsWith(' ')) rest = rest.slice(1);
  return { depth, text: depth === 0 ? raw : rest, raw };
}

/** All that is not white space: what re-wrapping, tab expansion and trimming leave alone. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}

/**
 * The style in which most of the mail's quoted lines are lines of the mail it answers.
 * @param known the squeezed lines of that mail; empty when it is not there
 */
export function learnStyle(lines: readonly string[], known: ReadonlySet<string>): QuoteStyle {
  const hitsOf = (style: QuoteStyle): number => {
    let hits = 0;
    for (const line of lines) {
      const { depth, text } = readQuoteLine(line, style);
      const key = squeeze(text);
      if (depth > 0 && key.length >= TELLING && known.has(key)) hits++;
    }
    return hits;
  };
  let best: QuoteStyle = 'angle';
  let bestHits = hitsOf('angle');
  for (const style of ['bar', 'colon', 'initials'] as const) {
    const hits = hitsOf(style);
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
  let marked = 0;
  for (const { depth, text } of lines) {
    const key = squeeze(text);
    if (key.length < TELLING || !known.has(key)) continue;
    if (depth === 0) unmarked++;
    else marked++;
  }
  return unmarked > FEW && unmarked > 3 * marked;
}

/** format=flowed (RFC 3676): stuffing off, soft breaks joined; `-- ` is no soft break. */
export function unflow(text: string): string {
  const lines: string[] = [];
  let open: { marks: string; at: number } | null = null;
  for (const raw of text.split('\n')) {
    const marks = /^>*/.exec(raw)?.[0] ?? '';
    let rest = raw.slice(marks.length);
    if (rest.startsWith(' ')) rest = rest.slice(1);
    const soft = rest.endsWith(' ') && rest !== '-- ' && rest.trim() !== '';
    if (open !== null && open.marks === marks) lines[open.at] += rest;
    else lines.push(marks === '' ? rest : `${marks} ${rest}`);
    open = soft ? { marks, at: lines.length - 1 } : null;
  }
  return lines.join('\n');
}
