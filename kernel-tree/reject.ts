// SPDX-License-Identifier: MIT
/** Why a patch does not apply, hunk by hunk, as text to read. */
import { printable } from '../core/escape.ts';
import type { FileDiff, Hunk, Patch } from '../core/series.ts';
import { findExact, findNearest, newLines, oldLines, type Place } from './nearest.ts';

export interface Reject {
  file: string;
  /** null when the trouble is with the file as a whole. */
  hunk: Hunk | null;
  why: string;
  nearest: Place | null;
}

/** Gives a file as it is just before the patch, null when there is none. */
export type ReadFile = (path: string) => Promise<string | null>;

/** The hunks of a patch that find no place, each with the place that comes nearest. */
export async function findRejects(
  patch: Patch,
  read: ReadFile,
): Promise<{ rejects: Reject[]; files: Map<string, string[]> }> {
  const rejects: Reject[] = [];
  const files = new Map<string, string[]>();
  for (const file of patch.files) {
    const name = file.oldPath ?? file.newPath ?? '';
    const text = await read(name);
    if (text !== null) files.set(name, text.replace(/\n$/, '').split('\n'));
    rejects.push(...rejectsOf(file, name, files.get(name) ?? null));
  }
  return { rejects, files };
}

function rejectsOf(file: FileDiff, name: string, lines: string[] | null): Reject[] {
  const whole = (why: string): Reject[] => [{ file: name, hunk: null, why, nearest: null }];
  if (file.change === 'added')
    return lines === null ? [] : whole('the patch adds it, but it is there already');
  if (lines === null) return whole('there is no such file in this tree');
  const rejects: Reject[] = [];
  for (const hunk of file.hunks) {
    const wanted = oldLines(hunk);
    if (findExact(lines, wanted, hunk.oldStart) !== null) continue;
    const there = findExact(lines, newLines(hunk), hunk.newStart);
    const why =
      there === null
        ? 'the lines it expects are not in the file'
        : `its change is in the file already, at line ${there}`;
    rejects.push({ file: name, hunk, why, nearest: findNearest(lines, wanted, hunk.oldStart) });
  }
  return rejects;
}

const SHOWN_REJECTS = 5;
const SHOWN_LINES = 40;

/** The rejects, each hunk beside what the file has where it comes nearest. */
export function describeRejects(rejects: readonly Reject[], files: ReadonlyMap<string, string[]>): string {
  const parts = rejects
    .slice(0, SHOWN_REJECTS)
    .map((reject) => describeReject(reject, files.get(reject.file) ?? []));
  if (rejects.length > SHOWN_REJECTS) parts.push(`and ${rejects.length - SHOWN_REJECTS} more`);
  return parts.join('\n\n');
}

function describeReject(reject: Reject, file: readonly string[]): string {
  const { hunk, nearest } = reject;
  if (hunk === null) return `${printable(reject.file)}: ${reject.why}`;
  const lines = [`${printable(reject.file)}, hunk ${printable(hunk.header)}`, `  ${reject.why}`];
  if (nearest === null) lines.push('  no place in the file comes near');
  else {
    lines.push(
      `  nearest match: line ${nearest.line}, where ${nearest.matching} of its ${nearest.of} lines stand`,
      '',
      ...beside(oldLines(hunk), file, nearest.line),
    );
  }
  lines.push('', '  rejected:', ...rejected(hunk));
  return lines.join('\n');
}

/** Two columns: what the patch expects, what the file has; `!` where they differ. */
function beside(wanted: readonly string[], file: readonly string[], line: number): string[] {
  const left = wanted.slice(0, SHOWN_LINES).map(shown);
  const width = Math.min(60, Math.max(22, ...left.map((text) => text.length)));
  const rows = left.map((text, i) => {
    const there = file[line - 1 + i];
    const mark = there === wanted[i] ? ' ' : '!';
    const right = there === undefined ? '(end of file)' : shown(there);
    return `  ${mark} ${text.slice(0, width).padEnd(width)} | ${String(line + i).padStart(5)} ${right}`.trimEnd();
  });
  const head = `    ${'expected by the patch'.padEnd(width)} |  line in the tree`;
  const more = wanted.length > SHOWN_LINES ? [`    (${wanted.length - SHOWN_LINES} lines more)`] : [];
  return [head, ...rows, ...more];
}

function rejected(hunk: Hunk): string[] {
  const sign = { context: ' ', add: '+', del: '-' } as const;
  const lines = hunk.lines
    .slice(0, SHOWN_LINES)
    .map((line) => `  ${sign[line.kind]}${shown(line.text)}`.trimEnd());
  const more = hunk.lines.length > SHOWN_LINES ? [`  (${hunk.lines.length - SHOWN_LINES} lines more)`] : [];
  return [`  ${printable(hunk.header)}`, ...lines, ...more];
}

/** A line as a terminal may show it: tabs as eight columns, control bytes named. */
function shown(line: string): string {
  let text = '';
  for (const char of line.slice(0, 400)) text += char === '\t' ? ' '.repeat(8 - (text.length % 8)) : char;
  return printable(text);
}
