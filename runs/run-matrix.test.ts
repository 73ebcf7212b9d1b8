// SPDX-License-Identifier: MIT
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import type { MatrixRecord } from '../core/matrix.ts';
import { cellOf } from '../core/matrix-cell.ts';
import { type CaseStatus, DIRECTIONS, type RunRecord } from '../core/run.ts';
import { firstPatches } from '../core/series.ts';
import {
  FAST,
  type FakeCase,
  fakeBuild,
  fakeRun,
  fakeSeries,
  PATCHED,
  PLAIN_REQUEST,
} from './matrix-fixture.ts';
import { MATRIX_RECORDS } from './matrix-record.ts';
import { RUN_RECORDS } from './record.ts';
import { type MatrixRequest, type MatrixSteps, runMatrix } from './run-matrix.ts';
import type { TestRequest } from './run-series.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'respin-matrix-'));
  vi.stubEnv('XDG_STATE_HOME', path.join(home, 'state'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(home, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const COLUMN = { tree: 'debian:linux', profiles: FAST, variants: PATCHED };

/** Fails with v2 in h2g. */
const CASES: FakeCase[] = [
  { name: 'bind', status: () => 'pass' },
  {
    name: 'sizes',
    status: ({ series, variants }, direction) =>
      series?.version === 'v2' && variants.guest === 'patched' && direction === 'h2g' ? 'fail' : 'pass',
  },
];

function rowsOf(versions: readonly string[]): MatrixRequest['rows'] {
  return versions.map((version) => ({
    ...{ version, patches: 2, of: 2, subject: null, series: fakeSeries(version, 2) },
  }));
}

interface Ran {
  record: MatrixRecord;
  runs: TestRequest[];
  events: RespinEvent[];
}

async function matrix(
  request: Partial<MatrixRequest>,
  {
    cases = CASES,
    signal = new AbortController().signal,
    onRun = () => {},
  }: {
    cases?: readonly FakeCase[];
    signal?: AbortSignal;
    onRun?: (count: number) => void;
  } = {},
): Promise<Ran> {
  const runs: TestRequest[] = [];
  const events: RespinEvent[] = [];
  const run = fakeRun(cases, (one) => {
    runs.push(one);
    onRun(runs.length);
  });
  const steps = runMatrix(
    {
      ...PLAIN_REQUEST,
      ...{ name: 'demo', title: 'demo: do it', rows: rowsOf(['v1', 'v2']), columns: [COLUMN] },
      ...{ directions: DIRECTIONS, strict: false, again: false, atOnce: 1, argv: ['matrix', 'demo'] },
      steps: { build: fakeBuild, run },
      ...request,
    },
    signal,
  );
  const { record } = await follow(steps, (event) => events.push(event));
  return { record, runs, events };
}

const verdicts = ({ cells }: MatrixRecord): string[] =>
  cells.map(({ row, column, verdict }) => `${row}.${column} ${verdict}`);

it('fills a cell for each row and column, each with its run record', async () => {
  const { record, runs } = await matrix({});
  expect(verdicts(record)).toEqual(['0.0 pass', '1.0 fail']);
  expect(runs).toHaveLength(2);
  expect(record.cells[1]?.directions.map(({ direction, verdict }) => `${direction} ${verdict}`)).toEqual([
    'g2h pass',
    'h2g fail',
    'loopback pass',
  ]);
  expect(record.cells[1]?.directions[1]?.failures).toEqual([
    { program: 'vsock_test', name: 'sizes', status: 'fail', reason: 'sizes did not work' },
  ]);
  expect(record.exit).toBe(1);
  const loaded = await MATRIX_RECORDS.load('last');
  expect(loaded.record).toEqual(record);
  for (const { run } of record.cells) expect((await RUN_RECORDS.load(run)).record.id).toBe(run);
});

it('what stands for a program as a whole is not counted among its cases', () => {
  const one = (id: number, status: CaseStatus) => ({
    ...{ id, name: `case ${id}`, status, host: 'ok', guest: 'ok', ms: 1, attempts: 1, reason: null },
  });
  const suites = [{ program: 'vsock_test', direction: 'g2h', cases: [one(0, 'pass'), one(-1, 'pass')] }];
  const record = {
    id: 'x',
    verdict: 'flaky',
    why: '',
    error: null,
    splats: [],
    started: '',
    ended: '',
    suites,
  };
  const cell = cellOf(record as unknown as RunRecord, ['g2h'], { row: 0, column: 0, known: false });
  expect(cell.directions[0]?.counts).toEqual({ pass: 1 });
});

it('a run that is there is not made again, whichever matrix made it', async () => {
  await matrix({ rows: rowsOf(['v2']) });
  const { record, runs } = await matrix({ rows: rowsOf(['v1', 'v2', 'v3']) });
  expect(runs.map(({ series }) => series?.version)).toEqual(['v1', 'v3']);
  expect(record.cells.map(({ known }) => known)).toEqual([false, true, false]);
  expect(record.exit).toBe(1);
});

it('what failed in a direction that is not asked for is no result of the others', async () => {
  await matrix({ rows: rowsOf(['v2']) });
  const { record, runs } = await matrix({ rows: rowsOf(['v2']), directions: ['g2h'] });
  expect(runs).toHaveLength(1);
  expect(record.cells[0]).toMatchObject({ verdict: 'pass', known: false });
});

it('--again runs all of it', async () => {
  await matrix({});
  expect((await matrix({ again: true })).runs).toHaveLength(2);
});

it('another direction, other probes or another profile is another run', async () => {
  await matrix({ rows: rowsOf(['v1']), directions: ['g2h'] });
  expect((await matrix({ rows: rowsOf(['v1']), directions: ['g2h'] })).runs).toHaveLength(0);
  expect((await matrix({ rows: rowsOf(['v1']) })).runs).toHaveLength(1);
  // The one of all directions has that of one as well.
  expect((await matrix({ rows: rowsOf(['v1']), directions: ['h2g'] })).runs).toHaveLength(0);
  expect((await matrix({ rows: rowsOf(['v1']), probes: true })).runs).toHaveLength(1);
  const columns = [{ ...COLUMN, profiles: { host: 'debug', guest: 'fast' } as const }];
  expect((await matrix({ rows: rowsOf(['v1']), columns })).runs).toHaveLength(1);
});

it('what the machine kept from a result is run again', async () => {
  const cases: FakeCase[] = [{ name: 'bind', status: () => 'unknown' }];
  expect((await matrix({ rows: rowsOf(['v1']) }, { cases })).record.exit).toBe(3);
  expect((await matrix({ rows: rowsOf(['v1']) })).runs).toHaveLength(1);
});

it('interrupted, it keeps what it has, and goes on there', async () => {
  const stop = new AbortController();
  const rows = rowsOf(['v1', 'v2', 'v3']);
  const cut = await matrix({ rows }, { signal: stop.signal, onRun: (count) => count === 2 && stop.abort() });
  expect(cut.record).toMatchObject({ exit: 130, error: { code: 'INTERRUPTED' } });
  expect(verdicts(cut.record)).toEqual(['0.0 pass']);
  const rest = await matrix({ rows });
  expect(rest.runs.map(({ series }) => series?.version)).toEqual(['v2', 'v3']);
  expect(rest.record.cells).toHaveLength(3);
});

it('interrupted while a kernel is built, it begins no run', async () => {
  const stop = new AbortController();
  const build = async function* (...args: Parameters<typeof fakeBuild>) {
    stop.abort();
    return yield* fakeBuild(...args);
  };
  const runs: unknown[] = [];
  const { record } = await matrix(
    { steps: { build, run: fakeRun(CASES, (one) => runs.push(one)) } },
    { signal: stop.signal },
  );
  expect(record).toMatchObject({ exit: 130, cells: [] });
  expect(runs).toEqual([]);
  expect(await RUN_RECORDS.list()).toEqual([]);
});

it('one that fails ends the others, and their records are whole before its own is', async () => {
  const run: MatrixSteps['run'] = async function* (request, signal) {
    if (request.series?.version === 'v2') throw new Error('no space left');
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return yield* fakeRun(CASES)(request, signal);
  };
  const { record } = await matrix({ atOnce: 2, steps: { build: fakeBuild, run } });
  expect(record.error).toMatchObject({ message: 'no space left' });
  const kept = await RUN_RECORDS.list();
  expect(kept.map(({ state, record: one }) => [state, one?.exit])).toEqual([['finished', 130]]);
});

it('the first patches of a version are rows of their own', async () => {
  const series = fakeSeries('v4', 3);
  const rows = [1, 2, 3].map((count) => ({
    ...{ version: 'v4', patches: count, of: 3, subject: `demo: patch ${count}` },
    series: firstPatches(series, count),
  }));
  const { runs } = await matrix({ rows });
  expect(runs.map(({ series: one }) => [one?.patches.length, one?.of])).toEqual([
    [1, 3],
    [2, 3],
    [3, undefined],
  ]);
  const kept = (await RUN_RECORDS.list()).map(({ record }) => record?.series?.of);
  expect(kept.toSorted()).toEqual([3, 3, undefined]);
});

it('each machine boots what its column says', async () => {
  const columns = (['base', 'patched'] as const).map((host) => ({
    ...COLUMN,
    variants: { host, guest: 'patched' as const },
  }));
  const { runs } = await matrix({ rows: rowsOf(['v1']), columns });
  expect(runs.map(({ variants }) => `${variants.host} ${variants.guest}`)).toEqual([
    'base patched',
    'patched patched',
  ]);
});

it('one kernel is built at a time, however many are tested', async () => {
  let [building, most] = [0, 0];
  const build = async function* (...args: Parameters<typeof fakeBuild>) {
    most = Math.max(most, ++building);
    await new Promise((resolve) => setTimeout(resolve, 5));
    building -= 1;
    return yield* fakeBuild(...args);
  };
  const { record } = await matrix({
    ...{ rows: rowsOf(['v1', 'v2', 'v3', 'v4']), atOnce: 3 },
    steps: { build, run: fakeRun(CASES) },
  });
  expect(most).toBe(1);
  expect(record.cells).toHaveLength(4);
});

it('the kernels of the next cell are built while one is tested', async () => {
  const builds: (string | undefined)[] = [];
  const begun = Promise.withResolvers<void>();
  const build = async function* (...[request]: Parameters<typeof fakeBuild>) {
    builds.push(request.series?.version);
    if (builds.length === 2) begun.resolve();
    return yield* fakeBuild(request);
  };
  const builtBefore: (string | undefined)[][] = [];
  const run: MatrixSteps['run'] = async function* (request, signal) {
    // The first run does not end before the second build has begun.
    await begun.promise;
    builtBefore.push([...builds]);
    return yield* fakeRun(CASES)(request, signal);
  };
  await matrix({ rows: rowsOf(['v1', 'v2', 'v3']), steps: { build, run } });
  expect(builtBefore[0]).toEqual(['v1', 'v2']);
  expect(builds).toEqual(['v1', 'v2', 'v3']);
});

it('a series that cannot be built is a cell that says so', async () => {
  const build = failing('series', 'it does not build');
  const run: NonNullable<MatrixRequest['steps']>['run'] = async function* (request, signal) {
    const finished = yield* fakeRun([])(request, signal);
    const error = { code: 'BUILD_FAILED', message: 'it does not build', hint: null, detail: null };
    const record: RunRecord = { ...finished.record, verdict: 'fail', suites: [], builds: null, error };
    await writeFile(path.join(finished.folder, 'run.json'), JSON.stringify(record));
    return { ...finished, record };
  };
  const request = { rows: rowsOf(['v1']), steps: { build, run } };
  const { record } = await matrix(request);
  expect(record.cells[0]).toMatchObject({ verdict: 'fail', known: false, error: { code: 'BUILD_FAILED' } });
  expect(record.exit).toBe(1);

  // It is tried again; where it fails in the same way, that is known.
  const again = await matrix(request);
  expect(again.record.cells[0]).toMatchObject({ known: true, run: record.cells[0]?.run });
  expect(again.record.exit).toBe(1);
  const others = [
    { ...request, again: true },
    { ...request, columns: [{ ...COLUMN, profiles: { host: 'debug', guest: 'debug' } as const }] },
    { ...request, rows: rowsOf(['v1']).map((row) => ({ ...row, series: fakeSeries('v1', 3) })) },
    { ...request, steps: { ...request.steps, build: failing('series', 'another does not build') } },
    { ...request, steps: { ...request.steps, build: failing('machine', 'it does not build') } },
  ];
  for (const other of others) {
    expect((await matrix(other)).record.cells[0]).toMatchObject({ known: false });
  }
});

function failing(blame: 'series' | 'machine', message: string): MatrixSteps['build'] {
  return async function* () {
    yield { type: 'note', level: 'info', text: 'it is tried' };
    throw new RespinError({ code: 'BUILD_FAILED', blame, message });
  };
}

it('tells each cell as it is filled, and what goes on in between', async () => {
  const { events } = await matrix({});
  const ends = events.flatMap((event) =>
    event.type === 'stage-end' ? [`${event.stage} ${event.outcome} ${event.detail}`] : [],
  );
  expect(ends).toEqual([
    'run done 1/2 v1  g2h pass 2  h2g pass 2  loopback pass 2',
    'run failed 2/2 v2  g2h pass 2  h2g FAIL 1 of 2  loopback pass 2',
    'matrix done 2 runs: 1 FAIL, 1 pass',
  ]);
  expect(events.filter(({ type }) => type === 'stage')).toHaveLength(1);
  expect(events.some((event) => event.type === 'progress' && event.what === 'build objects')).toBe(true);
});
