// SPDX-License-Identifier: MIT
/** Runs that need no machine, for tests: their records are real, what is in them is told by the test. */
import type { Steps } from '../core/events.ts';
import type { CaseStatus, Direction, RunRecord } from '../core/run.ts';
import { RUN_SCHEMA } from '../core/run.ts';
import type { Series } from '../core/series.ts';
import type { buildsOf, RunRequest } from './prepare.ts';
import { RUN_RECORDS } from './record.ts';
import { requestKey } from './request-key.ts';
import type { FinishedRun, TestRequest } from './run-series.ts';

export const PATCHED = { host: 'patched', guest: 'patched' } as const;
export const FAST = { host: 'fast', guest: 'fast' } as const;

const PROGRAM = 'vsock_test';

export function fakeSeries(version: string, count: number): Series {
  const author = { name: 'Ann', email: 'ann@example.org' };
  return {
    ...{
      name: 'demo',
      title: 'demo: do it',
      version,
      source: 'demo',
      tree: null,
      baseCommit: null,
      cover: null,
    },
    patches: Array.from({ length: count }, (_, at) => ({
      ...{ index: at + 1, total: count, subject: `demo: patch ${at + 1}`, prefixes: [], author, date: '' },
      ...{ messageId: null, body: '', notes: '', files: [], origin: '', mail: new Uint8Array([at]) },
    })),
  };
}

/** What a request is of, as the keys of builds tell it: `v2/3 debug`, `base fast`. */
export function kernelKeys({ series, variants, profiles, tree }: RunRequest): {
  host: string;
  guest: string;
} {
  const key = (machine: 'host' | 'guest'): string => {
    const of =
      variants[machine] === 'base' || series === null ? 'base' : `${series.version}/${series.patches.length}`;
    return `${tree} ${of} ${profiles[machine]}`;
  };
  return { host: key('host'), guest: key('guest') };
}

function fakeBuilds(request: RunRequest): NonNullable<ReturnType<typeof buildsOf>> {
  const programs = request.programsOf ?? request.series;
  const of = programs === null ? 'base' : `${programs.version}/${programs.patches.length}`;
  return { ...kernelKeys(request), programs: of, probes: request.probes === true ? 'probes' : null };
}

export async function* fakeBuild(request: RunRequest): Steps<{
  builds: NonNullable<RunRecord['builds']>;
  mode: 'tcg+svm';
  qemu: string;
}> {
  yield { type: 'progress', stage: 'build', what: 'objects', done: 1, total: 1, unit: '' };
  return { builds: fakeBuilds(request), mode: 'tcg+svm', qemu: '10.0.2' };
}

export interface FakeCase {
  name: string;
  /** What it does with these kernels. */
  status(request: TestRequest, direction: Direction): CaseStatus;
}

/** A run that leaves a record, as `runSeries` does. */
export function fakeRun(
  cases: readonly FakeCase[],
  ran: (request: TestRequest) => void = () => {},
): (request: TestRequest, signal: AbortSignal) => Steps<FinishedRun> {
  return async function* (request, signal) {
    ran(request);
    yield { type: 'suite', program: PROGRAM, direction: 'g2h' };
    const open = await RUN_RECORDS.open(request.series?.name ?? 'base');
    const suites = request.directions.map((direction) => ({
      ...{ program: PROGRAM, direction, skipped: null, logs: { host: '', guest: '' } },
      cases: cases.map(({ name, status }, id) => ({
        ...({
          id,
          name,
          status: status(request, direction),
          host: 'ok',
          guest: 'ok',
          ms: 1,
          attempts: 1,
        } as const),
        reason: status(request, direction) === 'pass' ? null : `${name} did not work`,
      })),
    }));
    const all = suites.flatMap((suite) => suite.cases.map(({ status }) => status));
    const verdict = all.includes('fail')
      ? 'fail'
      : all.includes('unknown')
        ? 'unknown'
        : all.includes('flaky')
          ? 'flaky'
          : 'pass';
    const aborted = signal.aborted;
    const now = new Date().toISOString();
    const { series, variants, argv, part } = request;
    const record: RunRecord = {
      ...{ schema: RUN_SCHEMA, id: open.id, started: now, ended: now, respin: '0', argv: [...argv], verdict },
      ...{ why: `it is ${verdict}`, exit: aborted ? 130 : verdict === 'fail' ? 1 : 0 },
      ...(part === null ? {} : { part: { cases: [], times: 1 } }),
      series:
        series === null
          ? null
          : {
              ...{ name: series.name, title: series.title, version: series.version, source: series.source },
              patches: series.patches.map(({ subject }) => ({
                subject,
                patchId: '',
                commit: '',
                messageId: null,
              })),
              ...(series.of === undefined ? {} : { of: series.of }),
            },
      tree: { source: request.tree, version: '6.12.1', commit: 'c', sha256: null },
      machine: {
        ...{ mode: 'tcg+svm', reason: '', qemu: '10.0.2', hostCpus: 2, guestCpus: 1, cpus: 2 },
        ...{ timeScale: 1, stepTimeout: 10 },
      },
      ...{ variants, kernels: null, builds: fakeBuilds(request), boots: [], suites, splats: [], timings: {} },
      request: requestKey(request),
      error: aborted ? { code: 'INTERRUPTED', message: 'interrupted', hint: null, detail: null } : null,
    };
    await open.finish(record);
    return { record, folder: open.dir, check: null };
  };
}

/** All that a request has but what the test is about. */
export const PLAIN_REQUEST: Pick<RunRequest, 'mode' | 'stepTimeout' | 'jobs' | 'ccache' | 'qemu' | 'probes'> =
  {
    ...{ mode: 'auto', stepTimeout: null, jobs: 1, ccache: false, qemu: null, probes: false },
  };
