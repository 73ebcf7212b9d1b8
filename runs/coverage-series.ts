// SPDX-License-Identifier: MIT
/** Kernels that count, every program in them, and which added lines ran; and the record of it, also when it ends early. */
import { availableParallelism } from 'node:os';
import { emitting } from '../core/channel.ts';
import {
  BOOT,
  COVERAGE_SCHEMA,
  type CoverageFile,
  type CoverageReading,
  type CoverageRecord,
  countLines,
} from '../core/coverage.ts';
import { exitCodeOf, interrupted, RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import type { LogFolder } from '../core/logs.ts';
import type { CaseStatus, Direction, KernelInfo } from '../core/run.ts';
import type { Series } from '../core/series.ts';
import { inStage } from '../core/stage.ts';
import type { AppliedSeries } from '../core/tree.ts';
import { formatLcov } from '../reports/coverage-lcov.ts';
import { runOk } from '../system/exec.ts';
import { planFor } from '../tools/boot-vm/plan.ts';
import { timeScale } from '../tools/boot-vm/time-outs.ts';
import type { Build } from '../tools/build-vm/build.ts';
import type { GcovFiles } from '../tools/build-vm/gcov-objects.ts';
import { stageImages } from '../tools/build-vm/images.ts';
import { addedLines } from '../tools/run-coverage/added-lines.ts';
import { type CollectedReading, Collector } from '../tools/run-coverage/collector.ts';
import { provideGcovDump } from '../tools/run-coverage/gcov-dump.ts';
import { findGcov, type GcovTool } from '../tools/run-coverage/gcov-tool.ts';
import { measureLines } from '../tools/run-coverage/measure-lines.ts';
import { profiledSources } from '../tools/run-coverage/profiled-sources.ts';
import { PROBES, TEST_PROGRAMS } from '../tools/run-vsock-test/programs.ts';
import { provideProbes } from '../tools/run-vsock-test/provide-probes.ts';
import { runSession, type SessionResult } from '../tools/run-vsock-test/session.ts';
import { COVERAGE_RECORDS } from './coverage-record.ts';
import { patientLogs } from './patient-logs.ts';
import { type Prepared, prepareBuild, type RunRequest } from './prepare.ts';
import { errorEntry } from './record-error.ts';
import type { OpenRecord } from './record-store.ts';
import { respinVersion } from './respin-version.ts';

export interface CoverageRequest extends Omit<RunRequest, 'series' | 'variants' | 'gcov' | 'probes'> {
  series: Series;
  probes: boolean;
  directions: readonly Direction[];
  /** Names of those to run; null: all there are. */
  programs: readonly string[] | null;
  /** For the record: the command line. */
  argv: readonly string[];
}

export interface FinishedCoverage {
  record: CoverageRecord;
  folder: string;
}

/**
 * Measures and keeps the record, with coverage.lcov beside it. What the series or the machine is to blame for is in the
 * record (`error`, `exit`), not thrown.
 * @throws RespinError when there is nowhere to keep a record
 */
export async function* coverageSeries(
  request: CoverageRequest,
  signal: AbortSignal,
): Steps<FinishedCoverage> {
  return yield* emitting<RespinEvent, FinishedCoverage>(async (emit) => {
    const open = await COVERAGE_RECORDS.open(request.series.name);
    try {
      const record = await new CoverageRun(request, open, emit, signal).toTheEnd();
      await open.addFile('coverage.lcov', formatLcov(record));
      await open.finish(record);
      return { record, folder: open.dir };
    } finally {
      await open.abandon();
    }
  });
}

class CoverageRun {
  readonly #request: CoverageRequest;
  readonly #open: OpenRecord<CoverageRecord>;
  readonly #emit: (event: RespinEvent) => void;
  readonly #signal: AbortSignal;
  readonly #started = new Date();
  readonly #done: Prepared = {};
  readonly #timings: Record<string, number> = {};
  readonly #logs: LogFolder;
  readonly #collector: Collector;
  #tool: GcovTool | null = null;
  #sources: readonly string[] = [];
  #session: SessionResult | null = null;
  #files: CoverageFile[] = [];

  constructor(
    request: CoverageRequest,
    open: OpenRecord<CoverageRecord>,
    emit: (event: RespinEvent) => void,
    signal: AbortSignal,
  ) {
    this.#request = request;
    this.#open = open;
    this.#signal = signal;
    this.#collector = new Collector(signal);
    this.#logs = patientLogs(open, 'logs/');
    const commands = patientLogs(open).log('commands.sh');
    this.#emit = (event) => {
      if (event.type === 'stage-end')
        this.#timings[event.stage] = Math.round((this.#timings[event.stage] ?? 0) + event.ms);
      if (event.type === 'command') commands.write(`# ${event.name}\n${event.line}\n`);
      if (event.type === 'build-output') this.#logs.log('build.log').write(`${event.line}\n`);
      emit(event);
    };
  }

  async toTheEnd(): Promise<CoverageRecord> {
    try {
      await this.#measure();
      return this.#record(this.#nothingTold());
    } catch (error) {
      return this.#record(this.#signal.aborted ? interrupted() : error);
    }
  }

  async #measure(): Promise<void> {
    const { series } = this.#request;
    // What only the user can install is asked for before anything is built.
    const [compiler = ''] = (await runOk('gcc', ['--version'], { signal: this.#signal })).stdout.split('\n');
    const tool = await findGcov(compiler, this.#signal);
    this.#tool = tool;
    const request: RunRequest = {
      ...this.#request,
      variants: { host: 'patched', guest: 'patched' },
      gcov: async (applied) => {
        this.#sources = await sourcesOf(applied);
        return this.#sources;
      },
    };
    await this.#follow(prepareBuild(request, this.#done, this.#signal));
    const { applied, host, guest } = this.#done;
    if (applied === undefined || host === undefined || guest === undefined)
      throw new Error('nothing was prepared');
    const kernels = { host: gcovOf(host), guest: gcovOf(guest) };
    if (Object.keys({ ...kernels.host.notes, ...kernels.guest.notes }).length > 0) {
      this.#session = await this.#test(host, guest);
    }
    const work = async (emit: (event: RespinEvent) => void): Promise<CoverageFile[]> =>
      await measureLines({
        ...{ tool, kernels, readings: this.#collector.readings, signal: this.#signal },
        files: await addedLines(applied, series),
        onReading: (done, total) =>
          emit({ type: 'progress', stage: 'measure', what: 'gcov', done, total, unit: 'readings' }),
      });
    this.#files = await this.#follow(
      inStage('measure', 'counters into lines', work, (files) => {
        const { ran, code } = countLines(files.flatMap(({ lines }) => lines));
        return { outcome: 'done', detail: `${ran} of ${code} added lines of code ran` };
      }),
    );
  }

  async #test(host: Build, guest: Build): Promise<SessionResult> {
    const { directions, probes } = this.#request;
    const { choice, qemu, programs, tree, stepTimeout } = this.#done;
    if (choice === undefined || qemu === undefined || programs === undefined)
      throw new Error('nothing was built');
    const wanted = ({ name }: { name: string }): boolean => this.#request.programs?.includes(name) !== false;
    const all = [
      ...TEST_PROGRAMS.filter(({ name }) => name in programs.programs),
      ...(probes ? PROBES : []),
    ].filter(wanted);
    for (const { program, why } of programs.missing.filter(({ program }) => wanted({ name: program }))) {
      if (TEST_PROGRAMS.some(({ name }) => name === program))
        this.#emit({ type: 'note', level: 'warning', text: `${program} does not run: ${why}` });
    }
    const own = probes ? await provideProbes(qemu, this.#signal) : null;
    const binaries = {
      ...programs.programs,
      ...own?.binaries,
      ...(await provideGcovDump(this.#signal)),
    };
    const images = await this.#follow(stageImages({ host, guest, programs: binaries, qemu }, this.#signal));
    return await runSession({
      ...{ choice, qemu, images, programs: all, directions, logs: this.#logs },
      lyingDevice: own?.lyingDevice ?? false,
      stepSeconds: stepTimeout ?? 0,
      release: tree?.version ?? '',
      // Coverage judges no series: whether the base's kernels come up is for respin run to find out.
      baseBoots: async () => null,
      between: async (machines, pass) => await this.#collector.take(machines, pass),
      emit: this.#emit,
      signal: this.#signal,
    });
  }

  /** Why there is no result; null when there is one. */
  #nothingTold(): RespinError | null {
    if (this.#session === null) {
      return new RespinError({
        code: 'COVERAGE_NOT_BUILT',
        blame: 'machine',
        message: `respin's configuration builds none of ${this.#sources.join(', ')}`,
        hint: 'what they need can be added to a fragment in kernel-tree/config',
      });
    }
    if (this.#collector.readings.some(({ program, taken }) => program !== BOOT && taken > 0)) return null;
    return new RespinError({
      code: 'COVERAGE_NO_COUNTERS',
      blame: 'machine',
      message: `no counters could be read: ${this.#session.why}`,
      hint: `respin run ${this.#request.series.name} tells what is wrong, if it fails as well`,
    });
  }

  #record(error: unknown): CoverageRecord {
    const { series, tree, argv } = this.#request;
    const done = this.#done;
    const ended = new Date();
    const mode = this.#session?.choice ?? done.choice;
    return {
      ...{ schema: COVERAGE_SCHEMA, id: this.#open.id, started: this.#started.toISOString() },
      ...{ ended: ended.toISOString(), respin: respinVersion(), argv: [...argv] },
      exit: error === null ? 0 : exitCodeOf(error),
      series: {
        ...{ name: series.name, title: series.title, version: series.version, source: series.source },
        patches: done.applied?.patches ?? [],
      },
      tree: {
        source: done.tree?.source ?? tree,
        version: done.tree?.version ?? '',
        commit: done.tree?.commit ?? '',
        sha256: done.tree?.sha256 ?? null,
      },
      machine:
        mode === undefined || done.qemu === undefined
          ? null
          : {
              ...{ mode: mode.mode, reason: mode.reason, qemu: done.qemu.version },
              ...{ hostCpus: planFor(mode.mode).hostCpus, guestCpus: planFor(mode.mode).guestCpus },
              cpus: availableParallelism(),
              timeScale: timeScale(mode.mode, 'guest'),
              stepTimeout: done.stepTimeout ?? 0,
            },
      kernels:
        done.host === undefined || done.guest === undefined
          ? null
          : { host: kernelInfo(done.host), guest: kernelInfo(done.guest) },
      gcov: this.#tool?.version ?? null,
      profiled: this.#sources.map((source) => ({ source, built: isBuilt(source, done) })),
      tests: this.#session === null ? null : testsOf(this.#session, this.#request.programs),
      readings: this.#collector.readings.map(withoutCounters),
      files: this.#files,
      counts: countLines(this.#files.flatMap(({ lines }) => lines)),
      timings: { ...this.#timings, total: ended.getTime() - this.#started.getTime() },
      error: error === null ? null : errorEntry(error),
    };
  }

  async #follow<T>(steps: Steps<T>): Promise<T> {
    return await follow(steps, this.#emit);
  }
}

async function sourcesOf(applied: AppliedSeries): Promise<string[]> {
  const sources = await profiledSources(applied);
  if (sources.length > 0) return sources;
  throw new RespinError({
    code: 'COVERAGE_NO_CODE',
    blame: 'usage',
    message: 'the series has no line of C in the kernel: there is nothing that could run',
    hint: 'tests, documentation and Kconfig are not counted',
  });
}

function gcovOf({ gcov, folder }: Build): GcovFiles {
  if (gcov === null) throw new Error(`${folder} was not built to count`);
  return gcov;
}

function isBuilt(source: string, { host, guest }: Prepared): boolean {
  return [host, guest].some((build) => build?.gcov != null && source in build.gcov.notes);
}

function testsOf(
  { verdict, why, suites }: SessionResult,
  programs: readonly string[] | null,
): CoverageRecord['tests'] {
  const cases: Partial<Record<CaseStatus, number>> = {};
  for (const { status } of suites.flatMap((suite) => suite.cases)) cases[status] = (cases[status] ?? 0) + 1;
  const failed = suites.flatMap((suite) =>
    suite.cases
      .filter(({ status }) => status === 'fail' || status === 'unknown')
      .map(
        ({ name, reason }) =>
          `${suite.program} ${suite.direction}: ${name}${reason === null ? '' : `: ${reason}`}`,
      ),
  );
  // Without it every verdict is unknown.
  const judged = programs === null || programs.includes('vsock_test') || verdict !== 'unknown';
  return judged
    ? { verdict, why, cases, failed }
    : { verdict: null, why: `only ${programs.join(', ')}`, cases, failed };
}

function withoutCounters({ counters: _, ...reading }: CollectedReading): CoverageReading {
  return reading;
}

function kernelInfo({ release, compiler, configHash, profile }: Build): KernelInfo {
  return { release, compiler, configHash, profile };
}
