// SPDX-License-Identifier: MIT
/** A whole run: prepare, boot, test, and the record of it, also when it ends early. */
import { availableParallelism } from 'node:os';
import { emitting } from '../core/channel.ts';
import type { CheckReport } from '../core/check.ts';
import { exitCodeOf, interrupted, RespinError } from '../core/errors.ts';
import { safeJson } from '../core/escape.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import type { LogFolder, LogWriter } from '../core/logs.ts';
import {
  type Direction,
  type KernelInfo,
  type Machine,
  RUN_SCHEMA,
  type RunRecord,
  type Splat,
  type VerdictKind,
} from '../core/run.ts';
import { baseOf } from '../kernel-tree/apply.ts';
import { formatJunit } from '../reports/junit.ts';
import { formatTap } from '../reports/tap.ts';
import type { ModeChoice } from '../tools/boot-vm/mode.ts';
import { planFor } from '../tools/boot-vm/plan.ts';
import { resolveSplat } from '../tools/boot-vm/resolve.ts';
import { timeScale } from '../tools/boot-vm/time-outs.ts';
import { type Build, build, buildKey } from '../tools/build-vm/build.ts';
import { stageImages } from '../tools/build-vm/images.ts';
import { type ChosenCases, chosenText } from '../tools/run-vsock-test/chosen-cases.ts';
import { PROBES, TEST_PROGRAMS, type TestProgram } from '../tools/run-vsock-test/programs.ts';
import { runSession, type SessionEvidence, type SessionResult } from '../tools/run-vsock-test/session.ts';
import { verdictExit } from '../tools/run-vsock-test/verdict.ts';
import { type BaseBoot, proveBase, recallBase, rememberBase } from './base-proof.ts';
import { besideRun } from './check-beside.ts';
import { patientLogs } from './patient-logs.ts';
import { buildsOf, type Prepared, prepare, type Ready, type RunRequest, wantsProbes } from './prepare.ts';
import { RUN_RECORDS } from './record.ts';
import { errorEntry } from './record-error.ts';
import type { OpenRecord } from './record-store.ts';
import { requestKey } from './request-key.ts';
import { respinVersion } from './respin-version.ts';

export interface TestRequest extends RunRequest {
  directions: readonly Direction[];
  /** These cases alone, each as often; null: everything, once. `probes` has to say whether probes are among them. */
  part: { chosen: readonly ChosenCases[]; times: number } | null;
  /** A flaky pass exits with 1. */
  strict: boolean;
  /** For the record: the command line. */
  argv: readonly string[];
  /** The checks on the series, to run beside; null: none. They say nothing of the run's verdict. */
  check: Steps<CheckReport> | null;
}

export interface FinishedRun {
  record: RunRecord;
  folder: string;
  /** null without one, and when it was interrupted. */
  check: CheckReport | null;
}

/**
 * Runs it all and keeps the record. What the series or the machine is to blame for is in
 * the record (`error`, `verdict`, `exit`), not thrown.
 * @throws RespinError when there is nowhere to keep a record
 */
export async function* runSeries(request: TestRequest, signal: AbortSignal): Steps<FinishedRun> {
  return yield* emitting<RespinEvent, FinishedRun>(async (emit) => {
    const open = await RUN_RECORDS.open(request.series?.name ?? 'base');
    try {
      // First: the live line is that of what begins last.
      const checking = Promise.allSettled([besideRun(request.check, emit)]);
      const record = await new Run(request, open, emit, signal).toTheEnd();
      const [checked] = await checking;
      const check = checked.status === 'fulfilled' ? checked.value : null;
      if (check !== null) await open.addFile('check.json', `${safeJson(check, 2)}\n`);
      await open.addFile('junit.xml', formatJunit(record));
      await open.addFile('results.tap', formatTap(record));
      if (record.splats.length > 0) await open.addFile('splats.txt', formatSplats(record.splats));
      await open.finish(record);
      emit({ type: 'verdict', verdict: record.verdict, why: record.why, exit: record.exit });
      // A bug of the checks: the run has its record, and who asked for both is told.
      if (checked.status === 'rejected') throw checked.reason;
      return { record, folder: open.dir, check };
    } finally {
      await open.abandon();
    }
  });
}

/** A log of command lines more than a script: each is to be pasted by itself. */
const COMMANDS_HEAD = `# The command lines of this run as they were. The sockets in those of QEMU are gone; the lines
# "by hand" start the same machines on a terminal, where ctrl-a x ends one (ctrl-a a x the guest).
# The kernel's line builds what its source folder holds now.
`;

class Run {
  readonly #request: TestRequest;
  readonly #open: OpenRecord<RunRecord>;
  readonly #emit: (event: RespinEvent) => void;
  readonly #signal: AbortSignal;
  readonly #started = new Date();
  readonly #done: Prepared = {};
  readonly #timings: Record<string, number> = {};
  readonly #logs: LogFolder;
  readonly #commands: LogWriter;
  /** What an interrupt left of the tests. */
  #cutShort: SessionEvidence | null = null;

  constructor(
    request: TestRequest,
    open: OpenRecord<RunRecord>,
    emit: (event: RespinEvent) => void,
    signal: AbortSignal,
  ) {
    this.#request = request;
    this.#open = open;
    this.#signal = signal;
    this.#logs = patientLogs(open);
    this.#commands = this.#logs.log('commands.sh');
    this.#commands.write(COMMANDS_HEAD);
    this.#emit = (event) => {
      if (event.type === 'stage-end')
        this.#timings[event.stage] = Math.round((this.#timings[event.stage] ?? 0) + event.ms);
      // Each command line as it was, to be pasted.
      if (event.type === 'command') this.#commands.write(`# ${event.name}\n${event.line}\n`);
      if (event.type === 'build-output') this.#logs.log('build.log').write(`${event.line}\n`);
      emit(event);
    };
  }

  async toTheEnd(): Promise<RunRecord> {
    try {
      const ready = await this.#follow(prepare(this.#request, this.#done, this.#signal));
      const session = await this.#test(ready);
      return this.#record(session, { verdict: session.verdict, why: session.why });
    } catch (error) {
      // What an interrupt did to a program is no result of that program.
      return this.#record(this.#cutShort, null, this.#signal.aborted ? interrupted() : error);
    } finally {
      this.#commands.close();
    }
  }

  async #test(ready: Ready): Promise<SessionResult> {
    const { directions, part, profiles } = this.#request;
    const isWanted = isIn(part);
    // How often a part is run the user says.
    const probes = part === null ? probesFor(profiles) : PROBES;
    const programs = [
      ...TEST_PROGRAMS.filter(({ name }) => name in ready.programs.programs),
      ...(wantsProbes(this.#request, ready.choice.mode) ? probes : []),
    ].filter(isWanted);
    const session = await runSession({
      choice: ready.choice,
      qemu: ready.qemu,
      images: ready.images,
      programs,
      ...(part === null ? {} : { part }),
      lyingDevice: ready.lyingDevice,
      directions,
      stepSeconds: ready.stepTimeout,
      release: ready.tree.version,
      logs: this.#logs,
      baseBoots: async (choice) => await this.#baseBoots(ready, choice),
      onCutShort: (soFar) => {
        this.#cutShort = soFar;
      },
      emit: this.#emit,
      signal: this.#signal,
    });
    session.splats = await this.#resolve(ready, session.splats);
    session.suites.push(...missingSuites(ready, directions, isWanted));
    const { host, guest } = this.#request.variants;
    const base = ready.applied.variant === 'base' || (host === 'base' && guest === 'base');
    if (base && session.boots.some((boot) => boot.guestInitMs !== null)) {
      await rememberBase(baseBoot(ready.host.key, ready.guest.key, ready, session.choice));
    }
    return session;
  }

  /** The control experiment for kernels that do not come up: do the base's, here and now? */
  async #baseBoots(ready: Ready, choice: ModeChoice): Promise<boolean | null> {
    if (ready.applied.variant === 'base') return null;
    const { tree } = ready.applied;
    const of = await baseOf(tree);
    const { profiles, jobs, ccache } = this.#request;
    const { stepTimeout, qemu } = ready;
    const options = (machine: Machine) => ({ stepTimeout, profile: profiles[machine] });
    const keys = [await buildKey(of, options('host')), await buildKey(of, options('guest'))] as const;
    const boot = baseBoot(...keys, ready, choice);
    if (recallBase(boot)) return true;
    this.#emit({
      type: 'note',
      level: 'warning',
      text: 'building and booting the kernels of the base to see whether these come up',
    });
    const how = { jobs, ccache, signal: this.#signal };
    const host = await this.#follow(build(of, { ...options('host'), ...how }));
    const guest = keys[0] === keys[1] ? host : await this.#follow(build(of, { ...options('guest'), ...how }));
    const images = await this.#follow(
      stageImages({ host, guest, programs: host.programs, qemu }, this.#signal),
    );
    const boots = await proveBase({
      number: 99,
      plan: planFor(choice.mode),
      qemu: ready.qemu,
      images,
      logs: { log: (name) => this.#logs.log(`base-${name}`) },
      emit: () => {},
      signal: this.#signal,
    });
    if (boots) await rememberBase(boot);
    return boots;
  }

  async #resolve(ready: Ready, splats: readonly Splat[]): Promise<Splat[]> {
    const resolved: Splat[] = [];
    for (const splat of splats) {
      resolved.push(
        await resolveSplat(splat, splat.machine === 'host' ? ready.host : ready.guest, this.#signal),
      );
    }
    return resolved;
  }

  #record(
    session: SessionEvidence | null,
    outcome: Pick<SessionResult, 'verdict' | 'why'> | null,
    error: unknown = null,
  ): RunRecord {
    const { series, variants, strict, argv, tree, part } = this.#request;
    const done = this.#done;
    const verdict = outcome?.verdict ?? verdictOfError(error);
    const ended = new Date();
    const mode = session?.choice ?? done.choice;
    return {
      schema: RUN_SCHEMA,
      id: this.#open.id,
      started: this.#started.toISOString(),
      ended: ended.toISOString(),
      respin: respinVersion(),
      argv: [...argv],
      verdict,
      why: outcome?.why ?? (error instanceof Error ? error.message : String(error)),
      exit: outcome === null ? exitCodeOf(error) : verdictExit(outcome.verdict, { strict }),
      ...(part === null ? {} : { part: { cases: part.chosen.map(chosenText), times: part.times } }),
      series:
        series === null
          ? null
          : {
              name: series.name,
              title: series.title,
              version: series.version,
              source: series.source,
              patches: done.applied?.patches ?? [],
              ...(series.of === undefined ? {} : { of: series.of }),
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
              mode: mode.mode,
              reason: mode.reason,
              qemu: done.qemu.version,
              hostCpus: planFor(mode.mode).hostCpus,
              guestCpus: planFor(mode.mode).guestCpus,
              cpus: availableParallelism(),
              timeScale: timeScale(mode.mode, 'guest'),
              stepTimeout: done.stepTimeout ?? 0,
            },
      variants: series === null ? { host: 'base', guest: 'base' } : variants,
      kernels:
        done.host === undefined || done.guest === undefined
          ? null
          : { host: kernelInfo(done.host), guest: kernelInfo(done.guest) },
      builds: buildsOf(done),
      boots: session?.boots ?? [],
      suites: session?.suites ?? [],
      splats: session?.splats ?? [],
      timings: { ...this.#timings, total: ended.getTime() - this.#started.getTime() },
      request: requestKey(this.#request),
      error: error === null ? null : errorEntry(error),
    };
  }

  async #follow<T>(steps: Steps<T>): Promise<T> {
    return await follow(steps, this.#emit);
  }
}

/** How often each probe is run: a kernel that checks itself is worth the time: what is a matter of chance has more. */
export function probeRounds({ host, guest }: RunRequest['profiles']): number {
  return host === 'debug' || guest === 'debug' ? 4 : 1;
}

function probesFor(profiles: RunRequest['profiles']): readonly TestProgram[] {
  const times = probeRounds(profiles);
  return times === 1 ? PROBES : PROBES.map((probe) => ({ ...probe, times }));
}

/** Every report of a kernel as it was printed, its stack resolved to source lines. */
function formatSplats(splats: readonly Splat[]): string {
  return splats
    .map(
      ({ boot, machine, log, line, text }) =>
        `== boot ${boot}, ${machine}, ${log}:${line}\n${text.trimEnd()}\n`,
    )
    .join('\n');
}

/** A program that could not be built is in the record too, with the reason. */
function missingSuites(
  ready: Ready,
  directions: readonly Direction[],
  isWanted: (program: TestProgram) => boolean,
): SessionResult['suites'] {
  return ready.programs.missing.flatMap(({ program, why }) => {
    const known = TEST_PROGRAMS.find(({ name }) => name === program);
    if (known === undefined || !isWanted(known)) return [];
    const wanted = known.directions.filter((direction) => directions.includes(direction));
    return wanted.map((direction) => ({
      program,
      direction,
      cases: [],
      logs: { host: '', guest: '' },
      skipped: why,
    }));
  });
}

/** Whether a program is run at all. */
function isIn(part: TestRequest['part']): (program: TestProgram) => boolean {
  return ({ name }) => part === null || part.chosen.some(({ program }) => program === name);
}

function kernelInfo({ release, compiler, configHash, profile }: Build): KernelInfo {
  return { release, compiler, configHash, profile };
}

function baseBoot(host: string, guest: string, { qemu }: Ready, { mode }: ModeChoice): BaseBoot {
  return { host, guest, mode, qemu: qemu.version };
}

function verdictOfError(error: unknown): VerdictKind {
  return error instanceof RespinError && error.blame === 'series' ? 'fail' : 'unknown';
}
