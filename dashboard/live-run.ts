// SPDX-License-Identifier: MIT
/** A run as it goes on: what its events have told so far. */
import type { RespinEvent, Stage } from '../core/events.ts';
import type { CaseResult, Machine, Splat, SuiteResult, VerdictKind } from '../core/run.ts';

import type { CaseAgain } from './model.ts';

export interface LiveStage {
  stage: Stage;
  title: string;
  state: 'running' | 'done' | 'cached' | 'failed';
  /** Milliseconds on the clock of `at`. */
  began: number;
  ms: number;
  /** What came of it; while it runs, what is being done. */
  detail: string;
}

export interface LiveRun {
  series: string;
  /** Of this case alone; null: of everything. */
  only: CaseAgain | null;
  /** Milliseconds on the clock of `at`: when it began, and the last time anybody looked. */
  began: number;
  now: number;
  stages: readonly LiveStage[];
  suites: readonly SuiteResult[];
  consoles: Readonly<Record<Machine, readonly string[]>>;
  splats: readonly Splat[];
  notes: readonly string[];
  verdict: { verdict: VerdictKind; why: string } | null;
  /** It is over: the id of its record, null without one; the error that ended it early, empty without. */
  ended: { id: string | null; trouble: string } | null;
  /** It is being ended. */
  cancelled: boolean;
}

/** More of a console than anybody reads while it goes on; the log has all of it. */
const MOST_LINES = 2_000;
/** Console lines are cut off the front not one by one. */
const SLACK = 500;

export function newRun(series: string, now: number, only: CaseAgain | null = null): LiveRun {
  return {
    ...{
      series,
      only,
      began: now,
      now,
      stages: [],
      suites: [],
      consoles: { host: [], guest: [] },
      splats: [],
    },
    ...{ notes: [], verdict: null, ended: null, cancelled: false },
  };
}

/** @param at milliseconds, of the clock that `newRun` was given */
export function afterEvents(run: LiveRun, events: readonly { event: RespinEvent; at: number }[]): LiveRun {
  const next = new Growing(run);
  for (const { event, at } of events) next.take(event, at);
  return next.run;
}

/** Copies a list the first time it is changed, so that a burst of events copies it once. */
class Growing {
  run: LiveRun;
  readonly #own = new Set<unknown>();

  constructor(run: LiveRun) {
    this.run = { ...run, consoles: { ...run.consoles } };
  }

  take(event: RespinEvent, at: number): void {
    const { run } = this;
    run.now = Math.max(run.now, at);
    switch (event.type) {
      case 'stage': {
        const { stage, title } = event;
        const began: LiveStage = { stage, title, state: 'running', began: at, ms: 0, detail: title };
        run.stages = this.#with(run.stages, began);
        return;
      }
      case 'stage-end': {
        const { stage, outcome, ms, detail } = event;
        this.#stage(stage, (one) => ({ ...one, state: outcome, ms, detail }));
        return;
      }
      case 'progress': {
        const { what, done, total, unit } = event;
        const of = total === null ? `${done}` : `${done}/${total}`;
        this.#stage(event.stage, (one) => ({ ...one, detail: `${what} ${of} ${unit}`.trimEnd() }));
        return;
      }
      case 'note':
        run.notes = this.#with(run.notes, event.text);
        return;
      case 'console':
        this.#console(event.machine, event.line);
        return;
      case 'suite': {
        const { program, direction } = event;
        this.#stage('test', (one) => ({ ...one, detail: `${program} ${direction}` }));
        this.#suite(program, direction, (suite) => suite);
        return;
      }
      case 'case':
        this.#suite(event.program, event.direction, (suite) => ({
          ...suite,
          cases: withCase(suite.cases, event.case),
        }));
        return;
      case 'splat':
        run.splats = this.#with(run.splats, event.splat);
        return;
      case 'verdict':
        run.verdict = { verdict: event.verdict, why: event.why };
        return;
      default:
        return;
    }
  }

  #with<T>(list: readonly T[], item: T): readonly T[] {
    if (this.#own.has(list)) {
      (list as T[]).push(item);
      return list;
    }
    const copy = [...list, item];
    this.#own.add(copy);
    return copy;
  }

  /** The one of that name that began last. */
  #stage(name: Stage, change: (stage: LiveStage) => LiveStage): void {
    const at = this.run.stages.findLastIndex(({ stage, state }) => stage === name && state === 'running');
    const stage = this.run.stages[at];
    if (stage !== undefined) this.run.stages = this.run.stages.with(at, change(stage));
  }

  #console(machine: Machine, line: string): void {
    const { consoles } = this.run;
    const lines = this.#with(consoles[machine], line);
    const kept = lines.length > MOST_LINES + SLACK ? lines.slice(-MOST_LINES) : lines;
    if (kept !== lines) this.#own.add(kept);
    this.run.consoles = { ...consoles, [machine]: kept };
  }

  #suite(
    program: string,
    direction: SuiteResult['direction'],
    change: (suite: SuiteResult) => SuiteResult,
  ): void {
    const { suites } = this.run;
    const at = suites.findIndex((one) => one.program === program && one.direction === direction);
    const suite = suites[at] ?? {
      program,
      direction,
      cases: [],
      logs: { host: '', guest: '' },
      skipped: null,
    };
    this.run.suites = at < 0 ? [...suites, change(suite)] : suites.with(at, change(suite));
  }
}

/** A case that is run again has the newer result. */
function withCase(cases: readonly CaseResult[], result: CaseResult): CaseResult[] {
  const at = cases.findIndex(({ id, name }) => id === result.id && name === result.name);
  if (at < 0) return [...cases, result];
  return cases.with(at, result);
}
