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
import { WHOLE_PROGRAM } from '../tools/run-vsock-test/combine.ts';
import { TEST_PROGRAMS } from '../tools/run-vsock-test/programs.ts';
import type { WantedRun } from './known-run.ts';
import { buildAll, type RunRequest } from './prepare.ts';
import { RUN_RECORDS } from './record.ts';
import { errorOf } from './record-error.ts';
import { probeRounds, runSeries } from './run-series.ts';
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

/** What a step is of: kernels, and where they run. */
type Built = Pick<WantedRun, 'builds' | 'mode' | 'qemu'>;

export interface BisectSteps {
  build(request: RunRequest, signal: AbortSignal): Steps<Built>;
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
  readonly #built = new Map<number, Built | null>();
  /** Made by this bisection, by how many patches were applied. */
  readonly #ran = new Map<number, RunRecord>();

  constructor(request: BisectRequest, emit: (event: RespinEvent) => void, signal: AbortSignal) {
    this.#request = request;
    this.#steps = request.steps ?? { build: buildAll, run: runSeries };
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
      if (failing.length === 0) throw nothingFailed(whole.record, chosen !== null);
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
    const built = await this.#builtOf(of);
    const known = built === null ? [] : await this.#recordsOf(built, of);
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
    // First the tree: where it fails as well, no patch did it; what cannot be told of it may be its own.
    const base = await at(0);
    let [good, bad] = [base === 'unknown' ? -1 : 0, of];
    if (base === 'fail') bad = 0;
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
    const built = await this.#builtOf(patches);
    if (built === null)
      return { patches, result: 'unknown', run: null, known: false, reason: 'it does not build' };
    const own = this.#ran.get(patches);
    const records = [...(own === undefined ? [] : [own]), ...(await this.#recordsOf(built, patches))];
    const found = records.find((record) => resultIn(record, one) !== undefined) ?? own;
    if (found !== undefined) return stepOf(patches, one, { record: found, known: found !== own });
    const directions = this.#request.directions.filter((direction) =>
      all.some((other) => other.direction === direction),
    );
    const record = await this.#run(patches, chosenOf(all), directions);
    return stepOf(patches, one, { record, known: false });
  }

  /**
   * Runs that say what this one would, newest first: of these kernels, where they would run, and with the programs of the
   * whole series. Those of its first patches are as good where no later patch changes the tests.
   */
  async #recordsOf({ builds, mode, qemu }: Built, patches: number): Promise<RunRecord[]> {
    const { series, directions } = this.#request;
    const later = series.patches.slice(patches).flatMap(({ files }) => files);
    const sameTests = later.every(({ oldPath, newPath }) =>
      [oldPath, newPath].every((file) => file?.startsWith(TESTS) !== true),
    );
    const all = (await RUN_RECORDS.list()).flatMap(({ record }) => record ?? []);
    return all.filter(
      ({ builds: own, error, suites, verdict, machine }) =>
        error === null &&
        verdict !== 'unknown' &&
        machine?.mode === mode &&
        machine.qemu === qemu &&
        own?.host === builds.host &&
        own.guest === builds.guest &&
        (own.programs === builds.programs || (sameTests && own.programs === builds.guest)) &&
        (builds.probes === null || own.probes === null || own.probes === builds.probes) &&
        suites.some(({ direction }) => directions.includes(direction)),
    );
  }

  async #builtOf(patches: number): Promise<Built | null> {
    const known = this.#built.get(patches);
    if (known !== undefined) return known;
    let built: Built | null = null;
    try {
      built = await follow(this.#steps.build(this.#of(patches), this.#signal), this.#show);
    } catch (error) {
      if (this.#signal.aborted) throw interrupted();
      // The run of the whole series tells why itself.
      if (!(error instanceof RespinError) || error.blame !== 'series') throw error;
    }
    this.#built.set(patches, built);
    return built;
  }

  async #run(
    patches: number,
    chosen: readonly ChosenCases[] | null,
    directions: readonly Direction[],
  ): Promise<RunRecord> {
    const probes = chosen?.some(({ program }) => program.startsWith('probe-')) ?? false;
    // As often as in a run of all: what failed there by chance passes here by chance.
    const times = probes ? probeRounds(this.#request.profiles) : 1;
    const part = chosen === null ? null : { chosen, times };
    const request = {
      ...this.#of(patches),
      ...{ directions, part, probes, strict: false, argv: this.#request.argv, check: null },
    };
    const { record } = await follow(this.#steps.run(request, this.#signal), this.#show);
    if (record.exit === 130) throw interrupted();
    this.#ran.set(patches, record);
    // What the machine lacks, it lacks for all steps.
    if (record.error !== null && record.exit !== 1) throw errorOf(record.error, record.exit);
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

/** Where the tree's own test programs are. */
const TESTS = 'tools/testing/vsock/';

function failuresOf(
  record: RunRecord,
  directions: readonly Direction[],
  chosen: readonly ChosenCases[] | null,
): BisectedCase[] {
  if (record.verdict !== 'fail') return [];
  return record.suites
    .filter(({ direction }) => directions.includes(direction))
    .flatMap(({ program, direction, cases }) =>
      cases
        // A program that fails as a whole has no case to ask for.
        .filter((one) => one.status === 'fail' && one.id !== WHOLE_PROGRAM && isChosen(program, one, chosen))
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
    found?.status === 'fail' && record.verdict === 'fail'
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

function nothingFailed({ id, why, verdict }: RunRecord, some: boolean): RespinError {
  const word = verdict === 'fail' ? 'FAIL' : verdict;
  return new RespinError({
    code: 'NOTHING_FAILED',
    blame: verdict === 'unknown' ? 'machine' : 'usage',
    message: `there is no failing case to look for: ${id} is ${word}, ${why}`,
    hint: some
      ? 'respin runs show has all of it; without --case everything that fails is looked for'
      : 'respin runs list shows the runs; --case PROGRAM:CASE names a case',
  });
}
