// SPDX-License-Identifier: MIT
/** One boot of host and guest, as the history keeps it, and what is run in it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../core/duration.ts';
import type { BootResult, CaseResult, Direction, Machine, SuiteResult, VmMode } from '../../core/run.ts';
import { orInterrupted } from '../../system/interruptible.ts';
import { type BootOptions, Machines, type Trouble } from '../boot-vm/machines.ts';
import { stuckLimit } from '../boot-vm/time-outs.ts';
import { shellLine } from '../build-vm/qemu-command.ts';
import type { BootHistory, BootPurpose, CaseHistory } from './history.ts';
import { expectKnown, KNOWN_FAILURES } from './known-failures.ts';
import { parseCaseList } from './parse-output.ts';
import { KILLED_MS, type RunningMachines, runPass } from './pass.ts';
import { sideCommands, type TestProgram } from './programs.ts';

export interface TestBootOptions extends BootOptions {
  purpose: BootPurpose;
  mode: VmMode;
  why: string;
  /** Seconds compiled into the programs. */
  stepSeconds: number;
  /** Of the kernels, `6.12.117`: what they are known to fail is expected. */
  release: string;
  /** What needs the host alone, done while the guest comes up. */
  meanwhile?: (boot: TestBoot) => Promise<void>;
  /** Instead of what the step time-out gives; for tests. */
  stuckMs?: number;
  /** How machines are started; for tests. */
  machines?: (options: BootOptions) => Promise<BootedMachines>;
}

/** What a boot needs of `Machines`. */
export type BootedMachines = Omit<RunningMachines, 'trouble'> &
  Pick<
    Machines,
    | 'bringUpGuest'
    | 'bringUpHost'
    | 'consoleTail'
    | 'initMs'
    | 'lastState'
    | 'powerOff'
    | 'printed'
    | 'slowness'
    | 'splats'
    | 'trouble'
  > &
  AsyncDisposable;

/** What can be looked at between programs. */
export type SeenMachines = Pick<BootedMachines, 'host' | 'guest' | 'slowness' | 'trouble'>;

const SIGKILL = 9;

/** Which cases of a program to run. */
export interface Selection {
  /** Exactly these, by number; null: all of them. */
  only: readonly number[] | null;
  /** Put behind the log names; empty: the first time in this boot. */
  suffix: string;
}

/** What `--list` printed. */
export interface CaseList {
  cases: { id: number; name: string }[];
  /** whole: it has no other cases. cut: the program hung or died. lost: its machine did. */
  end: 'whole' | 'cut' | 'lost';
}

const WHOLE: Selection = { only: null, suffix: '' };

/** Asked of a case that failed, and not in the way its kernel is known to: whether the rest need not be run. */
export type IsEnough = (result: CaseResult) => boolean;

/** A boot that tests can be run in. */
export class TestBoot implements AsyncDisposable {
  readonly history: BootHistory;
  readonly #options: TestBootOptions;
  readonly #machines: BootedMachines;
  readonly #lists = new Map<string, CaseList>();
  #trouble: Trouble | null = null;
  #powerOffMs: number | null = null;

  private constructor(options: TestBootOptions, machines: BootedMachines) {
    this.#options = options;
    this.#machines = machines;
    this.history = {
      number: options.number,
      purpose: options.purpose,
      mode: options.mode,
      outcome: 'up',
      firstByte: false,
      hostInit: false,
      guestInit: false,
      testsDone: false,
      qemuFailed: false,
      machine: null,
      detail: null,
      splats: machines.splats,
      rests: 0,
    };
  }

  /** Starts both machines; `history.outcome` tells whether they are up. */
  static async start(options: TestBootOptions): Promise<TestBoot> {
    const began = performance.now();
    const { hostCpus, guestCpus } = options.plan;
    options.emit({
      type: 'stage',
      stage: 'boot',
      title: `host and guest, ${options.mode}, ${hostCpus}+${guestCpus} vcpus`,
    });
    const machines = await (options.machines ?? Machines.start)(options);
    const boot = new TestBoot(options, machines);
    try {
      await boot.#bringUp();
      const { host, guest } = machines.initMs;
      options.emit({
        type: 'stage-end',
        stage: 'boot',
        outcome: boot.trouble === null ? 'done' : 'failed',
        ms: performance.now() - began,
        detail:
          boot.trouble?.what ??
          `${options.mode}, host up after ${formatDuration(host ?? 0)}, guest after ${formatDuration(guest ?? 0)}`,
      });
    } catch (error) {
      await machines[Symbol.asyncDispose]();
      throw error;
    }
    return boot;
  }

  get machines(): SeenMachines {
    return this.#machines;
  }

  /** What happened to it, when something did. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /**
   * Runs a program in a direction; its cases' results go into the suite that is returned.
   * @throws RespinError INTERRUPTED
   */
  async run(
    program: TestProgram,
    direction: Direction,
    selection: Selection = WHOLE,
    isEnough?: IsEnough,
  ): Promise<SuiteResult> {
    const { emit, logs, signal } = this.#options;
    const { only, suffix } = selection;
    const isFirst = suffix === '';
    if (isFirst) emit({ type: 'suite', program: program.name, direction });
    const { cases: list } = await this.list(program);
    const wanted = (id: number): boolean => only === null || only.includes(id);
    const skips = list.filter(({ id }) => !wanted(id)).map(({ id }) => id);
    const names = logNames(this.#options.number, program.name, direction, suffix);
    const told = new Set<number>();
    const where = { program: program.name, direction, release: this.#options.release };
    const known = (result: CaseResult): CaseResult => expectKnown(result, where, KNOWN_FAILURES);
    if (isFirst) this.#tellCommands(program, direction, skips);
    const pass = await runPass({
      machines: this.#machines,
      program,
      direction,
      skips,
      stepSeconds: this.#options.stepSeconds,
      expected: list.filter(({ id }) => wanted(id)),
      logs,
      logNames: names,
      stuckMs: this.#stuckMs,
      killedMs: this.#options.stuckMs ?? KILLED_MS * this.#machines.slowness,
      onCase: (result) => {
        if (skips.includes(result.id)) return;
        told.add(result.id);
        emit({ type: 'case', program: program.name, direction, case: result });
      },
      ...(isEnough === undefined
        ? {}
        : {
            isEnough: (result: CaseResult) => {
              const seen = known(result);
              return seen.status === 'fail' && isEnough(seen);
            },
          }),
      onStuck: async () => await this.#whereItIsStuck(),
      signal,
    });
    const trouble = pass.trouble ?? (pass.unkillable === null ? null : this.#deaf(pass.unkillable));
    if (trouble !== null) this.#end(trouble);
    const cases = pass.cases.filter(({ id }) => !skips.includes(id)).map(known);
    for (const result of cases) {
      if (!told.has(result.id) && result.status !== 'not-run') {
        emit({ type: 'case', program: program.name, direction, case: result });
      }
    }
    return { program: program.name, direction, cases, logs: names, skipped: null };
  }

  /** How a person starts both sides in the two machines: the server first. */
  #tellCommands(program: TestProgram, direction: Direction, skips: readonly number[]): void {
    const { server, client } = sideCommands(program, direction, skips, this.#options.stepSeconds);
    for (const [role, side] of Object.entries({ server, client })) {
      const name = `${program.name} ${direction}, ${role}, in the ${side.machine}`;
      this.#options.emit({ type: 'command', name, line: shellLine(side.words) });
    }
  }

  /** Powers both machines off; a machine that does not is trouble like any other. */
  async powerOff(): Promise<void> {
    if (this.history.outcome !== 'up') return;
    this.history.testsDone = true;
    const ended = await this.#machines.powerOff();
    if (typeof ended === 'number') {
      this.#powerOffMs = ended;
      this.history.outcome = 'ok';
    } else {
      this.#end(ended);
    }
  }

  /** The entry for the record. Call it when the boot is over. */
  result(): BootResult {
    const { number, mode, why } = this.#options;
    const { outcome, detail } = this.history;
    return {
      number,
      mode,
      why,
      outcome: outcome === 'up' ? 'ok' : outcome,
      hostInitMs: this.#machines.initMs.host,
      guestInitMs: this.#machines.initMs.guest,
      powerOffMs: this.#powerOffMs,
      detail: this.#trouble === null ? detail : `${detail}\n${this.#trouble.detail}`.trim(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machines[Symbol.asyncDispose]();
  }

  /** Milliseconds without a word after which something is stuck. */
  get #stuckMs(): number {
    return this.#options.stuckMs ?? stuckLimit(this.#options.stepSeconds) * this.#machines.slowness;
  }

  async #bringUp(): Promise<void> {
    const host = await this.#machines.bringUpHost();
    this.history.firstByte = this.#machines.printed('host');
    this.history.hostInit = this.#machines.initMs.host !== null;
    if (host !== null) {
      this.#end(host);
      return;
    }
    const [guest] = await Promise.all([this.#machines.bringUpGuest(), this.#options.meanwhile?.(this)]);
    this.history.guestInit = this.#machines.initMs.guest !== null;
    if (guest !== null) this.#end(guest);
  }

  #end(trouble: Trouble): void {
    if (this.#trouble !== null) return;
    this.#trouble = trouble;
    this.history.outcome = trouble.kind;
    this.history.machine = trouble.machine;
    this.history.qemuFailed = trouble.qemuFailed;
    this.history.detail = trouble.what;
  }

  /** A machine that cannot even end a program: nothing more can be learnt in it. */
  #deaf(machine: Machine): Trouble {
    return {
      kind: 'timeout',
      machine,
      phase: 'test',
      what: `a program in the ${machine} got stuck and could not be killed`,
      detail: this.#machines.consoleTail(machine),
      qemuFailed: false,
    };
  }

  async #whereItIsStuck(): Promise<void> {
    await this.#machines.lastState('guest');
    await this.#machines.lastState('host');
  }

  /** The cases as the program lists them; fewer where it did not come to its end, or a machine died meanwhile. */
  async list(program: TestProgram): Promise<CaseList> {
    const known = this.#lists.get(program.name);
    if (known !== undefined || !program.selectable) return known ?? { cases: [], end: 'whole' };
    // The programs are the series' own: one may hang even here, and so may the host.
    const chunks: Buffer[] = [];
    const asked = this.#machines.host.start([`/programs/${program.name}`, '--list'], {
      mode: 'pipe',
      onOutput: (data) => chunks.push(data),
    });
    let end: CaseList['end'] = 'lost';
    const timer = new AbortController();
    const late = sleep(this.#stuckMs, 'late' as const, { signal: timer.signal }).catch(() => null);
    try {
      const how = await orInterrupted(
        Promise.race([asked.end, this.#machines.trouble, late]),
        this.#options.signal,
      );
      if (how === 'late') asked.kill(SIGKILL);
      if (how === 'late') end = 'cut';
      else if (how !== null && 'how' in how && how.how !== 'lost')
        end = how.how === 'status' ? 'whole' : 'cut';
    } finally {
      timer.abort();
    }
    const list = { cases: parseCaseList(Buffer.concat(chunks).toString()), end };
    this.#lists.set(program.name, list);
    return list;
  }
}

/** In loopback both sides run in the host, and their parts tell them apart. */
function logNames(
  boot: number,
  program: string,
  direction: Direction,
  suffix: string,
): { host: string; guest: string } {
  const name = `${boot === 1 ? '' : `boot-${boot}-`}${program}-${direction}`;
  const [host, guest] = direction === 'loopback' ? ['server', 'client'] : ['host', 'guest'];
  return { host: `${name}-${host}${suffix}.log`, guest: `${name}-${guest}${suffix}.log` };
}

/** A case is left out of a repeat by its number. */
export function selectionOf(cases: readonly CaseHistory[], suffix: string): Selection {
  return { only: cases.map(({ id }) => id), suffix };
}
