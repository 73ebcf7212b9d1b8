// SPDX-License-Identifier: MIT
/**
 * A web archive's text page of one reply → what it quotes and what it says.
 *
 * Such a page has lost the quote marks and one blank in front of each quoted line, which takes the
 * column of a diff's context lines with it. What was whose comes back from the grammar of a patch
 * mail: a hunk's header counts its lines.
 *
 *     top ──attribution──► message ──diff --git──► file header ──@@──► hunk ──`-- ` version──► below
 *                                                       ▲               │ ▲
 *                                                       └──diff --git───┘ └─@@ (next hunk)
 */
import type { Person } from '../../core/series.ts';
import { HUNK_HEADER } from '../../patches/diff-sections.ts';
import { type Attribution, attributionAt } from './page-attribution.ts';
import { isBlank, pageParts, type RawLine } from './page-furniture.ts';
import { type Blanks, ownInHunk } from './page-hunk.ts';
import { isDiffstat, ownInMessage } from './page-message.ts';
import { personOfField, personOfLines } from './page-person.ts';
import type { FileKind } from './page-prose.ts';

export interface PageLine {
  kind: 'quote' | 'own';
  /** Quoted: as it stood in the mail that is answered, with the column of a diff's context lines. */
  text: string;
  /** 1-based line of the page. */
  number: number;
}

export interface PageReply {
  /** With `Re:`. */
  subject: string;
  /** Who answers; null when it cannot be told. The address as on the page: it may be masked. */
  from: Person | null;
  /** As on the page; empty when unknown. */
  date: string;
  /** Whom the attribution line names, and the date it gives. */
  attribution: { name: string; date: string } | null;
  lines: PageLine[];
}

/**
 * Reads a page. Own and quoted lines follow each other as on the page; navigation, list footers,
 * the attribution line and the empty lines at both ends are not among them.
 *
 * In the message above the diff most own words cannot be told from the quote and stay quoted.
 * @returns null when it is not the page of a reply: a mail, or a text without what such a page has
 */
export function readPage(text: string): PageReply | null {
  const parts = pageParts(text);
  if (parts === null) return null;
  const { fields, body } = parts;
  const found = findAttribution(body);
  const isReply = /^(?:re|aw|sv|antw)\s?:/i.test(parts.title);
  if (!(isReply && (parts.archived || found !== null)) && !(parts.archived && found !== null)) return null;
  if (fields.has('subject') && !parts.archived) return null;
  const lines = found
    ? [...ownLines(body.slice(0, found.start)), ...split(body.slice(found.end), found.attribution.name)]
    : body.some((_, at) => fileStart(body, at))
      ? split(body, '')
      : ownLines(body);
  return {
    subject: parts.title,
    from: personOfField(fields.get('from') ?? '') ?? personOfLines(ownTexts(lines)),
    date: fields.get('date') ?? '',
    attribution: found?.attribution ?? null,
    lines: trimmed(lines),
  };
}

function ownTexts(lines: readonly PageLine[]): string[] {
  return lines.filter((line) => line.kind === 'own').map((line) => line.text);
}

function ownLines(lines: readonly RawLine[]): PageLine[] {
  return lines.map(({ text, number }) => ({ kind: 'own', text, number }));
}

/** Without empty lines at both ends; a hunk's last one is context, and stays. */
function trimmed(lines: readonly PageLine[]): PageLine[] {
  const says = (line: PageLine): boolean =>
    !isBlank(line.text) || (line.kind === 'quote' && line.text === ' ');
  const first = lines.findIndex(says);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(says) + 1);
}

/** Nobody writes as much above a quote. */
const FAR_DOWN = 1000;

function findAttribution(
  body: readonly RawLine[],
): { attribution: Attribution; start: number; end: number } | null {
  const texts = body.map((line) => line.text);
  for (let at = 0; at < Math.min(texts.length, FAR_DOWN) && !fileStart(body, at); at++) {
    const found = attributionAt(texts, at);
    if (found) return { ...found, start: at };
  }
  return null;
}

/** Whether a file of a diff begins at a line. */
function fileStart(lines: readonly RawLine[], at: number): boolean {
  const text = lines[at]?.text ?? '';
  if (text.startsWith('diff --git ')) return true;
  return (
    text.startsWith('--- ') &&
    lines[at + 1]?.text.startsWith('+++ ') === true &&
    isHunkHeader(lines[at + 2]?.text ?? '')
  );
}

function isHunkHeader(text: string): boolean {
  return text.startsWith('@@ -') && HUNK_HEADER.test(text);
}

/** git's signature, which ends a patch mail: `-- ` and a version. */
function isVersionMark(lines: readonly RawLine[], at: number): boolean {
  return (
    /^--\s?$/.test(lines[at]?.text ?? '') &&
    /^\d+\.\d+[\w.]*(?: \([^()]*\))?\s?$/.test((lines[at + 1]?.text ?? '').slice(0, 80))
  );
}

const HEADER_LINE =
  /^(?:diff --git |index [0-9a-f]+\.\.|--- |\+\+\+ |(?:old|new|new file|deleted file) mode \d|(?:dis)?similarity index |(?:rename|copy) (?:from|to) |Binary files .* differ$|GIT binary patch|(?:literal|delta) \d+$)/;
const TEXT_FILE = /\.(?:rst|txt|md|adoc|yaml|[1-8])(?:\s|$)|\/README(?:\s|$)/;
const BELOW_PATCH = /^(?:base-commit|change-id|prerequisite-[\w-]+): /;

/** What stands below the attribution line. */
function split(lines: readonly RawLine[], answered: string): PageLine[] {
  if (hasMarks(lines)) return byMarks(lines);
  const blanks = blanksOf(lines);
  const result: PageLine[] = [];
  const add = (from: number, own: readonly boolean[], restore: (text: string) => string): void => {
    own.forEach((isOwn, offset) => {
      const { text = '', number = 0 } = lines[from + offset] ?? {};
      result.push({ kind: isOwn ? 'own' : 'quote', text: isOwn ? text : restore(text), number });
    });
  };
  const untilStart = (at: number): number => {
    while (at < lines.length && !fileStart(lines, at)) at++;
    return at;
  };
  let at = untilStart(0);
  add(0, ownInMessage(lines.slice(0, at), answered, at === lines.length), (text) => proseText(text, blanks));
  const indent = indentOf(lines);
  let file: FileKind = indent;
  while (at < lines.length) {
    const text = lines[at]?.text ?? '';
    const from = at;
    if (isHunkHeader(text)) {
      at++;
      while (at < lines.length && !endsHunk(lines, at)) at++;
      const own = ownInHunk(text, lines.slice(from + 1, at), blanks, file, at === lines.length);
      add(from, [false, ...own], (line) => hunkText(line, blanks));
    } else if (isVersionMark(lines, at)) {
      at = untilStart(at);
      const below = lines.slice(from, at);
      add(
        from,
        below.map((line, offset) => offset > 1 && !BELOW_PATCH.test(line.text)),
        (line) => (/^--\s?$/.test(line) ? '-- ' : line),
      );
    } else {
      if (fileStart(lines, at)) file = TEXT_FILE.test(text.slice(0, 1000)) ? 'text' : indent;
      at++;
      if (text === 'GIT binary patch') while (at < lines.length && !isBlank(lines[at]?.text ?? '')) at++;
      const own = !HEADER_LINE.test(text.slice(0, 1000));
      add(from, new Array<boolean>(at - from).fill(own), (line) => line);
    }
  }
  return result;
}

/** Whether this archive keeps the quote marks after all. */
function hasMarks(lines: readonly RawLine[]): boolean {
  const first = lines.find((line) => !isBlank(line.text));
  return first?.text.startsWith('>') === true && !lines.some((_, at) => fileStart(lines, at));
}

function byMarks(lines: readonly RawLine[]): PageLine[] {
  return lines.map(({ text, number }) =>
    text.startsWith('>')
      ? { kind: 'quote', text: text.replace(/^> ?/, ''), number }
      : { kind: 'own', text, number },
  );
}

function endsHunk(lines: readonly RawLine[], at: number): boolean {
  return fileStart(lines, at) || isHunkHeader(lines[at]?.text ?? '') || isVersionMark(lines, at);
}

/** Whether this archive keeps the blank in front of context lines: what most lines that show it say. */
function blanksOf(lines: readonly RawLine[]): Blanks {
  let kept = 0;
  let lost = 0;
  let inDiff = false;
  lines.forEach(({ text }, at) => {
    inDiff ||= fileStart(lines, at);
    if (inDiff ? /^ [\t}#]/.test(text) : text.startsWith(' ') && isDiffstat(text)) kept++;
    if (inDiff ? /^[\t}#]/.test(text) : !text.startsWith(' ') && isDiffstat(text)) lost++;
  });
  return kept > lost ? 'kept' : 'lost';
}

/** How the added and removed lines of the page are indented. */
function indentOf(lines: readonly RawLine[]): 'tabs' | 'spaces' {
  const tabs = lines.filter((line) => /^[+-]\t/.test(line.text)).length;
  const spaces = lines.filter((line) => /^[+-] {2,}\S/.test(line.text)).length;
  return tabs >= spaces ? 'tabs' : 'spaces';
}

function hunkText(text: string, blanks: Blanks): string {
  if (isBlank(text)) return ' ';
  return blanks === 'kept' || /^[+\\@-]/.test(text) ? text : ` ${text}`;
}

/** A blank that is left says that there was one more; a diffstat always had one. */
function proseText(text: string, blanks: Blanks): string {
  if (blanks === 'kept') return text;
  return text.startsWith(' ') || isDiffstat(text) ? ` ${text}` : text;
}
