// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BisectReport } from '../core/bisect.ts';
import { follow } from '../core/follow.ts';
import type { CaseStatus } from '../core/run.ts';
import { formatBisect } from '../reports/bisect-table.ts';
import { type BisectRequest, bisectSeries } from './bisect-series.ts';
import { fakeRun, fakeSeries, kernelKeys, PLAIN_REQUEST } from './matrix-fixture.ts';
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

const FAST = { host: 'fast', guest: 'fast' } as const;

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
  const build = async function* (request: Parameters<typeof kernelKeys>[0]) {
    yield { type: 'note', level: 'info', text: 'it is built' } as const;
    return kernelKeys(request);
  };
  const steps = bisectSeries(
    {
      ...PLAIN_REQUEST,
      ...{ series: fakeSeries('v2', count), tree: 'debian:linux', profiles: FAST, chosen: null },
      ...{ directions: ['h2g'], argv: ['bisect'], steps: { build, run } },
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
