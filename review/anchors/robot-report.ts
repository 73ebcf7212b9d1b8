// SPDX-License-Identifier: MIT
/**
 * What a build robot, sparse or smatch reports, by the places it names:
 *
 *     patch link:    https://HOST/r/MESSAGE-ID          which patch it was built with
 *     patch subject: [PATCH v2 1/4] title
 *     >> net/x.c:40:25: warning: what is wrong          gcc, clang, sparse; `>>` where only some are new
 *     net/x.c:40 function() warn: what is wrong         smatch
 *           40 |         the line                       gcc and clang
 *     vim +/function +40 net/x.c                        the lines around it
 *        > 40    the line                               `@40` behind a commit and its author, too
 */

/** A line of a file, as a report names it. */
export interface NamedLine {
  /** As the report writes it. */
  file: string;
  line: number;
  /** What it prints of that line; null where it does not. */
  code: string | null;
}

export interface Finding extends NamedLine {
  /** The lines of the mail that speak of it, 0-based: the message, then what is printed of the source. */
  lines: number[];
}

export interface RobotReport {
  /** Of the patch that was built, where a link or a subject says so. */
  patchId: string | null;
  patchSubject: string | null;
  findings: Finding[];
}

/** More of one report than anybody works through. */
const MOST = 50;
/** A longer line is no message of a compiler. */
const LONGEST = 2000;

const PLACE = String.raw`((?:[\w.+~-]*\/)*[\w+~-][\w.+~-]*\.[A-Za-z]{1,5})`;
const COMPILER = new RegExp(
  String.raw`^(>>)?\s*${PLACE}:(\d{1,7}):(?:\d{1,5}:)? (?:fatal )?(?:error|warning|sparse|smatch):`,
  'i',
);
const SMATCH = new RegExp(String.raw`^(>>)?\s*${PLACE}:(\d{1,7}) \w+\(\) (?:warn|error|info):?\s`, 'i');
/** Above the next message: whose it is. */
const LEAD = /: In (?:member )?function \S|^\s*In file included from /;
const NEW_SMATCH = /^New smatch warnings:\s*$/i;
const OLD_SMATCH = /^Old smatch warnings:\s*$/i;
const VIM = /^vim \+(?:\/\S+ \+)?(\d{1,7}) (\S+)\s*$/;
/** A quote of somebody: then the place is where that stands. A robot's own marks are `>>` and `   > 40`. */
const QUOTE = /^>(?!> )/;

/** @returns null when no place is named, or something is quoted */
export function readReport(lines: readonly string[]): RobotReport | null {
  const found = lines.flatMap((line, at) => messageAt(line, at) ?? []);
  if (found.length === 0 || lines.some((line) => QUOTE.test(line))) return null;
  const marked = found.filter((one) => one.isMarked);
  const section = newSmatch(lines, found);
  const wanted = marked.length > 0 ? marked : section.length > 0 ? section : found;
  const starts = new Set(found.map(({ at }) => at));
  const findings: Finding[] = [];
  for (const { file, line, at } of wanted) {
    const own = messageLines(lines, at, starts);
    const same = findings.find((one) => one.file === file && one.line === line);
    if (same !== undefined) same.lines.push(...own);
    else if (findings.length < MOST) findings.push({ file, line, code: null, lines: own });
  }
  const sources = sourceLines(lines);
  for (const one of findings) readSource(one, lines, sources);
  return { ...patchOf(lines), findings };
}

interface Message {
  at: number;
  file: string;
  line: number;
  isMarked: boolean;
}

function messageAt(text: string, at: number): Message | null {
  if (text.length > LONGEST || !text.includes(':')) return null;
  const match = COMPILER.exec(text) ?? SMATCH.exec(text);
  if (match === null) return null;
  return { at, file: match[2] ?? '', line: Number(match[3]), isMarked: match[1] !== undefined };
}

function newSmatch(lines: readonly string[], found: readonly Message[]): Message[] {
  const from = lines.findIndex((line) => NEW_SMATCH.test(line));
  if (from < 0) return [];
  const end = lines.findIndex((line, at) => at > from && (line.trim() === '' || OLD_SMATCH.test(line)));
  return found.filter(({ at }) => at > from && (end < 0 || at < end));
}

/** The message and what is printed below it. */
function messageLines(lines: readonly string[], at: number, starts: ReadonlySet<number>): number[] {
  const own = [at];
  for (let next = at + 1; next < lines.length; next++) {
    const line = (lines[next] ?? '').slice(0, LONGEST);
    if (line.trim() === '' || starts.has(next) || LEAD.test(line) || /^\S/.test(line)) break;
    own.push(next);
  }
  return own;
}

interface SourceLines {
  file: string;
  line: number;
  from: number;
  to: number;
}

/** The blocks below `vim +40 net/x.c`. */
function sourceLines(lines: readonly string[]): SourceLines[] {
  const blocks: SourceLines[] = [];
  for (const [at, text] of lines.entries()) {
    const match = text.length > LONGEST ? null : VIM.exec(text);
    const last = blocks.at(-1);
    if (match !== null) {
      blocks.push({ file: match[2] ?? '', line: Number(match[1]), from: at, to: lines.length });
    }
    const ends = match !== null || /^(?:-- ?$|:{6})/.test(text);
    if (ends && last !== undefined && last.to > at) last.to = at;
  }
  return blocks;
}

/** `   > 40<tab>code`, `    40<tab>code`; `0123abcd Name 2026-03-02 @40  code` */
const NUMBERED =
  /^(?:[0-9a-f]{8,40} .{0,60}?\d{4}-\d\d-\d\d)?\s{0,12}[>@]?\s{0,3}(\d{1,7})(?:\t| {2}|$)(.*)$/;
/** `      40 |         code` */
const BARRED = /^\s*(\d{1,7}) \|(.*)$/;

function readSource(one: Finding, lines: readonly string[], blocks: readonly SourceLines[]): void {
  const take = (at: number, shape: RegExp): void => {
    const match = shape.exec((lines[at] ?? '').slice(0, LONGEST));
    if (match !== null && Number(match[1]) === one.line) one.code ??= (match[2] ?? '').trim();
  };
  for (const at of one.lines) take(at, BARRED);
  for (const { file, line, from, to } of blocks) {
    if (file !== one.file) continue;
    for (let at = from + 1; at < to; at++) take(at, NUMBERED);
    if (line !== one.line) continue;
    for (let at = from; at < to; at++) one.lines.push(at);
  }
}

function patchOf(lines: readonly string[]): Pick<RobotReport, 'patchId' | 'patchSubject'> {
  const value = (key: RegExp): string | null => {
    const line = lines.find((one) => one.length < LONGEST && key.test(one));
    return line === undefined ? null : line.replace(key, '').trim();
  };
  const link = value(/^patch link:\s+/i);
  return {
    patchId: link === null ? null : idIn(link),
    patchSubject: value(/^patch subject:\s+/i) ?? value(/^commit: [0-9a-f]{8,40} \[\d+\/\d+\] /i),
  };
}

function idIn(link: string): string | null {
  const last = link.replace(/\/+$/, '').split('/').at(-1) ?? '';
  try {
    const id = decodeURIComponent(last);
    return id.includes('@') ? id : null;
  } catch {
    return null;
  }
}
