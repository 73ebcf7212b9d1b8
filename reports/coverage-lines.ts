// SPDX-License-Identifier: MIT
/** The added lines that never ran, with what stands around them. */
import type { CoverageFile, CoverageLine, CoverageRecord } from '../core/coverage.ts';
import { printable } from '../core/escape.ts';
import { displayWidth, truncate } from '../core/table.ts';
import { oneLine, type Paint, paint, type TextOptions, untabbed } from './layout.ts';

/** Lines beside one that never ran. */
const CONTEXT = 2;

/**
 * For each file the places, by hunk, each line with its number and how often it ran in all, `never` (`unseen` where counters were lost), or nothing where it
 * has no code. Empty when all code ran.
 */
export function neverText(record: CoverageRecord, { width, color }: TextOptions = {}): string {
  const style = paint(color);
  const total = record.series.patches.length;
  // It may have run where nobody counts any more.
  const never = record.readings.some(({ lost }) => lost !== null) ? 'unseen' : 'never';
  return record.files
    .flatMap((file) => placesIn(file).map((place) => placeText(file, place, { total, never }, style, width)))
    .join('\n');
}

interface ShownLine {
  line: number;
  text: string;
  added: CoverageLine | null;
}

/** Runs of lines in order, each with lines that never ran and those around them. */
function placesIn({ lines, around }: CoverageFile): ShownLine[][] {
  const never = lines.filter(({ state }) => state === 'never').map(({ line }) => line);
  const all: ShownLine[] = [
    ...lines.map((added) => ({ line: added.line, text: added.text, added })),
    ...around.map((one) => ({ ...one, added: null })),
  ].sort((a, b) => a.line - b.line);
  const shown = all.filter(({ line }) => never.some((one) => Math.abs(one - line) <= CONTEXT));
  const places: ShownLine[][] = [];
  for (const one of shown) {
    const place = places.at(-1);
    if (place?.at(-1)?.line === one.line - 1) place.push(one);
    else places.push([one]);
  }
  return places;
}

function placeText(
  { path }: CoverageFile,
  place: readonly ShownLine[],
  { total, never }: { total: number; never: string },
  style: Paint,
  width = Number.POSITIVE_INFINITY,
): string {
  const first = place.find(({ added }) => added?.state === 'never')?.added;
  const patch = first === undefined || first === null ? '' : `patch ${first.patch}/${total}  ${first.hunk}`;
  const head = truncate(`${oneLine(path)}  ${oneLine(patch)}`, width);
  const digits = `${place.at(-1)?.line ?? 0}`.length;
  const counted = place.map(({ added }) => countOf(added, never));
  const widest = Math.max(...counted.map((text) => text.length));
  const rows = place.map(({ line, text, added }, at) => {
    const lead = `  ${`${line}`.padStart(digits)}  ${(counted[at] ?? '').padStart(widest)}  ${added === null ? ' ' : '+'}`;
    // The column of the sign is that of a diff, so that tabs stand as in the file.
    const code = printable(untabbed(text).toWellFormed());
    const row = `${lead}${truncate(code, width - displayWidth(lead))}`.trimEnd();
    return `${added?.state === 'never' ? style.red(row) : row}\n`;
  });
  return `${style.bold(head)}\n${rows.join('')}`;
}

function countOf(added: CoverageLine | null, never: string): string {
  if (added === null) return '';
  if (added.state === 'never') return never;
  if (added.state !== 'ran') return '';
  return `${added.counts.reduce((sum, [, count]) => sum + count, 0)}`;
}
