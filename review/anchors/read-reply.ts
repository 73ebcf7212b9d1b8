// SPDX-License-Identifier: MIT
/**
 * A mail and the mail it answers → for each quoted line what it goes back to, and the blocks of
 * the writer's own words between them.
 *
 *     patch mail ◄── quoted lines of a reply ◄── quoted lines of a reply to that reply ◄── …
 *
 * Each mail is held against the one it answers, and takes over what that one's lines go back to.
 */

import { once } from '../../core/once.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { isClosing, isSnip, isTrailerLine } from '../mails/mail-words.ts';
import { type AlignLine, align, type Placed } from './align.ts';
import { withoutTrailers, wordsOf } from './own-words.ts';
import {
  hasLostMarks,
  innerOf,
  learnStyle,
  type QuoteLine,
  type QuoteStyle,
  readQuoteLine,
  squeeze,
  unflow,
} from './quote-lines.ts';
import { robotBlocks } from './robot-blocks.ts';
import { type Finding, type RobotReport, readReport } from './robot-report.ts';
import { type FindSimilar, similarLines } from './similar-lines.ts';

/** A line of a patch mail or cover letter, or of what somebody said, and how sure that is. */
export interface Origin {
  of: 'patch' | 'words';
  messageId: string;
  /** 0-based, of that mail's lines. */
  line: number;
  /** 0 to 1. */
  confidence: number;
}

export interface Block {
  /** The lines of the mail, [from, to). */
  from: number;
  to: number;
  /** The words, trailers left out; empty when it is trailers only. */
  text: string;
  lines: readonly string[];
  /** The last quoted line above; null when nothing is quoted above it. */
  under: Origin | null;
  /** Quoted lines above it, back to the last gap: their origins. */
  quoted: readonly Origin[];
  /** What a robot reports here: it names its place, and quotes nothing. */
  finding: Finding | null;
}

export interface ReadMail {
  mail: ReviewMail;
  lines: readonly QuoteLine[];
  origins: readonly (Origin | null)[];
  blocks: readonly Block[];
  /** The mail as a robot's report; null for what is none. */
  report: RobotReport | null;
  /** Its lines as answers to it are held against them. */
  keys: () => Keys;
}

interface Keys {
  /** Squeezed, one a line. */
  list: readonly string[];
  known: ReadonlySet<string>;
  /** For one reply. */
  similar: () => FindSimilar;
}

/** What a mail is held against. */
export interface Parent {
  read: ReadMail;
  /** It is not the mail that was answered, but one that this mail or one in between quotes. */
  guessed: boolean;
}

/** A patch mail or cover letter: each line goes back to itself. */
export function readOriginal(mail: ReviewMail): ReadMail {
  // Most patches are answered by nobody.
  const lines = once(() => mail.lines.map((raw): QuoteLine => ({ depth: 0, text: raw, raw })));
  const { messageId } = mail;
  const origins = once(() =>
    mail.lines.map((_, line): Origin => ({ of: 'patch', messageId, line, confidence: 1 })),
  );
  return {
    mail,
    get lines() {
      return lines();
    },
    get origins() {
      return origins();
    },
    blocks: [],
    report: null,
    keys: once(() => keysOf(lines())),
  };
}

function keysOf(lines: readonly QuoteLine[]): Keys {
  const list = lines.map(({ raw }) => squeeze(raw));
  return { list, known: new Set(list), similar: lookalikes(lines, list) };
}

const NO_KEYS: Keys = { list: [], known: new Set(), similar: () => () => [] };

/** @param parent null when nothing is there that the mail could quote */
export function readReply(mail: ReviewMail, parent: Parent | null): ReadMail {
  const { list, known, similar } = parent?.read.keys() ?? NO_KEYS;
  const style = learnStyle(mail.lines, known);
  const read = quoteLines(mail.lines, style);
  // Who quotes, by whatever marks, shows what a compiler said to him; and who answers a robot repeats it.
  const mayReport = (parent === null || parent.read.blocks.length === 0) && !quotes(read, known);
  const report = mayReport ? readReport(mail.lines) : null;
  if (report !== null) return readRobot(mail, report);
  const lost = hasLostMarks(read, known);
  const lines = lost ? read.map((line) => ({ ...line, depth: Math.max(1, line.depth) })) : read;
  const logical = logicalLines(lines, known, style, parent?.guessed ?? false);
  const origins: (Origin | null)[] = mail.lines.map(() => null);
  if (parent !== null) {
    const placed = align(logical, list, similar());
    const factor = parent.guessed ? 0.9 : 1;
    for (const [at, line] of logical.entries()) {
      const origin = originOf(placed[at] ?? null, parent.read, factor);
      for (const physical of line.physical) origins[physical] = origin;
    }
  }
  const quoted = new Set(logical.flatMap(({ physical }) => physical));
  if (lost) for (const at of unplaced(lines, origins)) quoted.delete(at);
  for (const at of lines.keys()) {
    if (quoted.has(at)) continue;
    origins[at] = { of: 'words', messageId: mail.messageId, line: at, confidence: 1 };
  }
  const blocks = blocksOf(mail, lines, quoted, origins);
  return { mail, lines, origins, blocks, report: null, keys: once(() => keysOf(lines)) };
}

/** A robot prints the source with numbers before its lines; a short line can be anywhere. */
function quotes(read: readonly QuoteLine[], known: ReadonlySet<string>): boolean {
  const isOf = ({ text }: QuoteLine): boolean => {
    const key = squeeze(text);
    return key.length > 8 && known.has(key);
  };
  return read.filter(isOf).length > 1;
}

function readRobot(mail: ReviewMail, report: RobotReport): ReadMail {
  const lines = mail.lines.map((raw): QuoteLine => ({ depth: 0, text: raw, raw }));
  const { messageId } = mail;
  const origins = lines.map((_, line): Origin => ({ of: 'words', messageId, line, confidence: 1 }));
  return {
    ...{ mail, lines, origins, blocks: robotBlocks(mail, report), report },
    keys: once(() => keysOf(lines)),
  };
}

/** Where the marks are lost, the writer's own lines are those between which nothing has its place. */
function unplaced(lines: readonly QuoteLine[], origins: readonly (Origin | null)[]): number[] {
  const own: number[] = [];
  const filled = [...lines.keys()].filter((at) => (lines[at]?.raw ?? '').trim() !== '');
  const isPlaced = (index: number): boolean => {
    const at = filled[index];
    return at === undefined || origins[at] != null;
  };
  for (const [index, at] of filled.entries()) {
    // A line of code within somebody's words is no quote.
    const alone = !isPlaced(index - 1) && !isPlaced(index + 1);
    if (!isPlaced(index) || (alone && (origins[at]?.confidence ?? 0) < LONELY)) own.push(at);
  }
  const mine = new Set(own);
  // The blank lines around them are theirs.
  let last = -1;
  for (const at of filled) {
    if (mine.has(at) || mine.has(last)) for (let blank = last + 1; blank < at; blank++) mine.add(blank);
    last = at;
  }
  for (let blank = last + 1; blank < lines.length; blank++) if (mine.has(last)) mine.add(blank);
  return [...mine];
}

const LONELY = 0.95;

interface LogicalLine extends AlignLine {
  /** The lines of the mail it was wrapped over. */
  physical: number[];
}

/** Below this line everything is the mail that is answered, without marks. */
const ORIGINAL_MESSAGE =
  /^-{2,}\s*(?:original|forwarded|ursprüngliche|original-)\s?(?:message|nachricht)\s*-{2,}\s*$/i;

/** Its header, as mailers that quote so repeat it. */
const REPEATED_HEADER = /^>?\s*(?:from|sent|to|cc|subject|date|von|gesendet|an|betreff):\s/i;

function quoteLines(raw: readonly string[], style: QuoteStyle): QuoteLine[] {
  const lines = raw.map((line) => readQuoteLine(line, style));
  const marker = raw.findIndex((line) => ORIGINAL_MESSAGE.test(line));
  if (marker < 0) return lines;
  let header = marker + 1;
  while (header < raw.length && (REPEATED_HEADER.test(raw[header] ?? '') || raw[header]?.trim() === ''))
    header++;
  const unmarked = !lines.slice(header).some(({ depth }) => depth > 0);
  return lines.map((line, at) => {
    const quoted = at >= marker && line.depth === 0 && (at < header || unmarked);
    return quoted ? { depth: 1, text: line.raw, raw: `> ${line.raw}` } : line;
  });
}

const MOST_PIECES = 6;

/** The quoted lines, those joined that a mailer has wrapped. */
function logicalLines(
  lines: readonly QuoteLine[],
  known: ReadonlySet<string>,
  style: QuoteStyle,
  stripAll: boolean,
): LogicalLine[] {
  const result: LogicalLine[] = [];
  let gap = true;
  let cut = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.depth === 0) {
      gap = true;
      cut ||= isSnip(line.text);
      continue;
    }
    const inner = stripAll ? line.text : innerOf(line.raw, style);
    if (isSnip(line.text)) {
      result.push({ key: '', gap: true, cut: true, physical: [at] });
      gap = true;
      cut = true;
      continue;
    }
    const key = squeeze(inner);
    const physical = [at];
    let whole = key;
    if (key !== '' && !known.has(key)) {
      const joined = joinWrapped(lines, at, key, known);
      if (joined !== null) {
        whole = joined.key;
        for (let more = at + 1; more <= joined.last; more++) physical.push(more);
        at = joined.last;
      }
    }
    result.push({ key: whole, gap, cut, physical });
    gap = false;
    cut = false;
  }
  return result;
}

/** The lines below may be the rest of a long one, with the quote's marks or without. */
function joinWrapped(
  lines: readonly QuoteLine[],
  at: number,
  key: string,
  known: ReadonlySet<string>,
): { key: string; last: number } | null {
  let joined = key;
  for (let next = at + 1; next < Math.min(lines.length, at + MOST_PIECES); next++) {
    const piece = squeeze(lines[next]?.text ?? '');
    if (piece === '') return null;
    joined += piece;
    if (known.has(joined)) return { key: joined, last: next };
  }
  return null;
}

function lookalikes(lines: readonly QuoteLine[], keys: readonly string[]): () => FindSimilar {
  const finder = similarLines(keys);
  const byText = once(() => Map.groupBy(lines.keys(), (at) => bareKey(lines[at]?.text ?? '')));
  return () => {
    const similar = finder();
    return (key) => {
      // Other marks for the levels below, or a diff's column lost: the words are the same.
      const same = byText().get(bareKey(key)) ?? [];
      if (same.length === 0 || same.length > 50) return similar(key);
      return same.map((target) => ({ target, similarity: 0.95 }));
    };
  };
}

function bareKey(text: string): string {
  return squeeze(text).replace(/^[>|:]+/, '');
}

function originOf(placed: Placed | null, parent: ReadMail, factor: number): Origin | null {
  if (placed === null) return null;
  const origin = parent.origins[placed.target] ?? null;
  if (origin === null) return null;
  const { of, messageId, line } = origin;
  return { of, messageId, line, confidence: Math.min(origin.confidence, placed.confidence) * factor };
}

function blocksOf(
  mail: ReviewMail,
  lines: readonly QuoteLine[],
  quoted: ReadonlySet<number>,
  origins: readonly (Origin | null)[],
): Block[] {
  const blocks: Block[] = [];
  const firstQuoted = lines.findIndex((_, line) => quoted.has(line));
  const lastWords = lines.findLastIndex(({ raw }, line) => !quoted.has(line) && raw.trim() !== '');
  let at = 0;
  while (at < lines.length) {
    if (quoted.has(at)) {
      at++;
      continue;
    }
    let end = at;
    while (end < lines.length && !quoted.has(end)) end++;
    const run = lines.slice(at, end).map(({ raw }) => raw);
    const words = wordsOf({
      lines: run,
      first: firstQuoted < 0 || at < firstQuoted,
      last: end > lastWords,
      quoteBelow: end < lines.length,
      name: mail.from.name,
    });
    if (words !== null) blocks.push(blockOf(run, at, words, mail.flowed, lines, quoted, origins));
    at = end;
  }
  return blocks;
}

function blockOf(
  run: readonly string[],
  start: number,
  words: [number, number],
  flowed: boolean,
  lines: readonly QuoteLine[],
  quoted: ReadonlySet<number>,
  origins: readonly (Origin | null)[],
): Block {
  const own = run.slice(words[0], words[1]);
  const said = withoutTrailers(flowed ? unflow(own) : own);
  // `Thanks!` above a tag is not said of the patch.
  const text = own.some(isTrailerLine) && isClosing(said) ? '' : said;
  return {
    from: start + words[0],
    to: start + words[1],
    text,
    lines: own,
    ...above(start, lines, quoted, origins),
    finding: null,
  };
}

/** The quoted run above a line: the last of it, and all of it. */
function above(
  start: number,
  lines: readonly QuoteLine[],
  quoted: ReadonlySet<number>,
  origins: readonly (Origin | null)[],
): { under: Origin | null; quoted: Origin[] } {
  let at = start - 1;
  while (at >= 0 && !quoted.has(at)) at--;
  const run: Origin[] = [];
  let missed = 0;
  for (; at >= 0 && quoted.has(at) && run.length < 200; at--) {
    const origin = origins[at] ?? null;
    // A blank one may be the mailer's own, between quote and words; one of the patch has its place.
    const blank = (lines[at]?.text ?? '').trim() === '';
    if (origin === null) {
      if (run.length === 0 && !blank && !isSnip(lines[at]?.text ?? '')) missed++;
      continue;
    }
    run.push(origin);
  }
  const last = run[0];
  if (last === undefined) return { under: null, quoted: [] };
  // Lines between it and the words could not be placed.
  const under = missed === 0 ? last : { ...last, confidence: last.confidence * 0.5 };
  return { under, quoted: run.reverse() };
}
