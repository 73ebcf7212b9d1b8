// SPDX-License-Identifier: MIT
/** What a coverage record says of the hunks of a version. */
import { BOOT, type CoverageLine, type CoverageRecord, countLines, lineRanges } from '../core/coverage.ts';
import { coverageSummary } from './coverage-words.ts';

export interface HunkCoverage {
  patch: number;
  file: string;
  hunk: string;
  /** Added lines that code was made of, and those of them that ran. */
  code: number;
  ran: number;
  /** Numbers on the hunk's new side. */
  never: number[];
  notBuilt: number;
}

/** The hunks that have something to be said of them; lines that a later patch took out again are not counted. */
export function hunkCoverage({ files }: Pick<CoverageRecord, 'files'>): HunkCoverage[] {
  return files.flatMap(({ path, why, lines }) => {
    if (why !== null && why !== NOT_BUILT) return [];
    const hunks = Map.groupBy(lines, ({ patch, hunk }) => `${patch} ${hunk}`);
    return [...hunks.values()].flatMap((some) => hunkOf(path, some));
  });
}

/** As tools/run-coverage says of a file that the configuration leaves out. */
const NOT_BUILT = 'not built by this configuration';

function hunkOf(file: string, lines: readonly CoverageLine[]): HunkCoverage[] {
  const [first] = lines;
  const { code, ran, notBuilt } = countLines(lines);
  if (first === undefined || code + notBuilt === 0) return [];
  const never = lines.filter(({ state }) => state === 'never').map(({ at }) => at);
  return [{ patch: first.patch, file, hunk: first.hunk, code, ran, never, notBuilt }];
}

/** `ran 12 of 14 added lines: never 120, 124` */
export function hunkCoverageText({ code, ran, never, notBuilt }: HunkCoverage): string {
  const parts = [
    ...(code === 0 ? [] : [`ran ${ran} of ${code} added lines${neverNumbers(never)}`]),
    ...(notBuilt === 0 ? [] : [`${notBuilt} not built`]),
  ];
  return parts.join('; ');
}

function neverNumbers(never: readonly number[]): string {
  return never.length === 0 ? '' : `: never ${lineRanges(never).join(', ')}`;
}

/** For the head of a version: which record it is, and what it came to. */
export function reviewCoverageText(record: CoverageRecord): string {
  // A record of some programs says less than one of all.
  const programs = [...new Set(record.readings.map(({ program }) => program))].filter((one) => one !== BOOT);
  return `${coverageSummary(record)} (${record.id}: ${programs.join(', ')} on ${record.tree.version})`;
}
