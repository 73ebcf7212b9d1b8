// SPDX-License-Identifier: MIT
/** A review → what the author says changed, version by version. */
import type { Changelog, ChangelogEntry, Review } from '../core/review.ts';
import { oneLine, paint, paragraph, type TextOptions } from './layout.ts';

/** What one mail says of one version. */
export interface ToldChangelog extends Changelog {
  /** The version whose mails say it: the version itself, or a later one when its own mails are not there. */
  told: string;
  /** The patch's subject, or the cover letter's. */
  subject: string;
}

export interface VersionChangelog {
  version: string;
  /** ISO date of its first mail; null when the version itself is not there. */
  date: string | null;
  /** Cover letter first, then the patches; empty when nobody says what changed. */
  logs: ToldChangelog[];
}

/** The changelogs of all versions, newest first: of what several mails say of a version, its own mails count. */
export function changelogsOf(review: Review): VersionChangelog[] {
  const { versions } = review;
  const told = new Map<string, ToldChangelog[]>(versions.map(({ version }) => [version, []]));
  // Oldest first: the version's own word, else the word nearest to it.
  for (const { version, changelog, cover, patches, title } of versions) {
    const here = new Map<string, ToldChangelog[]>();
    for (const log of changelog) {
      const subject =
        log.patch === 0 ? cover?.subject : patches.find(({ index }) => index === log.patch)?.subject;
      const logs = here.get(log.version) ?? [];
      logs.push({ ...log, told: version, subject: subject ?? title });
      here.set(log.version, logs);
    }
    for (const [of, logs] of here) if ((told.get(of) ?? []).length === 0) told.set(of, logs);
  }
  return [...told]
    .sort(([a], [b]) => order(b) - order(a))
    .map(([version, logs]) => ({
      version,
      date: versions.find((one) => one.version === version)?.date ?? null,
      logs: logs.sort((a, b) => a.patch - b.patch),
    }));
}

function order(version: string): number {
  const [, rfc, number] = /^(rfc-)?v(\d+)$/.exec(version) ?? [];
  return number === undefined ? 0 : Number(number) - (rfc === undefined ? 0 : 10_000);
}

export function formatChangelogs(review: Review, { width, color }: TextOptions = {}): string {
  const all = changelogsOf(review);
  if (all.every(({ logs }) => logs.length === 0)) return 'no version says what changed in it\n';
  const first = review.versions[0]?.version;
  const { bold } = paint(color);
  const parts = all
    // Of the first nobody expects one.
    .filter(({ version, logs }) => logs.length > 0 || version !== first)
    .map(({ version, date, logs }) => {
      const head = `${bold(oneLine(version))}${date === null ? '' : `  ${oneLine(date)}`}`;
      if (logs.length === 0) return `${head}  no changelog\n`;
      const since = [...new Set(logs.map((one) => one.since).filter((one) => one !== null))];
      const counted = since.length === 0 ? '' : `  since ${since.map(oneLine).join(', ')}`;
      const teller = logs[0]?.told ?? version;
      const from = teller === version ? '' : `  as ${oneLine(teller)} tells it`;
      return `${head}${counted}${from}\n${logsText(review, logs, width)}`;
    });
  return parts.join('\n');
}

/** What a version's cover letter and patches say, each below its name; indented by two columns. */
export function logsText(review: Review, logs: readonly ToldChangelog[], width?: number): string {
  const only = logs.length === 1 && isOnlyPatch(review, logs[0]);
  return logs.map((log) => logText(log, only, width)).join('');
}

/** Of a single patch, or of a cover letter, nobody needs to be told where it stands. */
function isOnlyPatch(review: Review, log: ToldChangelog | undefined): boolean {
  const told = review.versions.find(({ version }) => version === log?.told);
  return log?.patch === 0 || told?.total === 1;
}

function logText({ patch, subject, entries }: ToldChangelog, only: boolean, width?: number): string {
  if (only) return entryLines(entries, '  ', width);
  const head = patch === 0 ? '  cover letter' : paragraph(`  patch ${patch}: `, subject, width);
  return `${head}\n${entryLines(entries, '    ', width)}`;
}

/** One line an entry, wrapped below its own words; a remark says that it is one. */
function entryLines(entries: readonly ChangelogEntry[], indent: string, width?: number): string {
  return entries
    .map(({ text, note, credit }) => {
      const words = note ? text.replace(/^\s*notes?\s{0,3}:\s*/i, '') : text;
      // As written it stands at the entry's end; only where it was cut off it has to be said.
      const by = credit === null || text.includes(credit) ? '' : ` (${credit})`;
      return `${paragraph(`${indent}${note ? 'note: ' : '- '}`, `${words}${by}`, width)}\n`;
    })
    .join('');
}
