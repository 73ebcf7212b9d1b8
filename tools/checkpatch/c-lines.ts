// SPDX-License-Identifier: MIT
/**
 * C as a diff shows it: a side of a hunk, line by line, comments and literals told from code.
 * One pass, whatever the text.
 */
import type { Hunk, HunkLine, Series } from '../../core/series.ts';
import { type DiffLine, pathOf } from './places.ts';

export interface CLine {
  line: HunkLine;
  /** Its place in `hunk.lines`. */
  at: number;
  /** As long as the text, with spaces where it has comments or what stands between quotes. */
  code: string;
  /** As long as the text: what stands between double quotes, spaces elsewhere. */
  strings: string;
  /** Some of it is a comment. */
  comment: boolean;
  /** A `#` line, or a line of a macro that goes on over several. */
  directive: boolean;
}

/** C sources and headers of the kernel itself: what runs in user space has other rules. */
export function isKernelC(path: string): boolean {
  return /\.[ch]$/.test(path) && !/^(?:tools|scripts|samples|Documentation|usr)\//.test(path);
}

/** An added line as code, with the lines around it. */
export interface AddedCode extends DiffLine, Omit<CLine, 'line' | 'at'> {
  /** All of the hunk's new side; this one is `lines[index]`. */
  lines: readonly CLine[];
  index: number;
}

/** Every line that the series adds to files that are wanted, in order. */
export function* addedCode(
  series: Series,
  wanted: (path: string) => boolean = isKernelC,
): Generator<AddedCode, void, void> {
  for (const patch of series.patches) {
    for (const file of patch.files) {
      if (!wanted(pathOf(file))) continue;
      for (const hunk of file.hunks) {
        const lines = cLines(hunk);
        for (const [index, one] of lines.entries()) {
          if (one.line.kind === 'add') yield { patch, file, hunk, ...one, lines, index };
        }
      }
    }
  }
}

/** Every rule on source asks for the same hunks. */
const read = new WeakMap<Hunk, readonly CLine[]>();

/** The new side of a hunk. */
export function cLines(hunk: Hunk): readonly CLine[] {
  const lines = read.get(hunk) ?? scanned(hunk, 'del');
  read.set(hunk, lines);
  return lines;
}

/** The old side of a hunk. */
export function oldCLines(hunk: Hunk): CLine[] {
  return scanned(hunk, 'add');
}

function scanned(hunk: Hunk, without: HunkLine['kind']): CLine[] {
  const side = [...hunk.lines.entries()].filter(([, { kind }]) => kind !== without);
  let commented = beginsInComment(side.map(([, { text }]) => text));
  let leading = side[0] !== undefined && STARRED.test(side[0][1].text);
  let macro = false;
  return side.map(([at, line]) => {
    const { text } = line;
    leading &&= STARRED.test(text);
    const scan = scanLine(text, commented || leading);
    // The comment that a hunk begins in has its end in the hunk or it goes on to the first line without a star.
    commented = scan.open && !(leading && !commented);
    const goesOn = text.endsWith('\\');
    const directive = macro || goesOn || /^\s*#/.test(scan.code);
    macro = directive && goesOn;
    return { line, at, code: scan.code, strings: scan.strings, comment: scan.comment, directive };
  });
}

const STARRED = /^\s*\*(?:\s|$)/;

function beginsInComment(texts: readonly string[]): boolean {
  for (const text of texts) {
    const [open, close] = [text.indexOf('/*'), text.indexOf('*/')];
    if (close >= 0 && (open < 0 || close < open)) return true;
    if (open >= 0) return false;
  }
  return false;
}

interface Scan {
  code: string;
  strings: string;
  comment: boolean;
  /** A comment is open at the end. */
  open: boolean;
}

function scanLine(text: string, inComment: boolean): Scan {
  if (!inComment && !/[/"']/.test(text)) {
    return { code: text, strings: ' '.repeat(text.length), comment: false, open: false };
  }
  let open = inComment;
  let comment = inComment;
  let quote = '';
  let code = '';
  let strings = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    const two = text.slice(at, at + 2);
    if (open) {
      code += ' ';
      strings += ' ';
      if (two !== '*/') continue;
      open = false;
      at++;
      code += ' ';
      strings += ' ';
    } else if (quote !== '') {
      const end = char === quote;
      const length = char === '\\' && at + 1 < text.length ? 2 : 1;
      code += end ? char : ' '.repeat(length);
      strings += quote === '"' && !end ? text.slice(at, at + length) : ' '.repeat(length);
      at += length - 1;
      if (end) quote = '';
    } else if (two === '//') {
      comment = true;
      code += ' '.repeat(text.length - at);
      strings += ' '.repeat(text.length - at);
      break;
    } else if (two === '/*') {
      open = true;
      comment = true;
      at++;
      code += '  ';
      strings += '  ';
    } else {
      if (char === '"' || char === "'") quote = char;
      code += char;
      strings += ' ';
    }
  }
  return { code, strings, comment, open };
}

/** What a patch takes away, without the white space around it: a line that is there again only moved. */
export function removedTexts({ files }: Series['patches'][number]): Set<string> {
  const texts = files.flatMap(({ hunks }) =>
    hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'del').map(({ text }) => text.trim())),
  );
  return new Set(texts);
}

const called = new WeakMap<Hunk, ReadonlySet<string>>();

/** The names that stand before a bracket in what a hunk takes away: one that is there again has only changed. */
export function removedCalls(hunk: Hunk): ReadonlySet<string> {
  const known = called.get(hunk);
  if (known !== undefined) return known;
  const removed = hunk.lines.filter(({ kind }) => kind === 'del');
  const words = removed.flatMap(({ text }) => text.match(/\w+\(?/g) ?? []);
  const names = new Set(words.filter((word) => word.endsWith('(')).map((word) => word.slice(0, -1)));
  called.set(hunk, names);
  return names;
}
