// SPDX-License-Identifier: MIT
/** What of a writer's unquoted lines is said to somebody: greetings, signatures and footers are not. */
import { isClosing, isGreeting, isName, isSnip, trailerLength } from '../mails/mail-words.ts';

/** Words of an attribution line in the languages mailers speak. */
const WROTE =
  /(?:wrote|writes|said|schrieb|a écrit|escribió|scrisse|ha scritto|skrev|schreef|napisał\S*|pisze|написал\S*|пишет|写道|のメール).{0,20}[:：]?\s*$/i;

/**
 * True for the lines above a quote that say whose words follow: they end in a colon and speak of a
 * date, an address or writing.
 */
export function isAttribution(lines: readonly string[]): boolean {
  const text = lines.join(' ').trim().slice(-600);
  if (!/[:：]\s*$/.test(text)) return false;
  return (
    WROTE.test(text) ||
    (/<[^<>\s]+@[^<>\s]+>|\b\S+@\S+\b/.test(text) && /\b(?:19|20)\d\d\b|\d{1,2}:\d{2}/.test(text))
  );
}

export interface OwnRun {
  lines: readonly string[];
  /** Nothing but this run's like stands above or below it in the mail. */
  first: boolean;
  last: boolean;
  /** A quote begins right below. */
  quoteBelow: boolean;
  /** The sender's name, for a signature that is nothing else. */
  name: string;
}

/** Which lines of a run are somebody's words, as [from, to) of the run; null when none are. */
export function wordsOf(run: OwnRun): [number, number] | null {
  const { lines } = run;
  let from = 0;
  let to = lines.length;
  const blank = (at: number): boolean => (lines[at] ?? '').trim() === '';
  const trim = (): void => {
    while (from < to && (blank(from) || isSnip(lines[from] ?? ''))) from++;
    while (to > from && (blank(to - 1) || isSnip(lines[to - 1] ?? ''))) to--;
  };
  const cut = lines.findIndex((line) => /^-- ?$/.test(line) || /^_{10,}\s*$/.test(line));
  if (cut >= 0) to = cut;
  trim();
  if (run.quoteBelow) to = aboveAttribution(lines, from, to);
  trim();
  if (run.first) from = behindAttribution(lines, from, to);
  trim();
  if (run.first && from < to && isGreeting(lines[from] ?? '')) from++;
  trim();
  if (run.last) to = withoutClosing(lines, from, to, run.name);
  trim();
  return from < to ? [from, to] : null;
}

/** An attribution is a paragraph of its own, or the end of one that it begins a line of. */
const LONGEST_ATTRIBUTION = 4;

function aboveAttribution(lines: readonly string[], from: number, to: number): number {
  for (let start = to - 1; start >= Math.max(from, to - LONGEST_ATTRIBUTION); start--) {
    if ((lines[start] ?? '').trim() === '') return to;
    if (!isAttribution(lines.slice(start, to))) continue;
    // It may be wrapped: `On …, at …, Somebody`, `<address> wrote:`. Its date begins it, else its name.
    let top = start;
    for (let above = start; above >= Math.max(from, to - LONGEST_ATTRIBUTION); above--) {
      const line = lines[above] ?? '';
      if (line.trim() === '') break;
      if (startsWithDate(line)) return above;
      if (/^[^<>]{0,60}<[^<>\s]+@[^<>\s]+>/.test(line)) top = Math.min(top, above);
    }
    return top;
  }
  return to;
}

/** Some greet below it: `X wrote:`, `Hi X,`. */
function behindAttribution(lines: readonly string[], from: number, to: number): number {
  for (let end = from + 1; end <= Math.min(to, from + LONGEST_ATTRIBUTION); end++) {
    if ((lines[end - 1] ?? '').trim() === '') return from;
    if (isAttribution(lines.slice(from, end))) return end;
  }
  return from;
}

function startsWithDate(line: string): boolean {
  return /^\s*(?:On|Am|Le|El|Il|Op|Den|W|At)\b.{0,120}$/.test(line) && /\d/.test(line);
}

function withoutClosing(lines: readonly string[], from: number, to: number, name: string): number {
  let end = to;
  const isSender = (line: string): boolean => {
    const bare = line
      .trim()
      .replace(/^[-–/~\s]+/, '')
      .toLowerCase();
    const names = name.toLowerCase().split(/\s+/);
    return bare !== '' && (names.includes(bare) || name.toLowerCase() === bare);
  };
  const skipBlank = (): void => {
    while (end > from && (lines[end - 1] ?? '').trim() === '') end--;
  };
  skipBlank();
  const last = lines[end - 1] ?? '';
  const above = lastFilled(lines, from, end - 1);
  if (end > from && (isSender(last) || (isName(last) && above !== null && isClosing(above)))) {
    end--;
    skipBlank();
  }
  if (end > from && isClosing(lines[end - 1] ?? '')) {
    end--;
    skipBlank();
  }
  return end;
}

function lastFilled(lines: readonly string[], from: number, to: number): string | null {
  for (let at = to - 1; at >= from; at--) {
    const line = lines[at] ?? '';
    if (line.trim() !== '') return line;
  }
  return null;
}

/** What is said to patchwork's bot is said to nobody else. */
const TO_BOT = /^\s*pw-bot:/i;

/** The words without the tags that somebody gives among them, nor what these leave empty. */
export function withoutTrailers(lines: readonly string[]): string {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const trailer = trailerLength(lines, at);
    if (trailer > 0) at += trailer - 1;
    else if (!TO_BOT.test(lines[at] ?? '')) kept.push((lines[at] ?? '').trimEnd());
  }
  return kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}
