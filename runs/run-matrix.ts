// SPDX-License-Identifier: MIT
/**
 * Runs a series version by version, or patch by patch, on trees, with kernels and in machines. Each cell is a run with
 * a record of its own; one whose kernels and programs were run before is taken from that record. So a matrix that was
 * ended half-way goes on where it was, whatever it was ended by.
 */
import { createHash } from 'node:crypto';
import { emitting } from '../core/channel.ts';
import { exitCodeOf, interrupted, RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import { inParallel } from '../core/in-parallel.ts';
import {
  MATRIX_SCHEMA,
  type MatrixCell,
  type MatrixColumn,
  type MatrixRecord,
  type MatrixRow,
} from '../core/matrix.ts';
import { cellOf } from '../core/matrix-cell.ts';
import type { Direction, Machine, RunRecord } from '../core/run.ts';
import type { Series } from '../core/series.ts';
import { cellLine, cellName, matrixCounts } from '../reports/matrix-words.ts';
import { acquireLock } from '../system/lock.ts';
import { cachePath } from '../system/paths.ts';
import type { Profile } from '../tools/build-vm/fragments.ts';
import { knownFailure, knownRun, type WantedRun } from './known-run.ts';
import { MATRIX_RECORDS } from './matrix-record.ts';
import { buildAll, type RunRequest } from './prepare.ts';
import { RUN_RECORDS } from './record.ts';
import { errorEntry } from './record-error.ts';
import { requestKey } from './request-key.ts';
import { respinVersion } from './respin-version.ts';
import { runSeries } from './run-series.ts';
import { withinStage } from './within-stage.ts';

export interface MatrixRequest extends Omit<RunRequest, 'series' | 'tree' | 'profiles' | 'variants'> {
  name: string;
  title: string;
  rows: readonly (MatrixRow & { series: Series })[];
  columns: readonly (MatrixColumn & { profiles: Record<Machine, Profile> })[];
  directions: readonly Direction[];
  /** A case that passed only on a repeat makes the exit status 1. */
  strict: boolean;
  /** Runs every cell, whatever records there are. */
  again: boolean;
  /** Runs side by side. */
  atOnce: number;
  /** For the record: the command line. */
  argv: readonly string[];
  /** What builds and runs a cell; for tests. */
  steps?: MatrixSteps;
}

export interface MatrixSteps {
  build(request: RunRequest, signal: AbortSignal): Steps<Pick<WantedRun, 'builds' | 'mode' | 'qemu'>>;
  run: typeof runSeries;
}

export interface FinishedMatrix {
  record: MatrixRecord;
  folder: string;
}

/**
 * Fills all cells and keeps the record. What the series or the machine is to blame for is in the cells, and what ended
 * it early in the record (`error`, `exit`), not thrown.
 * @throws RespinError when there is nowhere to keep a record
 */
export async function* runMatrix(request: MatrixRequest, signal: AbortSignal): Steps<FinishedMatrix> {
  return yield* emitting<RespinEvent, FinishedMatrix>(async (emit) => {
    const open = await MATRIX_RECORDS.open(request.name);
    try {
      const record = await new Matrix(request, open.id, emit, signal).toTheEnd();
      await open.finish(record);
      return { record, folder: open.dir };
    } finally {
      await open.abandon();
    }
  });
}

interface Place {
  row: number;
  column: number;
}

class Matrix {
  readonly #request: MatrixRequest;
  readonly #steps: MatrixSteps;
  readonly #id: string;
  readonly #emit: (event: RespinEvent) => void;
  /** What is shown of a run and of a build. */
  readonly #show: (event: RespinEvent) => void;
  /** Fires on an interrupt, and when one of the others has failed. */
  readonly #signal: AbortSignal;
  readonly #interrupt: AbortSignal;
  readonly #stop = new AbortController();
  /** What the first that failed threw. */
  #trouble: { error: unknown } | null = null;
  readonly #started = new Date();
  readonly #places: readonly Place[];
  readonly #cells: MatrixCell[] = [];
  /** What each cell is of, once its kernels are built, or why they cannot be; null: it was not come to. */
  readonly #wanted = new Map<number, Promise<WantedRun | RespinError | null>>();
  /** Cells that wait for their kernels: what is built for them is shown. */
  readonly #waiting = new Set<number>();
  /** One build at a time: all of a tree share its folders. */
  #building: Promise<unknown> = Promise.resolve();
  #machine: MatrixRecord['machine'] = null;

  constructor(request: MatrixRequest, id: string, emit: (event: RespinEvent) => void, signal: AbortSignal) {
    this.#request = request;
    this.#steps = request.steps ?? { build: buildAll, run: runSeries };
    this.#id = id;
    this.#emit = emit;
    this.#show = withinStage('matrix', emit);
    this.#interrupt = signal;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#places = request.rows.flatMap((_, row) => request.columns.map((__, column) => ({ row, column })));
  }

  async toTheEnd(): Promise<MatrixRecord> {
    const began = performance.now();
    const { name, atOnce } = this.#request;
    const count = this.#places.length;
    this.#emit({
      type: 'stage',
      stage: 'matrix',
      title: `${name}: ${count} ${count === 1 ? 'run' : 'runs'}`,
    });
    const order = this.#places.map((_, at) => at);
    // Nobody throws in it: a run that is ended has its record before this one is written.
    await inParallel(order, atOnce, async (at) => await this.#fillOrStop(at));
    // What is still being built for a cell that will not be run.
    await this.#building;
    const error = this.#interrupt.aborted ? interrupted() : (this.#trouble?.error ?? null);
    const record = this.#record(error);
    this.#emit({
      ...{ type: 'stage-end', stage: 'matrix', ms: performance.now() - began, detail: matrixCounts(record) },
      outcome: error === null ? 'done' : 'failed',
    });
    return record;
  }

  /** The first that fails ends the others. */
  async #fillOrStop(at: number): Promise<void> {
    if (this.#signal.aborted) return;
    try {
      await this.#fill(at);
    } catch (error) {
      this.#trouble ??= { error };
      this.#stop.abort();
    }
  }

  async #fill(at: number): Promise<void> {
    const place = this.#places[at] as Place;
    this.#waiting.add(at);
    const wanted = await this.#build(at);
    this.#waiting.delete(at);
    if (this.#signal.aborted) throw interrupted();
    // While this one is tested.
    void this.#build(at + this.#request.atOnce);
    const cell = await this.#cell(place, wanted);
    this.#cells.push(cell);
    const { rows, columns } = this.#request;
    this.#emit({
      ...{ type: 'stage-end', stage: 'run', ms: cell.ms, outcome: outcomeOf(cell) },
      detail: `${this.#cells.length}/${this.#places.length} ${cellName({ rows, columns }, cell)}  ${cellLine(cell)}${cell.known && outcomeOf(cell) === 'failed' ? '  (an earlier run)' : ''}`,
    });
  }

  /** From the record of an earlier run, or by a run. Held meanwhile, so that two matrices do not run the same. */
  async #cell(place: Place, wanted: WantedRun | RespinError | null): Promise<MatrixCell> {
    if (wanted === null) return this.#kept(await this.#run(place), place, false);
    const isFailure = wanted instanceof RespinError;
    const key = isFailure ? requestKey(this.#of(place)) : JSON.stringify(wanted);
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const onWait = (holder: string): void =>
      this.#emit({ type: 'note', level: 'info', text: `the same is being run by ${holder}: waiting for it` });
    await using lock = await acquireLock(cachePath('cells', `${name}.lock`), onWait, this.#signal);
    const known = this.#request.again ? null : await lookUp(wanted, key);
    const cell = this.#kept(known ?? (await this.#run(place)), place, known !== null);
    await lock.remove();
    return cell;
  }

  #kept(record: RunRecord, { row, column }: Place, known: boolean): MatrixCell {
    if (record.exit === 130) throw interrupted();
    this.#machine = record.machine ?? this.#machine;
    return cellOf(record, this.#request.directions, { row, column, known });
  }

  async #run(place: Place): Promise<RunRecord> {
    const { directions, strict, argv } = this.#request;
    const request = { ...this.#of(place), directions, part: null, strict, argv, check: null };
    const { record } = await follow(this.#steps.run(request, this.#signal), this.#show);
    return record;
  }

  #of({ row, column }: Place): RunRequest {
    const { rows, columns, name: _, title: __, steps: ___, ...rest } = this.#request;
    const [{ series }, { tree, profiles, variants }] = [rows[row], columns[column]] as [
      MatrixRequest['rows'][number],
      MatrixRequest['columns'][number],
    ];
    return { ...rest, series, tree, profiles, variants };
  }

  /** In the background, one after the other. */
  #build(at: number): Promise<WantedRun | RespinError | null> {
    const known = this.#wanted.get(at);
    if (known !== undefined) return known;
    const place = this.#places[at];
    const built = this.#building.then(async () =>
      place === undefined || this.#signal.aborted ? null : await this.#buildOne(place, at),
    );
    this.#wanted.set(at, built);
    this.#building = built.catch(() => {});
    // It may end long before it is waited for.
    built.catch(() => {});
    return built;
  }

  /** @returns an error for what the run itself has to tell: that it does not apply, or not build */
  async #buildOne(place: Place, at: number): Promise<WantedRun | RespinError> {
    const { directions } = this.#request;
    try {
      const built = await follow(this.#steps.build(this.#of(place), this.#signal), (event) => {
        if (this.#waiting.has(at)) this.#show(event);
      });
      return { ...built, directions };
    } catch (error) {
      if (error instanceof RespinError) return error;
      throw error;
    }
  }

  #record(error: unknown): MatrixRecord {
    const { name, title, rows, columns, directions, probes, argv, strict } = this.#request;
    return {
      ...{ schema: MATRIX_SCHEMA, id: this.#id, started: this.#started.toISOString() },
      ...{ ended: new Date().toISOString(), respin: respinVersion(), argv: [...argv] },
      exit: error === null ? exitOf(this.#cells, strict) : exitCodeOf(error),
      series: { name, title },
      rows: rows.map(({ version, patches, of, subject }) => ({ version, patches, of, subject })),
      columns: [...columns],
      directions: [...directions],
      probes,
      machine: this.#machine,
      cells: this.#cells,
      error: error === null ? null : errorEntry(error),
    };
  }
}

/** As things are now: another matrix may have run it meanwhile. */
async function lookUp(wanted: WantedRun | RespinError, request: string): Promise<RunRecord | null> {
  const records = (await RUN_RECORDS.list()).flatMap(({ record }) => record ?? []);
  return wanted instanceof RespinError ? knownFailure(records, request, wanted) : knownRun(records, wanted);
}

function outcomeOf({ verdict, known }: MatrixCell): 'done' | 'cached' | 'failed' {
  if (verdict === 'fail' || verdict === 'unknown') return 'failed';
  return known ? 'cached' : 'done';
}

/** The series is at fault where a cell failed, whatever could not be told of others. */
export function exitOf(cells: readonly Pick<MatrixCell, 'verdict'>[], strict: boolean): 0 | 1 | 3 {
  const has = (verdict: MatrixCell['verdict']): boolean => cells.some((one) => one.verdict === verdict);
  if (has('fail') || (strict && has('flaky'))) return 1;
  return has('unknown') ? 3 : 0;
}
