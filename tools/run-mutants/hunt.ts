// SPDX-License-Identifier: MIT
/**
 * Looks for the first thing that notices a fault. A run asks whether a series is at fault, and must not be wrong; here it
 * is known that there is one, and only asked who sees it:
 *
 *   a case fails ──────── again, alone ────────────────► killed
 *                    └─── passes alone ────────────────► noted as flaky; the hunt goes on
 *   a kernel reports what only a fault makes it report ► killed
 *   another report, a machine that dies, or gets stuck
 *                    └─── in a second boot ────────────► killed
 *                    └─── not again ───────────────────► noted as flaky; the hunt goes on
 */

import type { MutantHit } from '../../core/mutants.ts';
import type { CaseResult, SuiteResult } from '../../core/run.ts';
import type { TestBoot } from '../run-vsock-test/boot.ts';
import { troubleOf } from '../run-vsock-test/boot-trouble.ts';
import { WHOLE_PROGRAM } from '../run-vsock-test/combine.ts';
import type { Suite } from './suites.ts';

/** What a hunt needs of a boot. */
export type HuntedBoot = Pick<TestBoot, 'history' | 'trouble' | 'run' | 'powerOff'> & AsyncDisposable;

export interface HuntOptions {
  suites: readonly Suite[];
  /** `caseKey` of what the tree fails, or passed only when repeated, without any fault. */
  excused: ReadonlySet<string>;
  /** Boots the machines; `meanwhile` is to be run while the guest comes up. Tells of trouble in the boot, and does not throw it. */
  start(number: number, meanwhile: (boot: HuntedBoot) => Promise<void>): Promise<HuntedBoot>;
}

export type Hunt =
  | { outcome: 'killed'; hit: MutantHit; flaky: string[]; boots: number }
  | { outcome: 'survived'; flaky: string[]; boots: number }
  | { outcome: 'unknown'; why: string; flaky: string[]; boots: number };

/** again: not proven yet, in fresh machines. */
type Found = MutantHit | 'again' | null;

const MAX_BOOTS = 4;
/** A program may end at each case that fails; with more of them something else is wrong. */
const MAX_RESTS = 8;

/** How a case is known from one kernel to the next. */
export function caseKey(suite: { program: string; direction: string }, one: { name: string }): string {
  return `${suite.program} ${suite.direction} “${one.name}”`;
}

function nameOf({ program, direction }: Suite, one: CaseResult): string {
  return caseKey({ program: program.name, direction }, one);
}

/** @throws RespinError INTERRUPTED, and what `start` throws */
export async function hunt(options: HuntOptions): Promise<Hunt> {
  return await new Hunter(options).toTheEnd();
}

class Hunter {
  readonly #options: HuntOptions;
  #left: Suite[];
  #boots = 0;
  readonly #flaky = new Set<string>();
  /** Where earlier boots came to grief. */
  readonly #places = new Map<string, string>();
  #began: number | null = null;

  constructor(options: HuntOptions) {
    this.#options = options;
    this.#left = [...options.suites];
  }

  async toTheEnd(): Promise<Hunt> {
    while (this.#boots < MAX_BOOTS) {
      this.#boots += 1;
      const end = await this.#inOneBoot();
      if (end === 'again') continue;
      const flaky = [...this.#flaky];
      if (end === null) return { outcome: 'survived', flaky, boots: this.#boots };
      return { outcome: 'killed', hit: end, flaky, boots: this.#boots };
    }
    const why = `${MAX_BOOTS} boots came to grief, each in another way: ${[...this.#places.values()].join('; ')}`;
    return { outcome: 'unknown', why, flaky: [...this.#flaky], boots: this.#boots };
  }

  /** null: everything ran and nothing was seen. */
  async #inOneBoot(): Promise<Found> {
    let found: Found = null;
    const boot = await this.#options.start(this.#boots, async (early) => {
      found = await this.#runAll(early, ({ direction }) => direction === 'loopback');
    });
    try {
      found ??= await this.#runAll(boot, () => true);
      if (found !== null) return found;
      if (boot.history.outcome === 'up') await boot.powerOff();
    } finally {
      await boot[Symbol.asyncDispose]();
    }
    // The consoles are whole now.
    return this.#trouble(boot, null);
  }

  async #runAll(boot: HuntedBoot, wanted: (suite: Suite) => boolean): Promise<Found> {
    this.#began ??= performance.now();
    for (const suite of this.#left.filter(wanted)) {
      if (boot.history.outcome !== 'up') return null;
      const found = await this.#runSuite(boot, suite);
      if (found !== null) return found;
      this.#left = this.#left.filter((one) => one !== suite);
    }
    return null;
  }

  /** A suite that is not over when the boot is comes first in the next. */
  async #runSuite(boot: HuntedBoot, suite: Suite): Promise<Found> {
    const { program, direction } = suite;
    const accuses = (one: CaseResult): boolean => this.#accuses(suite, one);
    let ran = await boot.run(program, direction, undefined, accuses);
    for (let rest = 1; ; rest++) {
      const found = (await this.#failed(boot, suite, ran)) ?? this.#trouble(boot, suite);
      if (found !== null) return found;
      const missing = ran.cases.filter(({ id, status }) => id !== WHOLE_PROGRAM && status === 'not-run');
      if (missing.length === 0 || rest > MAX_RESTS || !program.selectable) return null;
      const selection = { only: missing.map(({ id }) => id), suffix: `-rest-${rest}` };
      ran = await boot.run(program, direction, selection, accuses);
    }
  }

  /** The first case that fails, and fails again when it is alone. */
  async #failed(boot: HuntedBoot, suite: Suite, ran: SuiteResult): Promise<MutantHit | null> {
    for (const one of ran.cases) {
      if (!this.#accuses(suite, one)) continue;
      // A machine that is gone tells more than the case it was in.
      if (boot.history.outcome !== 'up') return null;
      const again = await this.#again(boot, suite, one);
      if (again?.status === 'fail') return this.#hit(suite, one.name, again.reason ?? 'failed');
      if (boot.history.outcome !== 'up') return null;
      this.#flaky.add(nameOf(suite, one));
    }
    return null;
  }

  /** A failure that may be the mutant's. */
  #accuses(suite: Suite, one: CaseResult): boolean {
    const key = nameOf(suite, one);
    return one.status === 'fail' && !this.#options.excused.has(key) && !this.#flaky.has(key);
  }

  /** The case alone; the whole program where it does not take numbers, or where no case can be named. */
  async #again(boot: HuntedBoot, { program, direction }: Suite, one: CaseResult): Promise<CaseResult | null> {
    const alone = program.selectable && one.id !== WHOLE_PROGRAM;
    const suffix = `-again-${alone ? one.id : 'all'}`;
    const ran = alone
      ? await boot.run(program, direction, { only: [one.id], suffix })
      : await boot.run(program, direction);
    return (
      ran.cases.find(
        ({ id, name, status }) => id === one.id && (alone || name === one.name) && status === 'fail',
      ) ??
      ran.cases.find(({ status }) => !alone && status === 'fail') ??
      null
    );
  }

  /**
   * What is wrong with a boot that went on till now, or is over.
   * @param suite that ran last; null: the machines are off, or never came up
   */
  #trouble(boot: HuntedBoot, suite: Suite | null): Found {
    const trouble = troubleOf(boot.history, []);
    if (trouble === null) return null;
    const { testsDone } = boot.history;
    const where = suite === null ? (testsDone ? 'off' : 'boot') : `${suite.program.name} ${suite.direction}`;
    const places = [...trouble.places, where];
    // Dead in the same program once more, however it looked.
    if (trouble.certain || places.some((place) => this.#places.has(place)))
      return this.#hit(suite, null, trouble.what);
    for (const place of places) this.#places.set(place, trouble.what);
    this.#flaky.add(trouble.what);
    return 'again';
  }

  #hit(suite: Suite | null, name: string | null, how: string): MutantHit {
    const ms = this.#began === null ? 0 : Math.round(performance.now() - this.#began);
    return {
      ...{ program: suite?.program.name ?? null, direction: suite?.direction ?? null },
      ...{ case: name, how, ms },
    };
  }
}
