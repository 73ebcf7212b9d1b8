// SPDX-License-Identifier: MIT
/**
 * The text of a patch mail, line by line → what each line is part of. Unlike parseDiff it takes
 * what there is: a diff that a reply has quoted in part has hunks without an end.
 *
 *     message ──`---`──► notes ──diff --git / ---──► file header ──@@──► hunk ─┐
 *        └────────────── diff --git / --- ───────────────▲                     │
 *                                                         └── counts used up ──┘
 */
import type { Side } from '../../core/review.ts';
import { gitLineNames, sideName } from '../../patches/diff-names.ts';
import { HUNK_HEADER } from '../../patches/diff-sections.ts';

export type Place =
  /** A line of the commit message (or of a cover letter), 1-based. */
  | { in: 'message'; line: number }
  /** Below `---` and above the diff, 1-based. */
  | { in: 'notes'; line: number }
  /** `diff --git`, `index`, `---`, `+++`. */
  | { in: 'file'; file: string }
  /** A `@@` line; `line` is the first new line of the hunk. */
  | { in: 'hunk'; file: string; hunk: string; line: number }
  | { in: 'line'; file: string; hunk: string; side: Side; line: number }
  /** The signature, what is behind the diff, in-body headers. */
  | { in: 'nothing' };

const NOTHING: Place = { in: 'nothing' };

interface State {
  part: 'message' | 'notes' | 'file' | 'hunk' | 'behind';
  file: string;
  hunk: string;
  old: number;
  new: number;
  oldLeft: number;
  newLeft: number;
}

/**
 * @param lines the mail's text in lines, without what quotes it
 * @param isQuote it is what a reply quotes: a hunk may stand in it without its file, whose name is then empty
 * @returns one place a line
 */
export function placesOf(lines: readonly string[], isQuote = false): Place[] {
  const state: State = { part: 'message', file: '', hunk: '', old: 0, new: 0, oldLeft: 0, newLeft: 0 };
  const places: Place[] = [];
  const first = messageStart(lines);
  let notesFrom = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (beginsFile(lines, at, state)) {
      state.part = 'file';
      state.file = fileName(lines, at) ?? state.file;
      state.hunk = '';
      places.push({ in: 'file', file: state.file });
      continue;
    }
    const header = state.part === 'message' && !isQuote ? null : HUNK_HEADER.exec(line.trimEnd());
    if (header !== null && !(state.part === 'hunk' && state.oldLeft + state.newLeft > 0 && line[0] !== '@')) {
      beginHunk(state, header, line.trimEnd());
      places.push({ in: 'hunk', file: state.file, hunk: state.hunk, line: Math.max(state.new, 1) });
      continue;
    }
    switch (state.part) {
      case 'message':
        if (/^---\s*$/.test(line)) {
          state.part = 'notes';
          notesFrom = at + 1;
          places.push(NOTHING);
        } else {
          places.push(at < first ? NOTHING : { in: 'message', line: at - first + 1 });
        }
        break;
      case 'notes':
        places.push({ in: 'notes', line: at - notesFrom + 1 });
        break;
      case 'file':
        places.push(isFileHeader(line) ? { in: 'file', file: state.file } : NOTHING);
        break;
      case 'hunk':
        places.push(hunkLine(state, line));
        break;
      case 'behind':
        places.push(NOTHING);
        break;
    }
  }
  return places;
}

/** Behind empty lines and in-body headers (`From:`, `Subject:`, `Date:`). */
function messageStart(lines: readonly string[]): number {
  let at = 0;
  const skipBlank = (): void => {
    while (at < lines.length && lines[at]?.trim() === '') at++;
  };
  skipBlank();
  const before = at;
  while (/^(?:From|Subject|Date):\s/i.test(lines[at] ?? '')) at++;
  if (at > before) skipBlank();
  return at;
}

function beginsFile(lines: readonly string[], at: number, state: State): boolean {
  const line = lines[at] ?? '';
  if (line.startsWith('diff --git ')) return true;
  if (!line.startsWith('--- ') || lines[at + 1]?.startsWith('+++ ') !== true) return false;
  if (state.part === 'hunk' && state.oldLeft + state.newLeft > 0) return false;
  // Within a git header these two name the file a second time.
  return lines[at + 2]?.startsWith('@@ -') === true || state.part === 'file';
}

function fileName(lines: readonly string[], at: number): string | null {
  const line = (lines[at] ?? '').trimEnd();
  if (line.startsWith('diff --git ')) return gitLineNames(line.slice('diff --git '.length))?.new ?? null;
  const sides = [lines[at + 1], line].map((one) => safeSide((one ?? '').trimEnd().slice(4)));
  return sides[0] ?? sides[1] ?? null;
}

function safeSide(text: string): string | null {
  try {
    return sideName(text)?.name ?? null;
  } catch {
    // A name that no tool would take: the lines below it are still lines of a file.
    return null;
  }
}

function beginHunk(state: State, header: RegExpExecArray, line: string): void {
  state.part = 'hunk';
  state.hunk = line;
  state.old = Number(header[1]);
  state.new = Number(header[3]);
  state.oldLeft = Number(header[2] ?? 1);
  state.newLeft = Number(header[4] ?? 1);
}

function hunkLine(state: State, line: string): Place {
  const { file, hunk } = state;
  if (state.oldLeft <= 0 && state.newLeft <= 0) {
    if (line.startsWith('\\ ')) return NOTHING;
    state.part = line.startsWith('-- ') || line.trim() === '--' ? 'behind' : 'file';
    return NOTHING;
  }
  if (line.startsWith('-') && state.oldLeft > 0) {
    state.oldLeft--;
    return { in: 'line', file, hunk, side: 'old', line: state.old++ };
  }
  if (line.startsWith('+') && state.newLeft > 0) {
    state.newLeft--;
    return { in: 'line', file, hunk, side: 'new', line: state.new++ };
  }
  if (line.startsWith('\\ ')) return NOTHING;
  state.oldLeft--;
  state.newLeft--;
  state.old++;
  return { in: 'line', file, hunk, side: 'new', line: state.new++ };
}

function isFileHeader(line: string): boolean {
  return /^(?:index |--- |\+\+\+ |(?:new|deleted) file mode |(?:old|new) mode |similarity |rename |copy )/.test(
    line,
  );
}
