// SPDX-License-Identifier: MIT
/** A whole measurement: prepare the kernels, boot them in turn, and the record of it, also when it ends early. */
import { availableParallelism, cpus } from 'node:os';
import { emitting } from '../core/channel.ts';
import { exitCodeOf, interrupted } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import type { LogFolder } from '../core/logs.ts';
import {
  type Kernels,
  PERF_SCHEMA,
  type PerfBoot,
  type PerfClock,
  type PerfProgram,
  type PerfRecord,
  type PerfSample,
  type PerfTest,
} from '../core/perf.ts';
import type { KernelInfo } from '../core/run.ts';
import { inStage } from '../core/stage.ts';
import type { Variant } from '../core/tree.ts';
import { baseOf } from '../kernel-tree/apply.ts';
import { commitsNamed, historyOf } from '../kernel-tree/history.ts';
import { kernelsName } from '../reports/perf-words.ts';
import type { ModeChoice } from '../tools/boot-vm/mode.ts';
import { countingPlan, timingPlan } from '../tools/boot-vm/plan.ts';
import { type Build, build } from '../tools/build-vm/build.ts';
import { stageImages } from '../tools/build-vm/images.ts';
import type { Qemu } from '../tools/build-vm/qemu.ts';
import { type MachinePlan, NS_PER_INSTRUCTION } from '../tools/build-vm/qemu-command.ts';
import { changesOf } from '../tools/run-vsock-perf/changes.ts';
import { type PerfSet, perfSession } from '../tools/run-vsock-perf/perf-session.ts';
import { provideProgram, provideUperf } from '../tools/run-vsock-perf/provide-program.ts';
import { patientLogs } from './patient-logs.ts';
import { PERF_RECORDS } from './perf-record.ts';
import { type Prepared, prepareBuild, type RunRequest } from './prepare.ts';
import { proveMode } from './prove-mode.ts';
import { errorEntry } from './record-error.ts';
import type { OpenRecord } from './record-store.ts';
import { respinVersion } from './respin-version.ts';

export interface PerfRequest extends Omit<RunRequest, 'variants'> {
  /** The first is what the others are held against. */
  sets: readonly Kernels[];
  /** null: by the wall where both machines have hardware virtualization. */
  clock: PerfClock | null;
  /** The first that is there measures. */
  programs: readonly [PerfProgram, ...PerfProgram[]];
  /** Given the clock that is measured by, and what measures. */
  tests(clock: PerfClock, program: PerfProgram, emulated: boolean): PerfTest[];
  runs: number;
  /** For the record: the command line. */
  argv: readonly string[];
}

export interface FinishedPerf {
  record: PerfRecord;
  folder: string;
}

/** Milliseconds that a test may take on an idle machine; a usual one takes some ten seconds. */
const TEST_MS = 35_000;

/**
 * Measures and keeps the record. What the series or the machine is to blame for is in the record
 * (`error`, `exit`), not thrown.
 * @throws RespinError when there is nowhere to keep a record
 */
export async function* perfSeries(request: PerfRequest, signal: AbortSignal): Steps<FinishedPerf> {
  return yield* emitting<RespinEvent, FinishedPerf>(async (emit) => {
    const open = await PERF_RECORDS.open(request.series?.name ?? 'base');
    try {
      const record = await new Measurement(request, open, emit, signal).toTheEnd();
      await open.finish(record);
      return { record, folder: open.dir };
    } finally {
      await open.abandon();
    }
  });
}

class Measurement {
  readonly #request: PerfRequest;
  readonly #open: OpenRecord<PerfRecord>;
  readonly #emit: (event: RespinEvent) => void;
  readonly #signal: AbortSignal;
  readonly #started = new Date();
  readonly #done: Prepared = {};
  readonly #timings: Record<string, number> = {};
  readonly #logs: LogFolder;
  readonly #boots: PerfBoot[] = [];
  readonly #samples: PerfSample[] = [];
  readonly #kernels: Record<Variant, KernelInfo | null> = { base: null, patched: null };
  #tests: PerfTest[] = [];
  #machine: Omit<NonNullable<PerfRecord['machine']>, 'pinned'> | null = null;
  /** False as soon as a boot with samples had a vcpu that could move. */
  #pinned = true;
  #subject: string | null = null;
  #program: PerfRecord['program'];

  constructor(
    request: PerfRequest,
    open: OpenRecord<PerfRecord>,
    emit: (event: RespinEvent) => void,
    signal: AbortSignal,
  ) {
    this.#request = request;
    this.#program = { name: request.programs[0], version: null };
    this.#open = open;
    this.#signal = signal;
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

  async toTheEnd(): Promise<PerfRecord> {
    try {
      await this.#measure();
      return this.#record(null);
    } catch (error) {
      return this.#record(this.#signal.aborted ? interrupted() : error);
    }
  }

  async #measure(): Promise<void> {
    const { sets, runs, programs: wanted } = this.#request;
    // What only the user can install is asked for before anything is built.
    const own = wanted[0] === 'uperf' ? await provideUperf(this.#signal) : null;
    const variants = new Set(sets.flatMap(({ host, guest }) => [host, guest]));
    const builds = await this.#builds(variants);
    const { choice, qemu, applied, tree } = this.#done;
    if (choice === undefined || qemu === undefined || applied === undefined || tree === undefined) {
      throw new Error('nothing was prepared');
    }
    if ((await historyOf(tree)) !== 'none') {
      this.#subject =
        (await commitsNamed(tree, [tree.commit], this.#signal)).get(tree.commit)?.subject ?? null;
    }
    const newest = builds.patched ?? builds.base;
    if (newest === undefined) throw new Error('no kernel was built');
    const { program, programs, files } =
      own ?? (await provideProgram(wanted, newest, tree.version, this.#signal));
    const staged: PerfSet[] = [];
    for (const kernels of sets) {
      const [host, guest] = [builds[kernels.host], builds[kernels.guest]];
      if (host === undefined || guest === undefined) throw new Error('a kernel was not built');
      const parts = { host, guest, programs: { ...newest.programs, ...programs }, files, qemu };
      const images = await this.#follow(stageImages(parts, this.#signal));
      staged.push({ kernels, name: kernelsName(kernels), images });
    }
    const [reference] = staged;
    if (reference === undefined) throw new Error('nothing is to be measured');
    // By the instruction clock the host is emulated, whatever KVM there is.
    const isKnown = this.#request.clock === 'instructions' || choice.proven;
    const known = isKnown ? choice : await this.#proven(choice, reference, qemu);
    const clock = this.#request.clock ?? (known.mode === 'kvm+kvm' ? 'wall' : 'instructions');
    const plan = planOf(known, clock);
    const reason = clock === 'instructions' ? 'emulated, so that instructions can be counted' : known.reason;
    this.#program = { name: program.name, version: program.version };
    this.#tests = this.#request.tests(clock, program.name, plan.mode !== 'kvm+kvm');
    this.#machine = {
      ...{ mode: plan.mode, reason, qemu: qemu.version },
      ...{ hostCpus: plan.hostCpus, guestCpus: plan.guestCpus, clock },
      ...{ cpu: cpus()[0]?.model.trim() ?? 'unknown', cpus: availableParallelism() },
      nsPerInstruction: clock === 'instructions' ? NS_PER_INSTRUCTION : null,
    };
    const title = `${staged.map(({ name }) => name).join(' against ')}, ${runs} runs of ${this.#tests.length} tests, ${clock === 'wall' ? 'wall clock' : 'instruction clock'}`;
    const work = async (emit: (event: RespinEvent) => void): Promise<void> =>
      await perfSession({
        ...{ sets: staged, program, tests: this.#tests, runs, plan, qemu, testMs: TEST_MS },
        // Seconds are shared by what runs side by side; instructions are not.
        atOnce: clock === 'wall' ? 1 : Math.min(4, availableParallelism()),
        logs: this.#logs,
        emit,
        signal: this.#signal,
        onBoot: ({ boot, samples, pinned }) => {
          this.#boots.push(boot);
          if (samples.length > 0 && !pinned) this.#pinned = false;
          this.#samples.push(...samples);
        },
      });
    await this.#follow(
      inStage('measure', title, work, () => ({
        outcome: 'done',
        detail: `${this.#boots.length} boots, ${this.#samples.length} samples`,
      })),
    );
  }

  async #proven(choice: ModeChoice, { images }: PerfSet, qemu: Qemu): Promise<ModeChoice> {
    const work = async (emit: (event: RespinEvent) => void): Promise<ModeChoice> =>
      await proveMode(choice, { images, logs: this.#logs, signal: this.#signal, qemu, emit });
    const title = `host and guest, to see whether ${choice.mode} runs kernels here`;
    return await this.#follow(
      inStage('boot', title, work, ({ mode }) => ({ outcome: 'done', detail: mode })),
    );
  }

  async #builds(variants: ReadonlySet<Variant>): Promise<Partial<Record<Variant, Build>>> {
    const patched: Variant = this.#request.series === null ? 'base' : 'patched';
    const first = variants.has(patched) ? patched : 'base';
    const request: RunRequest = { ...this.#request, variants: { host: first, guest: first } };
    await this.#follow(prepareBuild(request, this.#done, this.#signal));
    const { applied, guest, stepTimeout } = this.#done;
    if (applied === undefined || guest === undefined || stepTimeout === undefined) {
      throw new Error('nothing was prepared');
    }
    const builds: Partial<Record<Variant, Build>> = { [first]: guest };
    for (const variant of variants) {
      if (builds[variant] !== undefined) continue;
      const of = variant === 'base' ? await baseOf(applied.tree) : applied;
      const { profiles, jobs, ccache } = this.#request;
      const options = { profile: profiles.guest, stepTimeout, jobs, ccache, signal: this.#signal };
      builds[variant] = await this.#follow(build(of, options));
    }
    for (const [variant, { release, compiler, configHash, profile }] of Object.entries(builds)) {
      this.#kernels[variant as Variant] = { release, compiler, configHash, profile };
    }
    return builds;
  }

  #record(error: unknown): PerfRecord {
    const { series, tree, argv, runs, sets } = this.#request;
    const done = this.#done;
    const ended = new Date();
    return {
      ...{ schema: PERF_SCHEMA, id: this.#open.id, started: this.#started.toISOString() },
      ...{ ended: ended.toISOString(), respin: respinVersion(), argv: [...argv] },
      exit: error === null ? 0 : exitCodeOf(error),
      series:
        series === null
          ? null
          : {
              ...{ name: series.name, title: series.title, version: series.version, source: series.source },
              patches: done.applied?.patches ?? [],
            },
      tree: {
        source: done.tree?.source ?? tree,
        version: done.tree?.version ?? '',
        commit: done.tree?.commit ?? '',
        sha256: done.tree?.sha256 ?? null,
        subject: this.#subject,
      },
      machine: this.#machine && { ...this.#machine, pinned: this.#pinned && this.#samples.length > 0 },
      program: this.#program,
      ...{ runs, kernels: this.#kernels, tests: this.#tests, boots: this.#boots, samples: this.#samples },
      // Of a measurement that was cut short nothing is said.
      changes:
        error === null && this.#machine !== null
          ? changesOf(this.#tests, this.#samples, sets, this.#machine.clock)
          : [],
      timings: { ...this.#timings, total: ended.getTime() - this.#started.getTime() },
      error: error === null ? null : errorEntry(error),
    };
  }

  async #follow<T>(steps: Steps<T>): Promise<T> {
    return await follow(steps, this.#emit);
  }
}

/** By the instruction clock the host is emulated, whatever KVM the machine has. */
function planOf(choice: ModeChoice, clock: PerfClock): MachinePlan {
  if (clock === 'wall') return timingPlan(choice.mode);
  return countingPlan(choice.mode === 'tcg+tcg' ? 'tcg+tcg' : 'tcg+svm');
}
