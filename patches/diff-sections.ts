// SPDX-License-Identifier: MIT
/**
 * A diff cut into one section a file, as `git apply` would cut it: what stands between
 * sections is ignored, what stands in a hunk is counted.
 *
 *     outside ──diff --git──► header ──@@──► hunk ──counts used up──► header
 *        │                      │                                       │
 *        └──--- / +++ / @@──────┼───────────────────────────────────────┘
 *                               └──GIT binary patch──► binary ──empty line──► header
 *
 * Format: git-diff(1) "Generating patch text with -p", git-apply's apply.c for what is accepted.
 */
import { printable } from '../core/escape.ts';
import { checkBinaryLines } from './diff-binary.ts';
import { damaged, truncated } from './diff-errors.ts';
import { gitLineNames, sideName, wholeName } from './diff-names.ts';

export interface DiffSection {
  /** 0-based line of the diff's text it begins on. */
  startLine: number;
  git: boolean;
  /** Of the `diff --git` line; null for a plain diff or when it cannot be told. */
  gitNames: { old: string; new: string } | null;
  /** Of `---` and `+++`: `name` is null for /dev/null. */
  oldSide: { name: string | null } | null;
  newSide: { name: string | null } | null;
  renameFrom?: string;
  renameTo?: string;
  copyFrom?: string;
  copyTo?: string;
  oldMode?: string;
  newMode?: string;
  isNew: boolean;
  isDeleted: boolean;
  /** Per cent; below 100 there must be hunks. */
  similarity?: number;
  /** Blob names of the `index` line. */
  index?: [string, string];
  /** `data` when git can apply it, `none` when the mail only says that the files differ. */
  binary: 'no' | 'data' | 'none';
  /** The hunks' lines, `@@` lines first. */
  hunkLines: string[];
}

export const HUNK_HEADER = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$/s;

/**
 * @throws RespinError PATCH_TRUNCATED when a hunk or binary part ends before its counts,
 *   MAIL_DAMAGED when a line in a hunk cannot stand there or a header makes no sense
 */
export function diffSections(text: string): DiffSection[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const sections: DiffSection[] = [];
  let section: DiffSection | null = null;
  const begin = (at: number, git: boolean): DiffSection => {
    const fresh = newSection(at, git);
    sections.push(fresh);
    return fresh;
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (bare.startsWith('diff --git ')) {
      section = begin(at, true);
      section.gitNames = gitLineNames(bare.slice('diff --git '.length));
      at++;
    } else if (line.startsWith('@@ -')) {
      if (section === null || (section.oldSide === null && section.newSide === null)) {
        if (!HUNK_HEADER.test(bare) && section === null) {
          at++;
          continue;
        }
        throw damaged(`a hunk without a file name in front of it: "${printable(bare)}"`);
      }
      const end = hunkEnd(lines, at, section);
      for (; at < end; at++) section.hunkLines.push(lines[at] ?? '');
    } else if (line.startsWith('--- ') && isPlainStart(lines, at, section)) {
      if (section === null || !section.git || section.hunkLines.length > 0 || section.oldSide !== null) {
        section = begin(at, false);
      }
      section.oldSide = sideName(bare.slice(4));
      section.newSide = sideName((lines[at + 1] ?? '').replace(/\r$/, '').slice(4));
      at += 2;
    } else if (section?.git && section.hunkLines.length === 0 && bare === 'GIT binary patch') {
      section.binary = 'data';
      at = checkBinaryLines(lines, at + 1, describe(section));
    } else {
      if (section?.git && section.hunkLines.length === 0) readHeader(section, bare);
      at++;
    }
  }
  return sections;
}

/** `---` and `+++` begin a file only together, and outside a git section only before a hunk. */
function isPlainStart(lines: readonly string[], at: number, section: DiffSection | null): boolean {
  if (lines[at + 1]?.startsWith('+++ ') !== true) return false;
  const inGitHeader = section?.git === true && section.hunkLines.length === 0;
  return inGitHeader || lines[at + 2]?.startsWith('@@ -') === true;
}

function newSection(startLine: number, git: boolean): DiffSection {
  return {
    startLine,
    git,
    gitNames: null,
    oldSide: null,
    newSide: null,
    isNew: false,
    isDeleted: false,
    binary: 'no',
    hunkLines: [],
  };
}

function readHeader(section: DiffSection, line: string): void {
  const named = /^(rename from|rename old|rename to|rename new|copy from|copy to) (.*)$/.exec(line);
  const mode = /^(old mode|new mode|new file mode|deleted file mode) ([0-7]+)\s*$/.exec(line);
  const index = /^index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]+))?\s*$/.exec(line);
  const similarity = /^similarity index (\d{1,3})%$/.exec(line);
  if (named) {
    const name = wholeName(named[2] ?? '');
    if (name === null) throw damaged(`a file name that cannot be read: "${printable(line)}"`);
    if (named[1] === 'rename from' || named[1] === 'rename old') section.renameFrom = name;
    else if (named[1] === 'rename to' || named[1] === 'rename new') section.renameTo = name;
    else if (named[1] === 'copy from') section.copyFrom = name;
    else section.copyTo = name;
  } else if (mode?.[2] !== undefined) {
    if (mode[1] === 'new file mode') section.isNew = true;
    if (mode[1] === 'deleted file mode') section.isDeleted = true;
    if (mode[1] === 'old mode' || mode[1] === 'deleted file mode') section.oldMode = sixDigits(mode[2]);
    else section.newMode = sixDigits(mode[2]);
  } else if (index?.[1] !== undefined && index[2] !== undefined) {
    section.index = [index[1], index[2]];
    if (index[3] !== undefined) {
      section.oldMode ??= sixDigits(index[3]);
      section.newMode ??= sixDigits(index[3]);
    }
  } else if (similarity) {
    section.similarity = Number(similarity[1]);
  } else if (/^Binary files .* differ$/.test(line)) {
    section.binary = 'none';
  }
}

/** git reads modes as octal numbers, so 0120000 is a symlink too. */
function sixDigits(mode: string): string {
  return Number.parseInt(mode, 8).toString(8).padStart(6, '0');
}

/** The line behind the hunk that begins at `at`. */
function hunkEnd(lines: readonly string[], at: number, section: DiffSection): number {
  const header = lines[at] ?? '';
  const match = HUNK_HEADER.exec(header);
  if (!match) throw damaged(`a hunk header that cannot be read: "${printable(header)}"`);
  const want = { old: Number(match[2] ?? 1), new: Number(match[4] ?? 1) };
  if (want.old + want.new === 0) throw damaged(`a hunk without lines: "${printable(header)}"`);
  let old = 0;
  let next = 0;
  let line = at + 1;
  const where = (): string => `${describe(section)}, hunk "${printable(header.replace(/\r$/, ''))}"`;
  const counts = (): string =>
    `the header promises ${want.old} old and ${want.new} new lines, ${old} and ${next} are there`;
  for (; old < want.old || next < want.new; line++) {
    const text = lines[line];
    if (text === undefined) throw truncated(`the patch ends in ${where()}: ${counts()}`);
    const kind = text.charAt(0);
    // git: an empty line is an empty context line whose blank got lost on the way.
    if (kind === ' ' || kind === '' || text === '\r') {
      old++;
      next++;
    } else if (kind === '-') {
      old++;
    } else if (kind === '+') {
      next++;
    } else if (kind !== '\\' || line === at + 1) {
      if (text.startsWith('@@ ') || text.startsWith('diff --git ')) {
        throw truncated(`${where()} is cut short: ${counts()}`);
      }
      const early = lines[line - 1]?.trimEnd() === '--';
      if (early) throw truncated(`${where()} is cut short: ${counts()}`);
      throw damaged(
        `line ${line - at} of ${where()} begins with neither blank, "+" nor "-": "${printable(text)}"`,
      );
    }
    if (old > want.old || next > want.new) throw damaged(`${where()} has too many lines: ${counts()}`);
  }
  // Where a removed line is lost, the mail's signature passes for it: `-- ` and git's version.
  if (lines[line - 1] === '-- ' && /^\d+\.\d+[\w.]*( \(.*\))?\r?$/.test(lines[line] ?? '')) {
    throw truncated(`${where()} is cut short: its last line is the signature of the mail`);
  }
  while (lines[line]?.startsWith('\\ ')) line++;
  return line;
}

/** How messages name a section. */
export function describe(section: DiffSection): string {
  const name =
    section.newSide?.name ??
    section.oldSide?.name ??
    section.renameTo ??
    section.copyTo ??
    section.gitNames?.new;
  return name === undefined || name === null ? 'a file without a name' : printable(name);
}
