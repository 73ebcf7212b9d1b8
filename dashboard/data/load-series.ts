// SPDX-License-Identifier: MIT
/** What lies in patches/ → the rows of the list of series. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { CheckRecord } from '../../core/check.ts';
import { RespinError } from '../../core/errors.ts';
import type { PerfRecord } from '../../core/perf.ts';
import type { Review } from '../../core/review.ts';
import { isOfVersion, type RunRecord } from '../../core/run.ts';
import { readSeriesToml, SERIES_NAME } from '../../patches/series-folder.ts';
import { changeText } from '../../reports/perf-words.ts';
import { owedOf } from '../../reports/review-owed.ts';
import { readWaivers, type Waivers, withWaivers } from '../../tools/checkpatch/waivers.ts';
import type { SeriesFacts, SeriesRow } from '../model.ts';
import { reviewOf } from './review-of.ts';

/** Of each folder with a series.toml or with mails, by name; what is in them is looked at later. */
export async function listSeriesRows(patchesDir: string): Promise<SeriesRow[]> {
  const entries = existsSync(patchesDir) ? await readdir(patchesDir, { withFileTypes: true }) : [];
  const folders = entries
    .filter((entry) => entry.isDirectory() && SERIES_NAME.test(entry.name))
    .map(({ name }) => ({ name, folder: path.join(patchesDir, name) }))
    .filter(
      ({ folder }) => existsSync(path.join(folder, 'series.toml')) || existsSync(path.join(folder, 'mail')),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return await Promise.all(
    folders.map(async ({ name, folder }): Promise<SeriesRow> => {
      // What is wrong with it is told with the facts.
      const title = await readSeriesToml(folder).then(
        (toml) => toml.title,
        () => '',
      );
      return { name, folder, title, facts: null };
    }),
  );
}

/** The newest records of a series; both lists newest first. */
export interface Records {
  runs: readonly RunRecord[];
  perf: readonly PerfRecord[];
  checks: readonly CheckRecord[];
}

/** What is known of a series. Trouble is told in it, not thrown. */
export async function seriesFacts(
  { name, folder }: SeriesRow,
  { runs, perf, checks }: Records,
): Promise<SeriesFacts> {
  // One of some cases says nothing of the series.
  const run = runs.find((run) => run.series?.name === name && isOfVersion(run));
  const measured = perf.find(({ series }) => series?.name === name);
  const known = {
    run:
      run === undefined
        ? null
        : { verdict: run.verdict, version: run.series?.version ?? '', ended: run.ended },
    perf: measured === undefined ? '' : perfText(measured),
    checks: null,
  };
  const checked = checks.find(({ series }) => series.name === name);
  const none = { version: '', versions: 0, patches: 0, open: 0, blocking: 0, reviewed: '', date: '' };
  try {
    const found = checked === undefined ? null : withWaivers(checked, await waiversOf(folder));
    return { ...ofReview(await reviewOf(folder)), ...known, checks: checksOf(found), trouble: null };
  } catch (error) {
    if (!(error instanceof RespinError)) throw error;
    // A folder that somebody has just made.
    if (error.code === 'REVIEW_EMPTY') return { ...none, ...known, trouble: null };
    return { ...none, ...known, trouble: error.message };
  }
}

/** A file that is damaged is told where checks are looked at; the review is as it is. */
async function waiversOf(folder: string): Promise<Waivers> {
  return await readWaivers(folder).catch((error: unknown) => {
    if (error instanceof RespinError) return new Map();
    throw error;
  });
}

function checksOf(record: CheckRecord | null): SeriesFacts['checks'] {
  if (record === null) return null;
  const { counts, series, rules } = record;
  return { counts, version: series.version, untold: rules.some(({ state }) => state === 'unknown') };
}

function ofReview(review: Review): Omit<SeriesFacts, 'run' | 'perf' | 'checks' | 'trouble'> {
  const newest = review.versions.at(-1);
  const owed = owedOf(review);
  const patches = newest?.total ?? 0;
  const without = new Set([...(owed.unreviewed ?? []), ...(owed.unsure ?? [])]).size;
  const dates = [newest?.date ?? '', ...review.comments.map(({ date }) => date.slice(0, 10))];
  return {
    version: newest?.version ?? '',
    versions: review.versions.length,
    patches,
    open: owed.open,
    blocking: owed.comments.filter(({ comment }) => comment.weight === 'blocking').length,
    reviewed: patches === 0 ? '' : `${patches - without} of ${patches}`,
    date: dates.reduce((latest, one) => (one > latest ? one : latest), ''),
  };
}

/** `+25.3 % 64KB-h2g-stream`, the largest change that holds. */
function perfText({ changes, error }: PerfRecord): string {
  if (error !== null) return 'no figures';
  const real = changes.filter((one) => one.real);
  const [most] = real.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change));
  return most === undefined ? '~' : `${changeText(most)} ${most.test}`;
}
