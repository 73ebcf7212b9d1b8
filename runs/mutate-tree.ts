// SPDX-License-Identifier: MIT
/**
 * A tree with one small fault after the other, and which of the programs notices: how good the tests are. While one
 * kernel is tried the next is built.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { emitting } from '../core/channel.ts';
import { formatDuration } from '../core/duration.ts';
import { exitCodeOf, interrupted, RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import type { LogFolder } from '../core/logs.ts';
import { MUTANTS_SCHEMA, type MutantHit, type MutantResult, type MutantsRecord } from '../core/mutants.ts';
import { DIRECTIONS, type Machine } from '../core/run.ts';
import type { AppliedSeries } from '../core/tree.ts';
import { applySeries } from '../kernel-tree/apply.ts';
import { hitPhrase } from '../reports/mutants-table.ts';
import type { ModeChoice } from '../tools/boot-vm/mode.ts';
import { planFor } from '../tools/boot-vm/plan.ts';
import { timeScale } from '../tools/boot-vm/time-outs.ts';
import { type Build, build } from '../tools/build-vm/build.ts';
import { dropImages, stageImages } from '../tools/build-vm/images.ts';
import { caseKey, type Hunt, hunt } from '../tools/run-mutants/hunt.ts';
import type { Mutant } from '../tools/run-mutants/read-mutants.ts';
import { suitesFor } from '../tools/run-mutants/suites.ts';
import { TestBoot } from '../tools/run-vsock-test/boot.ts';
import { PROBES, TEST_PROGRAMS, type TestProgram } from '../tools/run-vsock-test/programs.ts';
import { provideProbes } from '../tools/run-vsock-test/provide-probes.ts';
import { runSession } from '../tools/run-vsock-test/session.ts';
import { MUTANT_RECORDS } from './mutants-record.ts';
import { patientLogs } from './patient-logs.ts';
import { type Prepared, prepareBuild, type RunRequest } from './prepare.ts';
import { errorEntry } from './record-error.ts';
import type { OpenRecord } from './record-store.ts';
import { respinVersion } from './respin-version.ts';

export interface MutantsRequest extends Omit<RunRequest, 'series' | 'variants'> {
  mutants: readonly Mutant[];
  /** What an earlier record says: a mutant whose key is in it is not tried again. */
  known: readonly MutantResult[];
  /** For the record: the command line. */
  argv: readonly string[];
}

export interface FinishedMutants {
  record: MutantsRecord;
  folder: string;
}

/**
 * Tries all of them and keeps the record. What the machine is to blame for is in the record (`error`, `exit`), not thrown.
 * @throws RespinError when there is nowhere to keep a record
 */
export async function* mutateTree(request: MutantsRequest, signal: AbortSignal): Steps<FinishedMutants> {
  return yield* emitting<RespinEvent, FinishedMutants>(async (emit) => {
    const open = await MUTANT_RECORDS.open('mutants');
    try {
      const record = await new Mutation(request, open, emit, signal).toTheEnd();
      await open.finish(record);
      return { record, folder: open.dir };
    } finally {
      await open.abandon();
    }
  });
}

/** What a machine boots. */
type Kernels = Record<Machine, Build>;

/** The kernels with the fault in them, or why there are none. */
type Made = { kernels: Kernels; ms: number } | { why: string; ms: number };

/** What all mutants are tried with. */
interface Tools {
  base: Kernels;
  /** Name → binary. */
  programs: Record<string, string>;
  /** Cases that say nothing of a mutant. */
  excused: ReadonlySet<string>;
}

class Mutation {
  readonly #request: MutantsRequest;
  readonly #open: OpenRecord<MutantsRecord>;
  readonly #emit: (event: RespinEvent) => void;
  readonly #signal: AbortSignal;
  readonly #started = new Date();
  readonly #done: Prepared = {};
  readonly #timings: Record<string, number> = {};
  readonly #logs: LogFolder;
  readonly #results: MutantResult[] = [];
  #programs: TestProgram[] = [];
  #choice: ModeChoice | null = null;
  #base: MutantsRecord['base'] = null;
  /** The guest has a device that lies. */
  #lyingDevice = false;

  constructor(
    request: MutantsRequest,
    open: OpenRecord<MutantsRecord>,
    emit: (event: RespinEvent) => void,
    signal: AbortSignal,
  ) {
    this.#request = request;
    this.#open = open;
    this.#signal = signal;
    this.#logs = patientLogs(open, 'logs/');
    this.#emit = (event) => {
      if (event.type === 'stage-end')
        this.#timings[event.stage] = Math.round((this.#timings[event.stage] ?? 0) + event.ms);
      emit(event);
    };
  }

  async toTheEnd(): Promise<MutantsRecord> {
    try {
      await this.#all();
      return this.#record(null);
    } catch (error) {
      return this.#record(this.#signal.aborted ? interrupted() : error);
    }
  }

  async #all(): Promise<void> {
    const variants = { host: 'base', guest: 'base' } as const;
    const request: RunRequest = { ...this.#request, series: null, variants };
    await this.#follow(prepareBuild(request, this.#done, this.#signal));
    const { host, guest, qemu } = this.#done;
    if (host === undefined || guest === undefined || qemu === undefined) throw new Error('nothing was built');
    const base = { host, guest };
    this.#programs = [
      ...TEST_PROGRAMS.filter(({ name }) => name in guest.programs),
      ...(this.#request.probes ? PROBES : []),
    ];
    const probes = this.#request.probes ? await provideProbes(qemu, this.#signal) : null;
    this.#lyingDevice = probes?.lyingDevice ?? false;
    const programs = { ...guest.programs, ...probes?.binaries };
    // Before the first mutant, so that the kernel is being made meanwhile.
    let next = this.#make(0);
    const excused = await this.#runBase(base, programs);
    for (const [at, mutant] of this.#request.mutants.entries()) {
      const made = await this.#made(mutant, next);
      next = this.#make(at + 1);
      const result = await this.#try(mutant, made, { base, programs, excused });
      this.#results.push(result);
    }
  }

  /** In the background; its own events would be taken for those of the mutant that is tried. */
  #make(at: number): Promise<Made> {
    const mutant = this.#request.mutants[at];
    const made =
      mutant === undefined ? Promise.resolve({ why: 'there is none', ms: 0 }) : this.#makeOne(mutant);
    // It may end long before it is waited for.
    made.catch(() => {});
    return made;
  }

  async #makeOne(mutant: Mutant): Promise<Made> {
    const began = performance.now();
    const { tree, stepTimeout = 0 } = this.#done;
    if (tree === undefined) throw new Error('nothing was prepared');
    const took = (): number => Math.round(performance.now() - began);
    try {
      const applied: AppliedSeries = await follow(
        applySeries(tree, mutant.series, { signal: this.#signal }),
        () => {},
      );
      const { profiles, jobs, ccache } = this.#request;
      const { host, guest } = this.#done;
      if (host === undefined || guest === undefined) throw new Error('nothing was built');
      const kernels: Kernels = { host, guest };
      for (const machine of mutant.machines) {
        const options = { profile: profiles[machine], stepTimeout, jobs, ccache, signal: this.#signal };
        // The second of the same profile is there already.
        kernels[machine] = await follow(build(applied, options), () => {});
      }
      return { kernels, ms: took() };
    } catch (error) {
      // A mutant that is none costs no other.
      if (error instanceof RespinError && error.blame === 'series') return { why: error.message, ms: took() };
      throw error;
    }
  }

  async #made(mutant: Mutant, next: Promise<Made>): Promise<Made> {
    const began = performance.now();
    const ready = await Promise.race([next, Promise.resolve(null)]);
    if (ready !== null) return ready;
    this.#emit({ type: 'stage', stage: 'build', title: `the kernel of ${mutant.name}` });
    const made = await next.catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      this.#emit({
        type: 'stage-end',
        stage: 'build',
        outcome: 'failed',
        ms: performance.now() - began,
        detail,
      });
      throw error;
    });
    this.#emit({
      ...{ type: 'stage-end', stage: 'build', ms: performance.now() - began },
      ...('kernels' in made
        ? { outcome: 'done', detail: mutant.name }
        : { outcome: 'failed', detail: made.why }),
    });
    return made;
  }

  /**
   * The tree as it is, with all programs.
   * @returns the cases that say nothing of a mutant
   * @throws RespinError MUTANTS_BASE (machine)
   */
  async #runBase(base: Kernels, programs: Record<string, string>): Promise<ReadonlySet<string>> {
    const began = performance.now();
    const { qemu, choice, stepTimeout, tree } = this.#done;
    if (qemu === undefined || choice === undefined || stepTimeout === undefined || tree === undefined) {
      throw new Error('nothing was prepared');
    }
    const images = await this.#follow(stageImages({ ...base, programs, qemu }, this.#signal));
    const session = await runSession({
      ...{ choice, qemu, images, programs: this.#programs, directions: DIRECTIONS, stepSeconds: stepTimeout },
      lyingDevice: this.#lyingDevice,
      release: tree.version,
      logs: { log: (name) => this.#logs.log(`base/${name}`) },
      baseBoots: async () => null,
      emit: this.#emit,
      signal: this.#signal,
    });
    this.#choice = session.choice;
    if (session.verdict === 'fail' || session.verdict === 'unknown') {
      throw new RespinError({
        code: 'MUTANTS_BASE',
        blame: 'machine',
        message: `without any mutant: ${session.why}`,
        hint: 'what kills a mutant can only be told where the tree itself passes; respin run --base --probes shows it',
      });
    }
    const cases = session.suites.flatMap((suite) => suite.cases.map((one) => ({ suite, one })));
    const excused = cases
      .filter(({ one }) => one.status === 'flaky' || one.status === 'xfail')
      .map(({ suite, one }) => caseKey(suite, one));
    this.#base = {
      cases: cases.length,
      expected: cases.filter(({ one }) => one.status === 'xfail').length,
      excused,
      ms: Math.round(performance.now() - began),
    };
    return new Set(excused);
  }

  async #try(mutant: Mutant, made: Made, tools: Tools): Promise<MutantResult> {
    const { name, title, kind, imitates, files, machines } = mutant;
    const began = performance.now();
    const total = this.#request.mutants.length;
    this.#emit({ type: 'stage', stage: 'mutant', title: `${this.#results.length + 1}/${total} ${name}` });
    const known = 'kernels' in made ? this.#known(name, made.kernels, tools.programs) : undefined;
    const found: Hunt =
      'why' in made
        ? { outcome: 'unknown', why: made.why, flaky: [], boots: 0 }
        : known === undefined
          ? await this.#hunt(mutant, made.kernels, tools)
          : huntOf(known);
    const hit = found.outcome === 'killed' ? found.hit : null;
    const result: MutantResult = {
      ...{ name, title, kind, imitates, files, machines, hit, boots: found.boots, flaky: found.flaky },
      key: 'kernels' in made ? keyOf(made.kernels, tools.programs, hit) : '',
      outcome: found.outcome,
      why: found.outcome === 'unknown' ? found.why : null,
      buildMs: made.ms,
      testMs: known?.testMs ?? Math.round(performance.now() - began),
    };
    const how =
      result.hit !== null
        ? `killed by ${hitPhrase(result.hit)} after ${formatDuration(result.hit.ms)}`
        : result.outcome === 'survived'
          ? 'SURVIVED'
          : `unknown: ${result.why}`;
    this.#emit({
      ...{ type: 'stage-end', stage: 'mutant', ms: performance.now() - began },
      outcome: result.outcome === 'unknown' ? 'failed' : known === undefined ? 'done' : 'cached',
      detail: `${this.#results.length + 1}/${total} ${name}  ${how}`,
    });
    return result;
  }

  /** The same kernels with the same programs: of one that was killed, the same killer is enough. */
  #known(name: string, kernels: Kernels, programs: Record<string, string>): MutantResult | undefined {
    return this.#request.known.find(
      (one) =>
        one.name === name && one.outcome !== 'unknown' && one.key === keyOf(kernels, programs, one.hit),
    );
  }

  async #hunt({ name, files }: Mutant, kernels: Kernels, { programs, excused }: Tools): Promise<Hunt> {
    const { qemu, stepTimeout, tree } = this.#done;
    const choice = this.#choice;
    if (qemu === undefined || stepTimeout === undefined || tree === undefined || choice === null) {
      throw new Error('nothing was prepared');
    }
    const images = await this.#follow(stageImages({ ...kernels, programs, qemu }, this.#signal));
    const plan = { ...planFor(choice.mode), lyingDevice: this.#lyingDevice };
    try {
      return await hunt({
        suites: suitesFor(this.#programs, files),
        excused,
        start: async (number, meanwhile) =>
          await TestBoot.start({
            ...{ number, plan, mode: choice.mode, purpose: 'first', why: '', qemu, images },
            ...(plan.hostCpus > 1 ? { meanwhile } : {}),
            logs: { log: (log) => this.#logs.log(`${name}/boot-${number}-${log}`) },
            ...{ stepSeconds: stepTimeout, release: tree.version, signal: this.#signal },
            emit: (event) => {
              // The live line says what is being run; its boots are no stages of their own.
              if (event.type === 'suite' || event.type === 'case' || event.type === 'machine')
                this.#emit(event);
            },
          }),
      });
    } finally {
      await dropImages(images);
    }
  }

  #record(error: unknown): MutantsRecord {
    const { tree: source, argv, mutants } = this.#request;
    const { tree, host, qemu, stepTimeout } = this.#done;
    const mode = this.#choice;
    const ended = new Date();
    return {
      ...{ schema: MUTANTS_SCHEMA, id: this.#open.id, started: this.#started.toISOString() },
      ...{ ended: ended.toISOString(), respin: respinVersion(), argv: [...argv] },
      exit: error === null ? 0 : exitCodeOf(error),
      tree: {
        source: tree?.source ?? source,
        version: tree?.version ?? '',
        commit: tree?.commit ?? '',
        sha256: tree?.sha256 ?? null,
      },
      machine:
        mode === null || qemu === undefined
          ? null
          : {
              ...{ mode: mode.mode, reason: mode.reason, qemu: qemu.version },
              hostCpus: planFor(mode.mode).hostCpus,
              guestCpus: planFor(mode.mode).guestCpus,
              cpus: availableParallelism(),
              timeScale: timeScale(mode.mode, 'guest'),
              stepTimeout: stepTimeout ?? 0,
            },
      kernel:
        host === undefined
          ? null
          : {
              release: host.release,
              compiler: host.compiler,
              configHash: host.configHash,
              profile: host.profile,
            },
      programs: this.#programs.map(({ name, probe }) => ({ name, probe: probe === true })),
      base: this.#base,
      mutants: mutants.length,
      results: this.#results,
      timings: { ...this.#timings, total: ended.getTime() - this.#started.getTime() },
      error: error === null ? null : errorEntry(error),
    };
  }

  async #follow<T>(steps: Steps<T>): Promise<T> {
    return await follow(steps, this.#emit);
  }
}

/** The programs' paths hold a hash of what they are made from. */
function keyOf({ host, guest }: Kernels, programs: Record<string, string>, hit: MutantHit | null): string {
  const killer = hit?.program ?? null;
  const names = killer === null ? Object.keys(programs).sort() : [killer];
  const all = [host.key, guest.key, ...names.map((name) => programs[name] ?? '')];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}

/** As it was found before. */
function huntOf({ outcome, hit, flaky, boots }: MutantResult): Hunt {
  if (outcome === 'killed' && hit !== null) return { outcome, hit, flaky, boots };
  return { outcome: 'survived', flaky, boots };
}
