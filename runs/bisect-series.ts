// SPDX-License-Identifier: MIT
/**
 * Which patch of a series made a case fail: a binary search over how many of its patches are applied. All kernels are
 * tested with the programs of the whole series, so that a case of its own can be looked for below the patch that adds it.
 * What a record has is not run again.
 */
import {
  BISECT_SCHEMA,
  type Bisected,
  type BisectedCase,
  type BisectReport,
  type BisectStep,
} from '../core/bisect.ts';
import { emitting } from '../core/channel.ts';
import { interrupted, RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import type { CaseResult, Direction, RunRecord } from '../core/run.ts';
import { firstPatches, type Series } from '../core/series.ts';
import type { Variant } from '../core/tree.ts';
import type { ChosenCases } from '../tools/run-vsock-test/chosen-cases.ts';
import { TEST_PROGRAMS } from '../tools/run-vsock-test/programs.ts';
import { type Prepared, prepareBuild, type RunRequest } from './prepare.ts';
import { RUN_RECORDS } from './record.ts';
import { errorOf } from './record-error.ts';
import { runSeries } from './run-series.ts';
import { withinStage } from './within-stage.ts';

export interface BisectRequest extends Omit<RunRequest, 'series' | 'variants'> {
  series: Series;
  /** These cases alone; null: all that fail. */
  chosen: readonly ChosenCases[] | null;
  directions: readonly Direction[];
  /** For the records: the command line. */
  argv: readonly string[];
  /** What builds and runs; for tests. */
  steps?: BisectSteps;
}

/** The keys of a machine's kernels. */
interface Kernels {
  host: string;
  guest: string;
}

export interface BisectSteps {
  build(request: RunRequest, signal: AbortSignal): Steps<Kernels>;
  run: typeof runSeries;
}

/**
 * @throws RespinError NOTHING_FAILED (usage): the whole series passes; what ended the first run; INTERRUPTED
 */
export async function* bisectSeries(request: BisectRequest, signal: AbortSignal): Steps<BisectReport> {
  return yield* emitting<RespinEvent, BisectReport>(
    async (emit) => await new Bisection(request, emit, signal).toTheEnd(),
  );
}

/** A result and where it is from. */
interface Found {
  record: RunRecord;
  known: boolean;
}

class Bisection {
  readonly #request: BisectRequest;
  readonly #steps: BisectSteps;
  readonly #emit: (event: RespinEvent) => void;
  readonly #show: (event: RespinEvent) => void;
  readonly #signal: AbortSignal;
  /** By how many patches are applied; null: cannot be built. */
  readonly #kernels = new Map<number, Kernels | null>();
  /** Made by this bisection. */
  readonly #ran = new Set<string>();

  constructor(request: BisectRequest, emit: (event: RespinEvent) => void, signal: AbortSignal) {
    this.#request = request;
    this.#steps = request.steps ?? { build: buildKernels, run: runSeries };
    this.#emit = emit;
    this.#show = withinStage('bisect', emit);
    this.#signal = signal;
  }

  async toTheEnd(): Promise<BisectReport> {
    const { series, directions, chosen } = this.#request;
    const began = performance.now();
    this.#emit({ type: 'stage', stage: 'bisect', title: `${series.name} ${series.version}` });
    const end = (outcome: 'done' | 'failed', detail: string): void =>
      this.#emit({ type: 'stage-end', stage: 'bisect', outcome, detail, ms: performance.now() - began });
    try {
      const whole = await this.#wholeRun();
      const failing = failuresOf(whole.record, directions, chosen);
      if (failing.length === 0) throw nothingFailed(whole.record);
      const cases: Bisected[] = [];
      for (const one of failing) cases.push(await this.#bisect(one, failing, whole));
      const count = cases.length;
      end('done', `${count} ${count === 1 ? 'case' : 'cases'}, ${this.#ran.size} runs`);
      const { source, version } = whole.record.tree;
      return {
        ...{ schema: BISECT_SCHEMA, tree: { source, version }, run: whole.record.id, cases },
        series: { name: series.name, title: series.title, version: series.version },
        patches: series.patches.map(({ subject }) => subject),
      };
    } catch (error) {
      end('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** The run that says what fails: of a record, or made. */
  async #wholeRun(): Promise<Found> {
    const { series, directions, chosen } = this.#request;
    const of = series.patches.length;
    const kernels = await this.#kernelsOf(of);
    const known = kernels === null ? [] : await recordsOf(kernels, this.#request);
    const tells = (record: RunRecord): boolean =>
      chosen === null
        ? record.part === undefined &&
          directions.every((one) => record.suites.some(({ direction }) => direction === one))
        : failuresOf(record, directions, chosen).length > 0;
    const found = known.find(tells);
    if (found !== undefined) return { record: found, known: true };
    const record = await this.#run(of, chosen, directions);
    if (record.error !== null) throw errorOf(record.error, record.exit);
    return { record, known: false };
  }

  async #bisect(one: BisectedCase, all: readonly BisectedCase[], whole: Found): Promise<Bisected> {
    const of = this.#request.series.patches.length;
    const steps = new Map<number, BisectStep>([[of, stepOf(of, one, whole)]]);
    const at = async (patches: number): Promise<BisectStep['result']> => {
      const step = steps.get(patches) ?? (await this.#step(patches, one, all));
      steps.set(patches, step);
      return step.result;
    };
    // First the tree: where it fails as well, no patch did it.
    let [good, bad] = [0, of];
    if ((await at(0)) === 'fail') bad = 0;
    while (bad - good > 1) {
      const middle = nearestTo((good + bad) / 2, good, bad).find(
        (patches) => steps.get(patches)?.result !== 'unknown',
      );
      if (middle === undefined) break;
      const result = await at(middle);
      if (result === 'pass') good = middle;
      if (result === 'fail') bad = middle;
    }
    const culprits = Array.from({ length: Math.max(0, bad - good) }, (_, place) => good + place + 1);
    return {
      ...{ case: one, culprits },
      steps: [...steps.values()].toSorted((a, b) => a.patches - b.patches),
    };
  }

  /** From a record that has the case, or by a run of all cases that are looked for. */
  async #step(patches: number, one: BisectedCase, all: readonly BisectedCase[]): Promise<BisectStep> {
    const kernels = await this.#kernelsOf(patches);
    if (kernels === null)
      return { patches, result: 'unknown', run: null, known: false, reason: 'it does not build' };
    const records = await recordsOf(kernels, this.#request);
    const found = records.find((record) => resultIn(record, one) !== undefined);
    if (found !== undefined) return stepOf(patches, one, { record: found, known: !this.#ran.has(found.id) });
    const directions = this.#request.directions.filter((direction) =>
      all.some((other) => other.direction === direction),
    );
    const record = await this.#run(patches, chosenOf(all), directions);
    return stepOf(patches, one, { record, known: false });
  }

  async #kernelsOf(patches: number): Promise<Kernels | null> {
    const known = this.#kernels.get(patches);
    if (known !== undefined) return known;
    let kernels: Kernels | null = null;
    try {
      kernels = await follow(this.#steps.build(this.#of(patches), this.#signal), this.#show);
    } catch (error) {
      if (this.#signal.aborted) throw interrupted();
      // The run of the whole series tells why itself.
      if (!(error instanceof RespinError) || error.blame !== 'series') throw error;
    }
    this.#kernels.set(patches, kernels);
    return kernels;
  }

  async #run(
    patches: number,
    chosen: readonly ChosenCases[] | null,
    directions: readonly Direction[],
  ): Promise<RunRecord> {
    const part = chosen === null ? null : { chosen, times: 1 };
    const request = {
      ...this.#of(patches),
      ...{ directions, part, strict: false, argv: this.#request.argv, check: null },
      probes: chosen?.some(({ program }) => program.startsWith('probe-')) ?? false,
    };
    const { record } = await follow(this.#steps.run(request, this.#signal), this.#show);
    if (record.exit === 130) throw interrupted();
    this.#ran.add(record.id);
    const { name } = this.#request.series;
    const title = patches === 0 ? 'base' : `${patches}/${this.#request.series.patches.length}`;
    this.#emit({
      ...{ type: 'stage-end', stage: 'run', detail: `${name} ${title}  ${record.why}` },
      outcome: record.verdict === 'unknown' ? 'failed' : 'done',
      ms: Math.max(0, Date.parse(record.ended) - Date.parse(record.started)),
    });
    return record;
  }

  #of(patches: number): RunRequest {
    const { series, chosen: _, directions: __, argv: ___, steps: ____, ...rest } = this.#request;
    const both = (variant: Variant) => ({ host: variant, guest: variant });
    if (patches === 0) return { ...rest, series, variants: both('base') };
    const programs = patches === series.patches.length ? {} : { programsOf: series };
    return { ...rest, series: firstPatches(series, patches), variants: both('patched'), ...programs };
  }
}

async function* buildKernels(request: RunRequest, signal: AbortSignal): Steps<Kernels> {
  const done: Prepared = {};
  yield* prepareBuild(request, done, signal);
  if (done.host === undefined || done.guest === undefined) throw new Error('nothing was built');
  return { host: done.host.key, guest: done.guest.key };
}

/** Those of these kernels that came to their end, newest first. */
async function recordsOf(
  { host, guest }: Kernels,
  { directions }: Pick<BisectRequest, 'directions'>,
): Promise<RunRecord[]> {
  const all = (await RUN_RECORDS.list()).flatMap(({ record }) => record ?? []);
  return all.filter(
    ({ builds, error, suites }) =>
      error === null &&
      builds?.host === host &&
      builds.guest === guest &&
      suites.some(({ direction }) => directions.includes(direction)),
  );
}

function failuresOf(
  record: RunRecord,
  directions: readonly Direction[],
  chosen: readonly ChosenCases[] | null,
): BisectedCase[] {
  return record.suites
    .filter(({ direction }) => directions.includes(direction))
    .flatMap(({ program, direction, cases }) =>
      cases
        .filter((one) => one.status === 'fail' && isChosen(program, one, chosen))
        .map(({ name }) => ({ program, direction, name })),
    );
}

function isChosen(program: string, { id, name }: CaseResult, chosen: readonly ChosenCases[] | null): boolean {
  if (chosen === null) return true;
  return chosen.some(({ program: of, which }) => {
    if (of !== program) return false;
    if (which === null) return true;
    return 'from' in which
      ? which.from <= id && id <= which.to
      : name.toLowerCase().includes(which.named.toLowerCase());
  });
}

function chosenOf(cases: readonly BisectedCase[]): ChosenCases[] {
  return cases.map(({ program, name }) => {
    const selectable = TEST_PROGRAMS.find((one) => one.name === program)?.selectable ?? true;
    return { program, which: selectable ? { named: name } : null };
  });
}

/** What a record says of a case; undefined where it says nothing. */
function resultIn(record: RunRecord, { program, direction, name }: BisectedCase): CaseResult | undefined {
  return record.suites
    .find((suite) => suite.program === program && suite.direction === direction)
    ?.cases.find((one) => one.name === name && one.status !== 'not-run' && one.status !== 'unknown');
}

function stepOf(patches: number, one: BisectedCase, { record, known }: Found): BisectStep {
  const found = resultIn(record, one);
  const result =
    found?.status === 'fail'
      ? 'fail'
      : found?.status === 'pass' || found?.status === 'xfail'
        ? 'pass'
        : 'unknown';
  return { patches, result, run: record.id, known, reason: found?.reason ?? record.error?.message ?? null };
}

/** The whole numbers between two others, those near `to` first. */
function nearestTo(to: number, above: number, below: number): number[] {
  const all = Array.from({ length: below - above - 1 }, (_, at) => above + at + 1);
  return all.toSorted((a, b) => Math.abs(a - to) - Math.abs(b - to));
}

function nothingFailed({ id, why, verdict }: RunRecord): RespinError {
  return new RespinError({
    code: 'NOTHING_FAILED',
    blame: 'usage',
    message: `there is no failing case to look for: ${id} is ${verdict}, ${why}`,
    hint: 'respin runs list shows the runs; --case PROGRAM:CASE names a case',
  });
}
