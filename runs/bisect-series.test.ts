// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BisectReport } from '../core/bisect.ts';
import { follow } from '../core/follow.ts';
import type { CaseStatus } from '../core/run.ts';
import { firstPatches } from '../core/series.ts';
import { formatBisect } from '../reports/bisect-table.ts';
import { type BisectRequest, type BisectSteps, bisectSeries } from './bisect-series.ts';
import { FAST, fakeBuild, fakeRun, fakeSeries, PLAIN_REQUEST } from './matrix-fixture.ts';
import type { TestRequest } from './run-series.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'respin-bisect-'));
  vi.stubEnv('XDG_STATE_HOME', path.join(home, 'state'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(home, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** How many patches a run had: 0 is the tree as it is. */
const patchesOf = ({ series, variants }: TestRequest): number =>
  variants.guest === 'base' ? 0 : (series?.patches.length ?? 0);

async function bisected(
  count: number,
  status: (patches: number) => CaseStatus,
  more: Partial<BisectRequest> = {},
): Promise<{ report: BisectReport; runs: TestRequest[] }> {
  const runs: TestRequest[] = [];
  const run = fakeRun([{ name: 'sizes', status: (request) => status(patchesOf(request)) }], (one) =>
    runs.push(one),
  );
  const steps = bisectSeries(
    {
      ...PLAIN_REQUEST,
      ...{ series: fakeSeries('v2', count), tree: 'debian:linux', profiles: FAST, chosen: null },
      ...{ directions: ['h2g'], argv: ['bisect'], steps: { build: fakeBuild, run } },
      ...more,
    },
    new AbortController().signal,
  );
  return { report: await follow(steps, () => {}), runs };
}

it('finds the patch from which on a case fails', async () => {
  const { report, runs } = await bisected(5, (patches) => (patches >= 3 ? 'fail' : 'pass'));
  expect(report.cases).toMatchObject([{ case: { name: 'sizes', direction: 'h2g' }, culprits: [3] }]);
  // All with the programs of the whole; the first is the whole itself.
  expect(runs.map((one) => [patchesOf(one), one.programsOf?.patches.length])).toEqual([
    [5, undefined],
    [0, undefined],
    [2, 5],
    [3, 5],
  ]);
  expect(formatBisect(report)).toContain('it fails from 3/5 demo: patch 3 on\n');
});

it('finds any patch of any series, in few runs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(), async (count, place) => {
      vi.stubEnv('XDG_STATE_HOME', await mkdtemp(path.join(home, 'state-')));
      const first = (place % count) + 1;
      const { report, runs } = await bisected(count, (patches) => (patches >= first ? 'fail' : 'pass'));
      expect(report.cases[0]?.culprits).toEqual([first]);
      expect(runs.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(count)));
    }),
    { numRuns: 40 },
  );
});

it('what a record has is not run again', async () => {
  const status = (patches: number): CaseStatus => (patches >= 2 ? 'fail' : 'pass');
  await bisected(4, status);
  const { report, runs } = await bisected(4, status);
  expect(runs).toEqual([]);
  expect(report.cases[0]?.culprits).toEqual([2]);
  expect(report.cases[0]?.steps.every(({ known }) => known)).toBe(true);
});

it('a case that fails on the tree itself is the fault of no patch', async () => {
  const { report } = await bisected(3, () => 'fail');
  expect(report.cases[0]?.culprits).toEqual([]);
  expect(formatBisect(report)).toContain('no patch of it is at fault');
});

it('what cannot be told leaves several', async () => {
  const { report } = await bisected(4, (patches) =>
    patches === 0 ? 'pass' : patches === 4 ? 'fail' : 'flaky',
  );
  expect(report.cases[0]?.culprits).toEqual([1, 2, 3, 4]);
  const near = await bisected(5, (patches) => (patches < 2 ? 'pass' : patches > 3 ? 'fail' : 'flaky'), {
    series: fakeSeries('v3', 5),
  });
  expect(near.report.cases[0]?.culprits).toEqual([2, 3, 4]);
  expect(formatBisect(near.report)).toContain('it is one of 2/5 demo: patch 2; 3/5');
});

it.each([
  ['probe-races', 'fast', 1],
  ['probe-races', 'debug', 4],
  ['vsock_test', 'debug', 1],
] as const)('%s on a %s host is run %i times a step, as in a run of all', async (program, host, times) => {
  const runs: TestRequest[] = [];
  const run = fakeRun([{ name: 'sizes', status: () => 'pass' }], (one) => runs.push(one));
  const more: Partial<BisectRequest> = {
    ...{ chosen: [{ program, which: null }], profiles: { host, guest: 'fast' } },
    steps: { build: fakeBuild, run },
  };
  await expect(bisected(2, () => 'pass', more)).rejects.toMatchObject({ code: 'NOTHING_FAILED' });
  expect(runs.map(({ part }) => part?.times)).toEqual([times]);
});

it('nothing that fails is nothing to look for', async () => {
  await expect(bisected(3, () => 'pass')).rejects.toMatchObject({ code: 'NOTHING_FAILED' });
});

it('one case of those that fail', async () => {
  const chosen = [{ program: 'vsock_test', which: { named: 'SIZES' } }];
  const { report } = await bisected(2, (patches) => (patches === 2 ? 'fail' : 'pass'), { chosen });
  expect(report.cases).toHaveLength(1);
  await expect(
    bisected(2, () => 'fail', { chosen: [{ program: 'vsock_test', which: { named: 'other' } }] }),
  ).rejects.toMatchObject({ code: 'NOTHING_FAILED' });
});

it('a tree of which nothing can be told may be at fault itself', async () => {
  const { report } = await bisected(3, (patches) => (patches === 0 ? 'flaky' : 'fail'));
  expect(report.cases[0]?.culprits).toEqual([0, 1]);
  expect(formatBisect(report)).toContain('it is one of the tree itself; 1/3 demo: patch 1');
});

it('records with the tests of fewer patches tell nothing where a later patch changes these', async () => {
  const series = fakeSeries('v2', 3);
  const changed = {
    ...series,
    patches: series.patches.map((patch, at) =>
      at < 2
        ? patch
        : {
            ...patch,
            files: [
              {
                ...{
                  oldPath: 'tools/testing/vsock/vsock_test.c',
                  newPath: 'tools/testing/vsock/vsock_test.c',
                },
                ...{ change: 'modified' as const, binary: false, hunks: [] },
              },
            ],
          },
    ),
  };
  const status = (patches: number): CaseStatus => (patches >= 1 ? 'fail' : 'pass');
  // As `matrix --each-patch` leaves them: each with its own programs, which do not see it yet.
  const run = fakeRun([{ name: 'sizes', status: () => 'pass' }]);
  for (const count of [1, 2]) {
    const request: TestRequest = {
      ...PLAIN_REQUEST,
      ...{ series: firstPatches(changed, count), tree: 'debian:linux', profiles: FAST },
      ...{ variants: { host: 'patched', guest: 'patched' }, directions: ['h2g'], part: null },
      ...{ strict: false, argv: [], check: null },
    };
    await follow(run(request, new AbortController().signal), () => {});
  }
  const { report } = await bisected(3, status, { series: changed });
  expect(report.cases[0]?.culprits).toEqual([1]);
  // Where no later patch does, they are as good.
  const { runs } = await bisected(3, (patches) => (patches === 3 ? 'fail' : 'pass'), { series });
  expect(runs.map(patchesOf)).toEqual([]);
});

it('what was not proven is no failure', async () => {
  const run: BisectSteps['run'] = async function* (request, signal) {
    const finished = yield* fakeRun([{ name: 'sizes', status: () => 'fail' }])(request, signal);
    return { ...finished, record: { ...finished.record, verdict: 'unknown' } };
  };
  await expect(bisected(2, () => 'fail', { steps: { build: fakeBuild, run } })).rejects.toMatchObject({
    ...{ code: 'NOTHING_FAILED', blame: 'machine' },
  });
});

it('a step in which nothing of the case was run is made once', async () => {
  const names = ['a', 'b', 'c'];
  const runs: TestRequest[] = [];
  const run = fakeRun(
    names.map((name) => ({
      name,
      status: (request: TestRequest) =>
        patchesOf(request) === 0 ? 'pass' : patchesOf(request) === 4 ? 'fail' : 'not-run',
    })),
    (one) => runs.push(one),
  );
  const { report } = await bisected(4, () => 'pass', { steps: { build: fakeBuild, run } });
  expect(report.cases).toHaveLength(3);
  expect(runs).toHaveLength(5);
});
