// SPDX-License-Identifier: MIT
/** What a version claims: in its mails, and in the series.toml of one of which only facts are known. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PERF_DIRECTIONS, type PerfDirection } from '../../core/perf.ts';
import type { PerformanceClaim, TestingClaim } from '../../core/review.ts';
import { readSeriesToml } from '../../patches/series-folder.ts';
import { performanceOf } from '../../review/claims/performance.ts';
import { detailsOf } from '../../review/claims/test-details.ts';
import { testingOf } from '../../review/claims/testing.ts';
import { readReview } from '../../review/store/read-review.ts';

export interface Claimed {
  testing: readonly TestingClaim[];
  performance: readonly PerformanceClaim[];
  /** As its mails say, or series.toml; null where nobody says. */
  baseCommit: string | null;
}

/** What the mails say counts; of what they do not speak of, what series.toml says. */
export async function claimedIn(folder: string, version: string): Promise<Claimed> {
  const review = await readReview(folder);
  const mailed = review.versions.find((one) => one.version === version);
  const file = path.join(folder, 'series.toml');
  const toml = existsSync(file) ? await readSeriesToml(folder) : null;
  const noted = toml?.versions.find((one) => one.version === version);
  const testing = mailed?.tested ?? [];
  const performance = mailed?.performance ?? [];
  return {
    testing:
      testing.length > 0 ? testing : (noted?.tested ?? []).flatMap((text) => testingOf(`Tested: ${text}`, 0)),
    performance:
      performance.length > 0
        ? performance
        : (noted?.measured ?? []).flatMap(({ test, before, after }) =>
            performanceOf(`Test: ${test}\nBefore: ${before}\nAfter: ${after}\n`, 0),
          ),
    baseCommit: mailed?.baseCommit ?? toml?.base ?? null,
  };
}

export interface WhatToMeasure {
  /** Bytes. */
  messages: number[];
  directions: PerfDirection[];
  threads: number;
}

const THREADS = 64;

/** The tests that the claims are about; null: none names a size and a direction. */
export function toMeasure(claims: readonly PerformanceClaim[]): WhatToMeasure | null {
  const about = claims.flatMap(({ test, direction, setup }) => {
    const [size] = detailsOf(test).sizes;
    const way = PERF_DIRECTIONS.find((one) => one === direction);
    if (size?.[0] === undefined || way === undefined) return [];
    const threads = detailsOf(test).threads ?? detailsOf(setup ?? '').threads;
    return [{ message: size[0], direction: way, threads }];
  });
  if (about.length === 0) return null;
  return {
    messages: [...new Set(about.map(({ message }) => message))],
    directions: PERF_DIRECTIONS.filter((way) => about.some(({ direction }) => direction === way)),
    threads: about.find(({ threads }) => threads !== null)?.threads ?? THREADS,
  };
}
