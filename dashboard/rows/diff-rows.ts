// SPDX-License-Identifier: MIT
/** A patch, or what changed in it between two versions, as rows: with the comments under the lines they are about. */
import type { Finding, Place } from '../../core/check.ts';
import type { Comment } from '../../core/review.ts';
import type { DiffOfDiffLine, PatchDiff } from '../../core/review-diff.ts';
import type { FileDiff, HunkLine } from '../../core/series.ts';

export type DiffRow =
  /** Of the commit message or of the notes below `---`. */
  | { kind: 'message' | 'notes'; text: string }
  | { kind: 'blank' }
  | { kind: 'file'; file: number; text: string }
  | { kind: 'hunk'; file: number; text: string }
  | { kind: 'line'; file: number; line: HunkLine; ran?: Ran }
  /** Side by side: what is not on a side is null there. */
  | { kind: 'pair'; file: number; left: HunkLine | null; right: HunkLine | null }
  /** Of an interdiff. */
  | { kind: 'change'; file: number; change: DiffOfDiffLine }
  /** The first row of a comment, and the words below it. */
  | { kind: 'comment'; id: string }
  | { kind: 'words'; id: string; text: string }
  /** What a check says of the line above. */
  | { kind: 'finding'; id: string };

/** Whether an added line was reached by the programs of a coverage record. */
export type Ran = 'ran' | 'never';

/** A file or a hunk, and the row it begins at. */
export interface DiffPart {
  row: number;
  kind: 'message' | 'file' | 'hunk';
  text: string;
  /** How many comments and findings stand in it. */
  comments: number;
  findings: number;
}

export interface DiffRows {
  title: string;
  rows: readonly DiffRow[];
  /** In their order; hunks behind their file. */
  parts: readonly DiffPart[];
}

/** What is shown of a patch. */
export interface ShownPatch {
  title: string;
  message: readonly string[];
  notes: readonly string[];
  files: readonly FileDiff[];
}

/** What stands beside the words of people. */
export interface Beside {
  /** Of this patch. */
  findings: readonly Finding[];
  /** By file and number on the new side: `net/x.c 12`. */
  ran: ReadonlyMap<string, Ran>;
}

const NOTHING_BESIDE: Beside = { findings: [], ran: new Map() };

/** The part for what is about lines and files that are not in the patch. */
export const ELSEWHERE = 'elsewhere';

/** More of one comment than anybody reads between two lines of a diff; the details have all of it. */
const MOST_WORDS = 40;

/** @param comments those of the patch, in the order they are to stand in under one line */
export function patchRows(
  patch: ShownPatch,
  comments: readonly Comment[],
  beside: Beside = NOTHING_BESIDE,
): DiffRows {
  const out = new Rows();
  const found = findingTaker(beside.findings);
  const left = new Set(comments);
  const take = (which: (anchor: Comment['anchor']) => boolean): Comment[] => {
    if (left.size === 0) return [];
    const taken = [...left].filter(({ anchor }) => which(anchor));
    for (const one of taken) left.delete(one);
    return taken;
  };
  out.part('message', 'commit message');
  out.comments(take(({ on }) => on === 'patch' || on === 'series'));
  out.findings(found(({ on }) => on === 'subject' || on === 'mail' || on === 'series'));
  textRows(out, 'message', patch.message, take, found);
  if (patch.notes.length > 0) {
    out.push({ kind: 'notes', text: '---' });
    textRows(out, 'notes', patch.notes, take, found);
  }
  for (const [at, file] of patch.files.entries()) {
    const path = file.newPath ?? file.oldPath ?? '';
    out.push({ kind: 'blank' });
    out.part('file', path);
    out.push({ kind: 'file', file: at, text: fileTitle(file) });
    out.comments(take((anchor) => anchor.on === 'file' && anchor.file === path));
    out.findings(found((place) => place.file === path && place.line === null));
    for (const hunk of file.hunks) {
      out.part('hunk', hunk.header);
      out.push({ kind: 'hunk', file: at, text: hunk.header });
      const inHunk = (at: { file: string | null; hunk: string | null }): boolean =>
        at.file === path && at.hunk?.trim() === hunk.header.trim();
      const said = Map.groupBy(take(inHunk), ({ anchor }) => `${anchor.side} ${anchor.line}`);
      const findings = Map.groupBy(found(inHunk), ({ place }) => `${place.side} ${place.line}`);
      for (const line of hunk.lines) {
        const ran = line.kind === 'add' ? beside.ran.get(`${path} ${line.newLine}`) : undefined;
        out.push(
          ran === undefined ? { kind: 'line', file: at, line } : { kind: 'line', file: at, line, ran },
        );
        if (said.size === 0 && findings.size === 0) continue;
        const key = line.kind === 'del' ? `old ${line.oldLine}` : `new ${line.newLine}`;
        out.comments(said.get(key) ?? []);
        out.findings(findings.get(key) ?? []);
        said.delete(key);
        findings.delete(key);
      }
      // On the hunk, or on a line of it that is not there.
      out.comments([...said.values()].flat());
      out.findings([...findings.values()].flat());
    }
  }
  // On lines that are not there: nothing that was said is left out.
  const rest = found(() => true);
  if (left.size > 0 || rest.length > 0) {
    out.push({ kind: 'blank' });
    out.part('file', ELSEWHERE);
    out.comments([...left]);
    out.findings(rest);
  }
  return { title: patch.title, rows: out.rows, parts: out.parts };
}

/** @param comments those of the earlier version */
export function interdiffRows(
  diff: PatchDiff,
  title: string,
  comments: ReadonlyMap<string, Comment>,
): DiffRows {
  const out = new Rows();
  const of = (ids: readonly string[]): Comment[] => ids.flatMap((id) => comments.get(id) ?? []);
  out.part('message', 'commit message');
  out.comments(of(diff.comments));
  if (diff.message.length === 0) out.push({ kind: 'notes', text: 'the commit message is the same' });
  changeRows(out, diff.message, -1, of);
  let file: string | null = null;
  let at = -1;
  for (const hunk of diff.hunks) {
    if (hunk.file !== file) {
      file = hunk.file;
      at += 1;
      out.push({ kind: 'blank' });
      out.part('file', file);
      out.push({ kind: 'file', file: at, text: file });
    }
    out.part('hunk', hunk.header);
    out.push({ kind: 'hunk', file: at, text: `${hunk.header}  [${HUNK_WORDS[hunk.kind]}]` });
    const atLines = new Set(hunk.lines.flatMap((line) => line.comments));
    out.comments(of(hunk.comments.filter((id) => !atLines.has(id))));
    if (hunk.kind === 'same' && hunk.comments.length === 0) continue;
    changeRows(out, hunk.lines, at, of);
  }
  return { title, rows: out.rows, parts: out.parts };
}

const HUNK_WORDS = {
  same: 'unchanged',
  context: 'only its context',
  changed: 'changed',
  added: 'new',
  dropped: 'dropped',
} as const;

function changeRows(
  out: Rows,
  lines: readonly DiffOfDiffLine[],
  file: number,
  of: (ids: readonly string[]) => Comment[],
): void {
  for (const change of lines) {
    out.push({ kind: 'change', file, change });
    if (change.comments.length > 0) out.comments(of(change.comments));
  }
}

/** Gives those at a place once. */
function findingTaker(findings: readonly Finding[]): (which: (place: Place) => boolean) => Finding[] {
  const left = new Set(findings);
  return (which) => {
    const taken = [...left].filter(({ place }) => which(place));
    for (const one of taken) left.delete(one);
    return taken;
  };
}

function textRows(
  out: Rows,
  kind: 'message' | 'notes',
  lines: readonly string[],
  take: (which: (anchor: Comment['anchor']) => boolean) => Comment[],
  found: (which: (place: Place) => boolean) => Finding[],
): void {
  const findings = found(({ on }) => on === kind);
  const here = take(({ on }) => on === kind);
  const byLine = Map.groupBy(here, ({ anchor }) => anchor.line);
  const isThere = (line: number | null): boolean => line !== null && line >= 1 && line <= lines.length;
  out.comments(here.filter(({ anchor }) => !isThere(anchor.line)));
  for (const [at, text] of lines.entries()) {
    out.push({ kind, text });
    out.comments(byLine.get(at + 1) ?? []);
    out.findings(findings.filter(({ place }) => place.line === at + 1));
  }
  out.findings(findings.filter(({ place }) => !isThere(place.line)));
}

function fileTitle({ oldPath, newPath, change, binary }: FileDiff): string {
  const path = newPath ?? oldPath ?? '';
  const from = change === 'renamed' || change === 'copied' ? ` (${change} from ${oldPath})` : '';
  const how = change === 'added' || change === 'deleted' ? ` (${change})` : from;
  return `${path}${how}${binary ? ' (binary)' : ''}`;
}

class Rows {
  readonly rows: DiffRow[] = [];
  readonly parts: DiffPart[] = [];

  push(row: DiffRow): void {
    this.rows.push(row);
  }

  /** What follows belongs to it. */
  part(kind: DiffPart['kind'], text: string): void {
    this.parts.push({ row: this.rows.length, kind, text, comments: 0, findings: 0 });
  }

  findings(findings: readonly Finding[]): void {
    for (const { id } of findings) {
      const part = this.parts.at(-1);
      if (part !== undefined) part.findings += 1;
      this.push({ kind: 'finding', id });
    }
  }

  comments(comments: readonly Comment[]): void {
    for (const { id, text } of comments) {
      const part = this.parts.at(-1);
      if (part !== undefined) part.comments += 1;
      this.push({ kind: 'comment', id });
      const lines = text.trimEnd().split('\n');
      for (const words of lines.slice(0, MOST_WORDS)) this.push({ kind: 'words', id, text: words });
      if (lines.length > MOST_WORDS) {
        this.push({ kind: 'words', id, text: `… ${lines.length - MOST_WORDS} more lines` });
      }
    }
  }
}
