// SPDX-License-Identifier: MIT
/** What of a mail is quoted in an answer to some of its words: these, and the lines they are about. */
import { printable } from '../../core/escape.ts';
import { HUNK_HEADER } from '../../patches/diff-sections.ts';
import { isAttribution } from '../anchors/own-words.ts';
import type { Block, ReadMail } from '../anchors/read-reply.ts';

/** A quoted run of at most this many lines is kept whole … */
const SHORT_RUN = 16;
/** … of a longer one this many, those next to the words. */
const NEAREST = 12;
/** Somebody's words: more than anybody answers in one place. */
const MOST_WORDS = 400;
/** RFC 5322 2.1.1 allows 998 octets in a line; a few are for who answers the answer. */
const LONGEST = 950;

const SNIP = '[...]';
/** Taken for what a build robot marks, not for a quote of a quote: quote-lines.ts. */
const LIKE_ROBOT = /^> \S+:\d+(?::\d+)?: /;

/**
 * The lines of the answer: quoted, `[...]` where something between them is left out. What is behind
 * the words is left out without a mark: there the answer is written.
 * @param blocks of `read`
 */
export function quotedLines(read: ReadMail, blocks: readonly Block[]): string[] {
  const kept = new Set<number>();
  for (const block of blocks) {
    for (let at = block.from; at < block.to && at < block.from + MOST_WORDS; at++) kept.add(at);
    for (const at of contextOf(read, block)) kept.add(at);
  }
  const first = Math.min(...kept);
  for (const at of attributionOf(read)) if (at < first) kept.add(at);
  const order = [...kept].sort((a, b) => a - b);
  const lines: string[] = [];
  let next = 0;
  for (const at of order) {
    if (isCut(read, next, at)) lines.push(...(lines.length === 0 ? [SNIP, ''] : ['', SNIP, '']));
    else if (lines.length > 0) for (let blank = next; blank < at; blank++) lines.push('>');
    lines.push(quoted(read, at));
    next = at + 1;
  }
  return lines;
}

/** The quoted run right above the words, and the lines that say which hunk it is. */
function contextOf(read: ReadMail, block: Block): number[] {
  let end = block.from - 1;
  while (end >= 0 && isOwn(read, end) && rawOf(read, end).trim() === '') end--;
  if (end < 0 || isOwn(read, end)) return [];
  let start = end;
  while (start > 0 && !isOwn(read, start - 1)) start--;
  // What Outlook repeats of the header, above the quote itself.
  const first = read.origins.findIndex((origin, at) => at >= start && at <= end && origin !== null);
  if (first > start) start = first;
  // Where a hunk was commented before, the lines that name it stand above those words.
  const headers = headersAbove(read, block.under?.of === 'patch' ? 0 : start, end);
  start = Math.max(start, headers.file ?? 0);
  if (end - start >= SHORT_RUN) start = end - NEAREST + 1;
  const run = Array.from({ length: end - start + 1 }, (_, at) => start + at);
  return [headers.file, headers.hunk].filter((at) => at !== null && at < start).concat(run) as number[];
}

/** The nearest `@@` line above, and the first line of its file, where they are quoted. */
function headersAbove(
  read: ReadMail,
  from: number,
  end: number,
): { file: number | null; hunk: number | null } {
  const found: { file: number | null; hunk: number | null } = { file: null, hunk: null };
  for (let at = end; at >= from && found.file === null; at--) {
    const text = read.lines[at]?.text ?? '';
    if (isOwn(read, at)) continue;
    if (found.hunk === null && HUNK_HEADER.test(text)) found.hunk = at;
    else if (text.startsWith('diff --git ')) found.file = at;
  }
  return found;
}

/** `On …, Somebody wrote:` at the top of the mail: whose words its own quotes are. */
function attributionOf(read: ReadMail): number[] {
  let end = read.lines.findIndex((_, at) => !isOwn(read, at)) - 1;
  while (end >= 0 && rawOf(read, end).trim() === '') end--;
  for (let start = end; start >= 0 && start > end - 4; start--) {
    if (rawOf(read, start).trim() === '') break;
    const lines = Array.from({ length: end - start + 1 }, (_, at) => rawOf(read, start + at));
    const above = rawOf(read, start - 1).trim();
    // It may be wrapped: it begins with its date, or its paragraph.
    const begins = above === '' || /^\s*On\s.*\d/.test(lines[0] ?? '');
    if (begins && isAttribution(lines)) return lines.map((_, at) => start + at);
  }
  return [];
}

/** Whether anything worth a mark stands in [from, to): a greeting is not. */
function isCut(read: ReadMail, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (rawOf(read, at).trim() === '') continue;
    if (!isOwn(read, at) || read.blocks.some((block) => at >= block.from && at < block.to)) return true;
  }
  return false;
}

function quoted(read: ReadMail, at: number): string {
  const raw = rawOf(read, at);
  const line = printable(isOwn(read, at) ? raw.trimEnd() : raw);
  if (line === '') return '>';
  // As mutt does: no blank between the marks.
  const mark = line.startsWith('>') && !LIKE_ROBOT.test(line) ? '>' : '> ';
  return mark + bounded(line);
}

function bounded(line: string): string {
  if (Buffer.byteLength(line) <= LONGEST) return line;
  let length = Math.min(line.length, LONGEST);
  while (Buffer.byteLength(line.slice(0, length)) > LONGEST) length -= 50;
  return `${line.slice(0, length).toWellFormed()} ${SNIP}`;
}

function isOwn(read: ReadMail, at: number): boolean {
  const origin = read.origins[at];
  return (
    origin?.of === 'words' && origin.messageId === read.mail.messageId && (read.lines[at]?.depth ?? 0) === 0
  );
}

function rawOf(read: ReadMail, at: number): string {
  return read.mail.lines[at] ?? '';
}
