// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { follow } from '../core/follow.ts';
import { FAST, fakeBuild, fakeRun, fakeSeries, PATCHED, PLAIN_REQUEST } from './matrix-fixture.ts';
import { pruneRuns } from './prune-runs.ts';
import { RUN_RECORDS } from './record.ts';
import { runMatrix } from './run-matrix.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'respin-prune-'));
  vi.stubEnv('XDG_STATE_HOME', path.join(home, 'state'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(home, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const run = fakeRun([{ name: 'bind', status: () => 'pass' }]);

/** @returns the runs of its cells */
async function matrix(name: string, versions: readonly string[]): Promise<string[]> {
  const rows = versions.map((version) => ({
    ...{ version, patches: 1, of: 1, subject: null, series: { ...fakeSeries(version, 1), name } },
  }));
  const steps = runMatrix(
    {
      ...{ ...PLAIN_REQUEST, name, title: name, rows },
      columns: [{ tree: `debian:${name}`, profiles: FAST, variants: PATCHED }],
      ...{ directions: ['g2h'], strict: false, again: false, atOnce: 1, argv: [] },
      steps: { build: fakeBuild, run },
    },
    signal,
  );
  const { record } = await follow(steps, () => {});
  return record.cells.map((cell) => cell.run);
}

async function runOnce(version: string): Promise<string> {
  const request = {
    ...{ ...PLAIN_REQUEST, series: fakeSeries(version, 1), tree: 'debian:other', profiles: FAST },
    ...{ variants: PATCHED, directions: ['g2h'] as const, part: null, strict: false, argv: [], check: null },
  };
  return (await follow(run(request, signal), () => {})).record.id;
}

const kept = async (): Promise<string[]> => (await RUN_RECORDS.list()).map(({ id }) => id).sort();

it('the cells of each series’ newest matrix stay, whatever is run after them', async () => {
  const older = await matrix('a', ['v1']);
  const a = await matrix('a', ['v2', 'v3']);
  const b = await matrix('b', ['v1']);
  const single = [await runOnce('v7'), await runOnce('v8')];
  expect(await pruneRuns(1)).toEqual(expect.arrayContaining([...older, single[0]]));
  expect(await kept()).toEqual([...a, ...b, single[1]].sort());
});

it('where there is no matrix the newest stay', async () => {
  const single = [await runOnce('v7'), await runOnce('v8')];
  expect(await pruneRuns(1)).toEqual([single[0]]);
});
