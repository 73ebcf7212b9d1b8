// SPDX-License-Identifier: MIT
/**
 * Boots machines and runs programs in them until there is a verdict. What to do next is
 * decided in verdict.ts; this file does it.
 */
import type { RespinEvent } from '../../core/events.ts';
import type { LogFolder } from '../../core/logs.ts';
import {
  type BootResult,
  DIRECTIONS,
  type Direction,
  type Splat,
  type SuiteResult,
  type VerdictKind,
} from '../../core/run.ts';
import type { BootImages, BootOptions } from '../boot-vm/machines.ts';
import { fallback, type ModeChoice, type Remembered, remember } from '../boot-vm/mode.ts';
import { confirmingPlan, planFor } from '../boot-vm/plan.ts';
import { type SeenMachines, type Selection, selectionOf, TestBoot, type TestBootOptions } from './boot.ts';
import { type ChosenCases, chosenIds } from './chosen-cases.ts';
import { WHOLE_PROGRAM } from './combine.ts';
import {
  addResults,
  type BootPurpose,
  type RunHistory,
  settledSuites,
  statusOf,
  withDeaths,
} from './history.ts';
import type { TestProgram } from './programs.ts';
import { type NextStep, nextStep } from './verdict.ts';

export interface SessionOptions {
  choice: ModeChoice;
  qemu: BootOptions['qemu'] & { version: string };
  images: BootImages;
  programs: readonly TestProgram[];
  /** These cases alone, of `programs`, each as often; all of them, once, without it. */
  part?: { chosen: readonly ChosenCases[]; times: number };
  /** The guest has a device that lies, for the probe of that. */
  lyingDevice?: boolean;
  directions: readonly Direction[];
  stepSeconds: number;
  /** Of the kernels, `6.12.117`. */
  release: string;
  logs: LogFolder;
  /** Whether host and guest come up with the base's kernels in a mode: the control experiment. null: cannot be tried. */
  baseBoots: (mode: ModeChoice) => Promise<boolean | null>;
  emit: (event: RespinEvent) => void;
  signal: AbortSignal;
  /** Given the suites and boots that were over when an interrupt ended the session. */
  onCutShort?: (soFar: SessionEvidence) => void;
  /**
   * Looks at the machines of a boot before its first program and behind each pass of one, whatever became of it: a
   * machine may have died. With it no program runs while the guest is coming up.
   */
  between?: (machines: SeenMachines, pass: Pass | null) => Promise<void>;
  /** Where machines come from, and how long one may say nothing; for tests. */
  machines?: TestBootOptions['machines'];
  stuckMs?: number;
}

/** A program that ran in a direction, with all of its cases or some. */
export interface Pass {
  program: string;
  direction: Direction;
}

export interface SessionResult extends SessionEvidence {
  verdict: VerdictKind;
  why: string;
}

/** What was seen, whatever it comes to. */
export interface SessionEvidence {
  /** The mode of the last boot: another than was chosen when KVM turned out silent. */
  choice: ModeChoice;
  boots: BootResult[];
  suites: SuiteResult[];
  splats: Splat[];
}

/** @throws RespinError INTERRUPTED; `onCutShort` then has what there is */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  const session = new Session(options);
  try {
    return await session.run();
  } catch (error) {
    options.onCutShort?.(session.soFar());
    throw error;
  }
}

type Reboot = Extract<NextStep, { do: 'reboot' }>;
type Done = Extract<NextStep, { do: 'done' }>;
type Run = Extract<NextStep, { do: 'repeat-case' | 'run-rest' }>;

class Session {
  readonly #options: SessionOptions;
  readonly #history: RunHistory;
  readonly #boots: BootResult[] = [];
  readonly #suites: SuiteResult[] = [];
  readonly #splats: Splat[] = [];
  /** Programs and directions that have run in the boot at hand. */
  readonly #ran = new Set<string>();
  #choice: ModeChoice;
  #number = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#choice = options.choice;
    const { directions } = options;
    this.#history = { boots: [], cases: [], directions, part: options.part !== undefined, cannotStart: null };
  }

  async run(): Promise<SessionResult> {
    let purpose: BootPurpose = 'first';
    let why = this.#choice.reason;
    for (;;) {
      const step = await this.#boot(purpose, why);
      if (step.do === 'done') {
        const found = this.soFar();
        const suites = step.verdict === 'fail' ? withDeaths(found.suites, this.#history.cases) : found.suites;
        return { verdict: step.verdict, why: step.why, ...found, suites };
      }
      this.#options.emit({ type: 'note', level: 'warning', text: step.why });
      purpose = step.mode;
      why = step.why;
    }
  }

  soFar(): SessionEvidence {
    return {
      choice: this.#choice,
      boots: this.#boots,
      suites: settledSuites(this.#inOrder(), this.#history.cases),
      splats: this.#splats,
    };
  }

  async #boot(purpose: BootPurpose, why: string): Promise<Reboot | Done> {
    const boot = await this.#start(purpose, why);
    try {
      this.#history.boots.push(boot.history);
      if (boot.history.outcome === 'up') await this.#test(boot);
    } finally {
      await boot[Symbol.asyncDispose]();
      this.#keep(boot);
    }
    const { trouble } = boot;
    if (trouble?.qemuFailed && !boot.history.firstByte) {
      // No kernel ran: what QEMU says of this machine is the result, whatever is tried again.
      this.#history.cannotStart = `${trouble.what}: ${trouble.detail.trim().split('\n').at(-1)}`;
    }
    let step = nextStep(this.#history);
    if (step.do === 'prove-base') {
      this.#options.emit({ type: 'note', level: 'warning', text: step.why });
      this.#history.baseBoots = await this.#options.baseBoots(this.#choice);
      step = nextStep(this.#history);
    }
    if (step.do === 'done' || step.do === 'reboot') return step;
    // The machines are off: what is left to run has to be run on others.
    return { do: 'reboot', mode: 'same', why: step.why };
  }

  /** All there is to run in machines that are up, and then their power-off. */
  async #test(boot: TestBoot): Promise<void> {
    const { emit, directions } = this.#options;
    const began = performance.now();
    emit({ type: 'stage', stage: 'test', title: directions.join(', ') });
    await this.#options.between?.(boot.machines, null);
    await this.#runAll(boot, directions);
    for (;;) {
      const step = nextStep(this.#history);
      if (step.do !== 'repeat-case' && step.do !== 'run-rest') break;
      await this.#runStep(boot, step);
    }
    await boot.powerOff();
    emit({
      type: 'stage-end',
      stage: 'test',
      outcome: boot.history.outcome === 'ok' ? 'done' : 'failed',
      ms: performance.now() - began,
      detail: boot.trouble?.what ?? this.#counts(),
    });
  }

  /** `84 cases: 83 pass, 1 skip` */
  #counts(): string {
    const counts = new Map<string, number>();
    for (const one of this.#history.cases) {
      const status = statusOf(one);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    const parts = [...counts].map(([status, count]) => `${count} ${status}`);
    return `${this.#history.cases.length} cases: ${parts.join(', ')}`;
  }

  /** Starts machines; where KVM runs nothing, the next mode gets the same kernels. */
  async #start(purpose: BootPurpose, why: string): Promise<TestBoot> {
    const boot = await this.#startOnce(this.#choice, purpose, why);
    const { trouble } = boot;
    // A QEMU that fails on /dev/kvm may well run without it.
    const refused = trouble?.qemuFailed === true && !boot.history.firstByte;
    const silent = trouble?.phase === 'first-byte' || refused ? (trouble?.machine ?? null) : null;
    const said = refused ? (trouble?.detail.trim().split('\n').at(-1) ?? null) : null;
    const next = silent === null ? null : fallback(this.#choice.mode, silent, said);
    if (silent === null || next === null) {
      if (silent === null) await this.#remember(boot);
      return boot;
    }
    await boot[Symbol.asyncDispose]();
    this.#keep(boot);
    // What its host reported is no matter of the mode.
    if (boot.history.splats.length > 0) this.#history.boots.push(boot.history);
    this.#options.emit({ type: 'note', level: 'warning', text: `${next.reason}: trying ${next.mode}` });
    const other = await this.#startOnce(next, purpose, next.reason);
    // Only a kernel that prints there shows that KVM was what kept it silent here.
    const printed = silent === 'host' ? other.history.firstByte : other.history.guestInit;
    if (!printed) return other;
    this.#choice = next;
    await remember(this.#options.qemu.version, { [silent]: 'silent' });
    return other;
  }

  async #startOnce(choice: ModeChoice, purpose: BootPurpose, why: string): Promise<TestBoot> {
    const { qemu, images, stepSeconds, release, logs, emit, signal, machines, stuckMs } = this.#options;
    const { lyingDevice = false } = this.#options;
    this.#number += 1;
    const laidOut = purpose === 'confirm' ? confirmingPlan(choice.mode) : planFor(choice.mode);
    const plan = { ...laidOut, lyingDevice };
    this.#ran.clear();
    return await TestBoot.start({
      number: this.#number,
      purpose,
      mode: choice.mode,
      why,
      plan,
      // Loopback needs no guest; where there is a vcpu for it, it runs while the guest boots.
      ...(plan.hostCpus > 1 && this.#options.between === undefined
        ? { meanwhile: async (boot) => await this.#runAll(boot, ['loopback']) }
        : {}),
      qemu,
      images,
      stepSeconds,
      release,
      logs,
      emit,
      signal,
      ...(machines === undefined ? {} : { machines }),
      ...(stuckMs === undefined ? {} : { stuckMs }),
    });
  }

  async #remember(boot: TestBoot): Promise<void> {
    const found: Remembered = {};
    if (boot.history.mode.startsWith('kvm') && boot.history.hostInit) found.host = 'works';
    // On nested KVM, or on the KVM of the emulated SVM.
    if (!boot.history.mode.endsWith('+tcg') && boot.history.guestInit) found.guest = 'works';
    if (Object.keys(found).length > 0) await remember(this.#options.qemu.version, found);
  }

  /** Every program in these directions, but for what has run in this boot. */
  async #runAll(boot: TestBoot, directions: readonly Direction[]): Promise<void> {
    const ids = await this.#chosen(boot);
    for (const program of this.#options.programs) {
      for (const direction of program.directions) {
        if (!directions.includes(direction) || !this.#options.directions.includes(direction)) continue;
        const key = `${program.name} ${direction}`;
        if (this.#ran.has(key)) continue;
        if (boot.history.outcome !== 'up') return;
        this.#ran.add(key);
        const only = ids.get(program.name) ?? null;
        for (let time = 1; time <= (this.#options.part?.times ?? 1); time++) {
          if (boot.history.outcome !== 'up') return;
          const suffix = time === 1 ? '' : `-time-${time}`;
          await this.#runOnce(boot, program, direction, { only, suffix });
        }
      }
    }
  }

  /** The numbers of the cases of each program that is not run whole. Before anything is run: a word may be wrong. */
  async #chosen(boot: TestBoot): Promise<Map<string, number[]>> {
    const found = new Map<string, number[]>();
    const { programs, part } = this.#options;
    if (part === undefined) return found;
    for (const program of programs) {
      const own = part.chosen.filter((one) => one.program === program.name);
      if (!program.selectable || own.every(({ which }) => which === null)) continue;
      const { cases, end } = await boot.list(program);
      // A machine that has died shows as such as soon as the program is started in it.
      const ids = end === 'lost' ? [] : chosenIds(program.name, end === 'whole' ? cases : [], part.chosen);
      found.set(program.name, ids);
    }
    return found;
  }

  async #runOnce(
    boot: TestBoot,
    program: TestProgram,
    direction: Direction,
    selection: Selection,
  ): Promise<void> {
    const suite = await boot.run(program, direction, selection);
    await this.#options.between?.(boot.machines, { program: program.name, direction });
    if (!this.#suites.some((one) => one.program === suite.program && one.direction === direction)) {
      this.#suites.push(suite);
    }
    this.#history.cases = addResults(this.#history.cases, boot.history.number, suite);
  }

  /** As a person reads them: by program, then by direction, whatever ran first. */
  #inOrder(): SuiteResult[] {
    const place = ({ program, direction }: SuiteResult): number =>
      this.#options.programs.findIndex(({ name }) => name === program) * DIRECTIONS.length +
      DIRECTIONS.indexOf(direction);
    return [...this.#suites].sort((a, b) => place(a) - place(b));
  }

  async #runStep(boot: TestBoot, step: Run): Promise<void> {
    const cases = step.do === 'repeat-case' ? [step.case] : step.cases;
    const first = cases[0];
    const program = this.#options.programs.find(({ name }) => name === first?.program);
    if (first === undefined || program === undefined) throw new Error(`nothing to run: ${step.why}`);
    this.#options.emit({ type: 'note', level: 'info', text: step.why });
    const whole = first.id === WHOLE_PROGRAM || !program.selectable;
    let suffix: string;
    if (step.do === 'repeat-case') {
      suffix = `-case-${whole ? 'all' : first.id}-attempt-${first.attempts.length + 1}`;
    } else {
      boot.history.rests += 1;
      suffix = `-rest-${boot.history.rests}`;
    }
    // A program that cannot be told which cases to run runs them all.
    const selection = whole
      ? { ...selectionOf(this.#casesOf(first.program, first.direction), suffix) }
      : selectionOf(cases, suffix);
    const suite = await boot.run(program, first.direction, selection);
    await this.#options.between?.(boot.machines, { program: program.name, direction: first.direction });
    const alone = step.do === 'repeat-case' ? first : null;
    this.#history.cases = addResults(this.#history.cases, boot.history.number, suite, alone);
  }

  #casesOf(program: string, direction: Direction): RunHistory['cases'] {
    return this.#history.cases.filter((one) => one.program === program && one.direction === direction);
  }

  #keep(boot: TestBoot): void {
    const result = boot.result();
    this.#boots.push(result);
    this.#splats.push(...boot.history.splats);
    this.#options.emit({ type: 'boot-end', boot: result });
  }
}
