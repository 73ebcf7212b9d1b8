// SPDX-License-Identifier: MIT
/** Does outside what a step asks for. What comes of it, trouble as well, comes back as a message. */
import type { CheckRecord } from '../core/check.ts';
import type { CoverageRecord } from '../core/coverage.ts';
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import type { PerfRecord } from '../core/perf.ts';
import type { ReviewVersion } from '../core/review.ts';
import { waiverAbout } from '../reports/waiver-about.ts';
import { decide, undecide } from '../review/store/decide.ts';
import { readReview } from '../review/store/read-review.ts';
import { CHECK_RECORDS } from '../runs/check-record.ts';
import { MATRIX_RECORDS } from '../runs/matrix-record.ts';
import { PERF_RECORDS } from '../runs/perf-record.ts';
import { RUN_RECORDS } from '../runs/record.ts';
import { idName, nameInId, type RecordStore } from '../runs/record-store.ts';
import { whoDecides } from '../system/who-decides.ts';
import { changeWaiver, readWaivers, restoreWaiver, withWaivers } from '../tools/checkpatch/waivers.ts';
import { besidePatch } from './data/beside.ts';
import { readConsoles } from './data/consoles.ts';
import { Desk } from './data/desk.ts';
import { DiffSource } from './data/diff-source.ts';
import { followCheck, type StartCheck } from './data/follow-check.ts';
import { followRun, type StartRun } from './data/follow-run.ts';
import { listSeriesRows, type Records, seriesFacts } from './data/load-series.ts';
import { reviewOf } from './data/review-of.ts';
import { DiskWatch } from './data/watch.ts';
import { giveBack } from './memory.ts';
import type { DiffWanted, ListedRun, Loaded, SeriesRow, Undoable } from './model.ts';
import type { DiffRows } from './rows/diff-rows.ts';
import type { Effect, Message } from './step.ts';

export interface Outside {
  patchesDir: string;
  cwd: string;
  signal: AbortSignal;
  /** Whose name a waiver has. @throws RespinError NO_IDENTITY (usage) */
  signer(): Promise<string>;
  /** Writes a draft of an answer to a comment; gives where it lies. */
  draftReply(folder: string, id: string): Promise<string>;
  /** Gives the terminal to the user's editor. */
  edit(file: string, line: number): Promise<void>;
  copy(text: string): void;
  /** Gives the terminal back to the shell until respin is continued. */
  suspend(): Promise<void>;
  /** Prepares a run of the series, as `respin run SERIES` would, or with --case. */
  startRun: StartRun;
  /** The newest coverage record of a version; null where nobody measured it. */
  coverage(folder: string, version: ReviewVersion | undefined): Promise<CoverageRecord | null>;
  /** Prepares a check of the series, as `respin check SERIES` would; the report is kept at its end. */
  startCheck: StartCheck;
  quit(): void;
}

type Send = (message: Message) => void;

/** Rows of a diff from which on what its reading has left is worth collecting. */
const LARGE_DIFF = 20_000;

export class Performer implements AsyncDisposable {
  readonly #outside: Outside;
  readonly #diffs = new DiffSource();
  readonly #runs = new Desk('a run');
  readonly #checkers = new Desk('a check');
  #watch: DiskWatch | null = null;
  #rows: readonly SeriesRow[] = [];
  #records: Promise<Records> | null = null;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  readonly perform = (effect: Effect, send: Send): void => {
    void this.#do(effect, send).catch((error: unknown) => {
      send({ type: 'said', tone: 'error', text: wordsOf(error) });
    });
  };

  /** A run that goes on is ended, and waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch?.close();
    await Promise.all([this.#runs.end(), this.#checkers.end()]);
  }

  async #do(effect: Effect, send: Send): Promise<void> {
    const { patchesDir, signal, cwd } = this.#outside;
    switch (effect.do) {
      case 'load-series': {
        const series = await loaded(listSeriesRows(patchesDir));
        if (series.is === 'there') this.#rows = series.value;
        const watch = this.#watching(send);
        watch.series(this.#rows.map(({ name }) => name));
        watch.records([RUN_RECORDS.dir, CHECK_RECORDS.dir, PERF_RECORDS.dir, MATRIX_RECORDS.dir], () => {
          this.#records = null;
          send({ type: 'records-changed' });
        });
        send({ type: 'series', series });
        return;
      }
      case 'load-facts': {
        const row = this.#rows.find(({ name }) => name === effect.name);
        if (row === undefined) return;
        const facts = await seriesFacts(row, await this.#recordsOnce());
        send({ type: 'facts', name: effect.name, facts });
        return;
      }
      case 'load-review': {
        const review = await loaded(reviewOf(effect.folder, signal));
        send({ type: 'review', name: effect.name, review });
        return;
      }
      case 'load-diff': {
        const rows = await loaded(this.#diff(effect.folder, effect.wanted));
        if (rows.is === 'there' && rows.value.rows.length > LARGE_DIFF) giveBack();
        send({ type: 'diff', wanted: effect.wanted, rows });
        return;
      }
      case 'decide': {
        const { folder, series, ids, state, why } = effect;
        const review = await readReview(folder);
        const comments = review.comments.filter(({ id }) => ids.includes(id));
        if (comments.length < ids.length) throw gone('COMMENT_UNKNOWN', `comment ${ids.join(', ')}`);
        const by = await whoDecides(cwd, signal);
        const decided = await decide(folder, review, { comments, state, why, by, now: new Date() }, signal);
        const what = `${ids.join(', ')} ${state === 'open' ? 'opened again' : state}`;
        send({ type: 'changed', undo: { folder, series, changed: { comments: decided }, what } });
        send({ type: 'review', name: series, review: await loaded(readReview(folder)) });
        return;
      }
      case 'undo': {
        await this.#undo(effect.what, send);
        return;
      }
      case 'reply': {
        const file = await this.#outside.draftReply(effect.folder, effect.id);
        send({ type: 'said', tone: 'info', text: `${file}: to edit, then mutt -H or git send-email` });
        return;
      }
      case 'edit':
        await this.#outside.edit(effect.file, effect.line);
        return;
      case 'copy':
        this.#outside.copy(printable(effect.text));
        send({ type: 'said', tone: 'info', text: `copied: ${effect.text}` });
        return;
      case 'load-matrix': {
        const matrix = await loaded(this.#diffs.matrix(effect.folder));
        send({ type: 'matrix', series: effect.series, matrix });
        return;
      }
      case 'load-runs': {
        this.#records = null;
        const records = await loaded(RUN_RECORDS.list());
        if (records.is !== 'there') return send({ type: 'runs', series: effect.series, records });
        const value = records.value.filter((one) => isOf(one, effect.series));
        send({ type: 'runs', series: effect.series, records: { is: 'there', value } });
        return;
      }
      case 'load-matrices': {
        const { series } = effect;
        const all = await loaded(recordsOf(MATRIX_RECORDS));
        if (all.is !== 'there') return send({ type: 'matrices', series, records: all });
        const value = all.value.filter((one) => one.series.name === series);
        return send({ type: 'matrices', series, records: { is: 'there', value } });
      }
      case 'load-consoles': {
        const { series, id, dir } = effect;
        send({ type: 'consoles', series, id, consoles: await readConsoles(dir) });
        return;
      }
      case 'start-run':
        await this.#runs.run(
          async (stop) => await followRun(effect, this.#outside.startRun, { send, signal: stop }),
        );
        return;
      case 'cancel-run':
        this.#runs.cancel();
        return;
      case 'load-checks':
        send({
          type: 'checks',
          series: effect.series,
          ...(await this.#checks(effect.series, effect.folder)),
        });
        return;
      case 'start-check': {
        const { series, builds } = effect;
        await this.#checkers.run(
          async (stop) => await followCheck(series, this.#outside.startCheck(series, builds, stop), send),
        );
        const row = this.#rows.find(({ name }) => name === series);
        if (row === undefined) return;
        this.#records = null;
        send({ type: 'checks', series, ...(await this.#checks(series, row.folder)) });
        send({ type: 'facts', name: series, facts: await seriesFacts(row, await this.#recordsOnce()) });
        return;
      }
      case 'cancel-check':
        this.#checkers.cancel();
        return;
      case 'waive':
        await this.#waive(effect, send);
        return;
      case 'reload':
        this.#records = null;
        for (const { folder } of this.#rows) this.#diffs.forget(folder);
        return;
      case 'suspend':
        await this.#outside.suspend();
        return;
      case 'quit':
        this.#outside.quit();
        return;
    }
  }

  async #undo(what: Undoable, send: Send): Promise<void> {
    const { folder, series, changed } = what;
    if ('comments' in changed) {
      await undecide(folder, changed.comments, this.#outside.signal);
      send({ type: 'undone', what });
      send({ type: 'review', name: series, review: await loaded(readReview(folder)) });
      return;
    }
    await restoreWaiver(folder, changed);
    send({ type: 'undone', what });
    send({ type: 'checks', series, ...(await this.#checks(series, folder)) });
  }

  async #waive(effect: Extract<Effect, { do: 'waive' }>, send: Send): Promise<void> {
    const { folder, series, id, reason } = effect;
    const { report } = await this.#checks(series, folder);
    const finding = report.is === 'there' ? report.value?.findings.find((one) => one.id === id) : undefined;
    if (report.is !== 'there' || report.value === null || finding === undefined)
      throw gone('FINDING_UNKNOWN', `finding ${id}`);
    const date = new Date().toISOString().slice(0, 10);
    const about = waiverAbout(finding, report.value);
    const after =
      reason === null ? null : { rule: finding.rule, reason, by: await this.#outside.signer(), date, about };
    const changed = await changeWaiver(folder, id, after);
    const what = `${id} ${reason === null ? 'is not waived any more' : 'waived'}`;
    send({ type: 'changed', undo: { folder, series, changed, what } });
    send({ type: 'checks', series, ...(await this.#checks(series, folder)) });
  }

  async #diff(folder: string, wanted: DiffWanted): Promise<DiffRows> {
    const { series, version } = wanted;
    const { report } = await this.#checks(series, folder);
    const shown = (await reviewOf(folder)).versions.find((one) => one.version === version);
    // What cannot be read of it is no reason not to show the diff.
    const coverage = await this.#outside.coverage(folder, shown).catch(() => null);
    const beside = besidePatch(wanted, report.is === 'there' ? report.value : null, coverage);
    return await this.#diffs.rows(folder, wanted, beside);
  }

  /** The last of each, as things are now. */
  async #checks(
    series: string,
    folder: string,
  ): Promise<Pick<Extract<Message, { type: 'checks' }>, 'report' | 'perf' | 'rules'>> {
    const last = <T extends { series: { name: string } | null }>(records: readonly T[]): T | null =>
      records.find((one) => one.series?.name === series) ?? null;
    const report = async (): Promise<CheckRecord | null> => {
      const found = last(await recordsOf(CHECK_RECORDS));
      return found === null ? null : withWaivers(found, await readWaivers(folder));
    };
    const perf = async (): Promise<PerfRecord | null> => last(await recordsOf(PERF_RECORDS));
    const { RULES } = await import('../tools/checkpatch/catalogue.ts');
    return { report: await loaded(report()), perf: await loaded(perf()), rules: RULES };
  }

  #watching(send: Send): DiskWatch {
    if (this.#watch !== null) return this.#watch;
    this.#watch = new DiskWatch(this.#outside.patchesDir, (name) => {
      const row = this.#rows.find((one) => one.name === name);
      if (row !== undefined) this.#diffs.forget(row.folder);
      send({ type: 'disk-changed', name });
    });
    return this.#watch;
  }

  async #recordsOnce(): Promise<Records> {
    this.#records ??= readRecords();
    return await this.#records;
  }
}

/** One that has no result yet is told by its id, which has the series' name in it. */
function isOf({ id, record }: ListedRun, series: string): boolean {
  return record === null ? nameInId(id) === idName(series) : record.series?.name === series;
}

/** It was there when it was chosen. */
function gone(code: string, what: string): RespinError {
  return new RespinError({
    code,
    blame: 'usage',
    message: `there is no ${what} any more`,
    hint: 'R reads everything again',
  });
}

async function readRecords(): Promise<Records> {
  const [runs, perf, checks] = await Promise.all([
    recordsOf(RUN_RECORDS),
    recordsOf(PERF_RECORDS),
    recordsOf(CHECK_RECORDS),
  ]);
  return { runs, perf, checks };
}

async function recordsOf<T extends { id: string; started: string }>(store: RecordStore<T>): Promise<T[]> {
  return (await store.list()).flatMap(({ record }) => record ?? []);
}

async function loaded<T>(reading: Promise<T>): Promise<Loaded<T>> {
  try {
    return { is: 'there', value: await reading };
  } catch (error) {
    if (!(error instanceof RespinError)) throw error;
    return { is: 'failed', what: error.message, hint: error.hint ?? null };
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof RespinError))
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
}
