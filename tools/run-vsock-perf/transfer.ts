// SPDX-License-Identifier: MIT
/** One test in machines that are up: a sender, a receiver, and what came of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFolder, LogWriter } from '../../core/logs.ts';
import type { Kernels, PerfSample, PerfTest } from '../../core/perf.ts';
import { orInterrupted } from '../../system/interruptible.ts';
import type { Agent } from '../boot-vm/agent.ts';
import type { Trouble } from '../boot-vm/machines.ts';
import type { LoadProgram, LoadRound, Role } from './load-program.ts';
import { endsBadly, howItEnded, type RunningSide, startSide } from './running-side.ts';
import { sampleFigures } from './sample-figures.ts';
import { MEASURED_ROUNDS, WARM_UP_ROUNDS } from './tests.ts';

/** The part of the machines that a transfer needs. */
export interface TransferMachines {
  host: Pick<Agent, 'start'>;
  guest: Pick<Agent, 'start'>;
  trouble: Promise<Trouble>;
}

export interface TransferOptions {
  machines: TransferMachines;
  program: LoadProgram;
  test: PerfTest;
  kernels: Kernels;
  set: number;
  boot: number;
  logs: LogFolder;
  /** Milliseconds of the wall that it may take. */
  limitMs: number;
  /** Milliseconds of the machines' clock that its first round may take; null: only the wall's limit holds. */
  firstRoundMs: number | null;
  /** Of its first start; the next have the next ones. */
  port: number;
  signal: AbortSignal;
}

/**
 * Why there is no figure. wrong: what arrived is not what was sent, or not all of it; the others
 * can be the machine's doing.
 */
export interface NoFigure {
  kind: 'wrong' | 'died' | 'stuck' | 'ended';
  what: string;
  detail: string;
}

const [SIGKILL, SIGTERM] = [9, 15];
/** What a side says after its peer has gone matters: who was first is the cause. */
const PEER_MS = 2_000;
/** A receiver that does not tell when it listens does so within this many starts of the sender. */
const EARLY_STARTS = 50;
const EARLY_MS = 200;

/**
 * Never a figure of a transfer that was not whole.
 * @throws RespinError INTERRUPTED
 */
export async function transfer(options: TransferOptions): Promise<PerfSample | NoFigure> {
  const { program, test, kernels, set, boot } = options;
  const one = new Transfer(options);
  const rounds: LoadRound[] = [];
  try {
    for (let start = 0; start < program.starts; start++) {
      const came = await one.start(options.port + start);
      if ('kind' in came) return came;
      rounds.push(...came);
    }
  } finally {
    one.end();
  }
  if (rounds.length !== WARM_UP_ROUNDS + MEASURED_ROUNDS) {
    return noFigure('wrong', `${test.id}: ${rounds.length} rounds`);
  }
  return { ...{ test: test.id, kernels, set, boot }, ...sampleFigures(test, rounds) };
}

type Happened = NoFigure | 'late' | null;

class Transfer {
  readonly #options: TransferOptions;
  readonly #logs: Record<Role, LogWriter>;
  readonly #started: RunningSide[] = [];
  readonly #timer = new AbortController();
  readonly #late: Promise<'late'>;
  readonly #died: Promise<NoFigure>;

  constructor(options: TransferOptions) {
    this.#options = options;
    const { boot, test, logs, limitMs, machines } = options;
    const prefix = boot === 1 ? '' : `boot-${boot}-`;
    const log = (role: Role): LogWriter => logs.log(`${prefix}${test.id}-${role}.log`);
    this.#logs = { receiver: log('receiver'), sender: log('sender') };
    this.#late = this.#after(limitMs).then(() => 'late' as const);
    this.#died = machines.trouble.then(({ what, detail }) => noFigure('died', what, detail));
  }

  /** Both sides, from their start to their end. */
  async start(port: number): Promise<LoadRound[] | NoFigure> {
    const receiver = this.#side('receiver', port);
    const up = await this.#orElse(receiver.listens);
    if (up !== null) return this.#asNoFigure(up, 'the receiver does not listen');
    if (receiver.end !== null) {
      const died = receiver.end.how === 'lost' ? await this.#orElse(this.#after(PEER_MS)) : null;
      return died === null
        ? this.#result(receiver, null)
        : this.#asNoFigure(died, 'the receiver does not listen');
    }
    for (let early = 0; ; early++) {
      const sender = this.#side('sender', port);
      const how = await this.#orElse(this.#bothEnd(receiver, sender));
      if (how !== null) return this.#asNoFigure(how, 'neither side ends');
      const tooSoon = this.#options.program.tooEarly?.test(sender.output) === true;
      if (!tooSoon || receiver.end !== null || early === EARLY_STARTS) return this.#result(receiver, sender);
      const meanwhile = await this.#orElse(this.#after(EARLY_MS));
      if (meanwhile !== null) return this.#asNoFigure(meanwhile, 'the receiver does not listen');
    }
  }

  /** Ends what still runs. */
  end(): void {
    this.#timer.abort();
    for (const { end, program } of this.#started) if (end === null) program.kill(SIGKILL);
    void Promise.all(this.#started.map(({ program }) => program.end)).then(() => {
      for (const log of Object.values(this.#logs)) log.close();
    });
  }

  #side(role: Role, port: number): RunningSide {
    const { program, test, machines, firstRoundMs } = this.#options;
    const { machine, words } = program.sides(test, { firstRoundMs, port })[role];
    const side = startSide(machines[machine], {
      ...{ role, machine, words, mode: program.output, log: this.#logs[role] },
      listening: role === 'receiver' ? program.listening : null,
    });
    this.#started.push(side);
    return side;
  }

  /** Resolves when both have ended, or when one has that should not have and the other has had its time to say why. */
  async #bothEnd(receiver: RunningSide, sender: RunningSide): Promise<void> {
    const { receiverEnds, tooEarly } = this.#options.program;
    const ends = [receiver.program.end, sender.program.end];
    const badly = Promise.race(
      [receiver, sender].map(async ({ program }) => {
        if (!endsBadly(await program.end)) await new Promise(() => {});
      }),
    );
    // A daemon that ends before its client has is none any more.
    const first = receiverEnds ? [Promise.all(ends), badly] : ends;
    await Promise.race(first);
    const isLost = [receiver, sender].some(({ end }) => end?.how === 'lost');
    if (receiver.end !== null && sender.end !== null && !isLost) return;
    if (receiver.end === null && sender.end !== null) {
      if (tooEarly?.test(sender.output) === true) return;
      if (!receiverEnds && !endsBadly(sender.end)) {
        receiver.stopped = true;
        receiver.program.kill(SIGTERM);
        await receiver.program.end;
        return;
      }
    }
    // A machine that dies takes its side with it, and tells a little later; so does the other side.
    await Promise.race([this.#after(PEER_MS), ...(isLost ? [] : [Promise.all(ends)])]);
  }

  #result(receiver: RunningSide, sender: RunningSide | null): LoadRound[] | NoFigure {
    const { program, test } = this.#options;
    const read = program.read(test, { receiver: receiver.output, sender: sender?.output ?? '' });
    if ('wrong' in read) return noFigure('wrong', `${test.id}: ${read.wrong}`);
    if ('late' in read) return noFigure('stuck', `${test.id}: ${read.late}`);
    if ('error' in read) return noFigure('ended', `${test.id}: ${read.error}`);
    const sides = sender === null ? [receiver] : [receiver, sender];
    const silent = 'silent' in read ? read.silent : null;
    const isBad = ({ role, end, stopped }: RunningSide): boolean =>
      !stopped && (endsBadly(end) || (role === 'receiver' && !program.receiverEnds));
    const bad = sides.filter(isBad);
    // One that still waits for the other is not the reason.
    const failed = bad.find(({ end }) => end !== null) ?? bad[0] ?? sides.find(({ role }) => role === silent);
    if (failed !== undefined) {
      const { machine, end, output } = failed;
      const how = `the ${machine}'s side ${howItEnded(end)} without a result`;
      return noFigure('ended', `${test.id}: ${how}`, output.slice(-2000));
    }
    if ('rounds' in read && sender !== null) return read.rounds;
    return noFigure('ended', `${test.id}: the receiver ended before there was a sender`, receiver.output);
  }

  /** Waits for `done`, for the limit, or for a death, whichever is first; null is `done`. */
  async #orElse(done: Promise<unknown>): Promise<Happened> {
    const { signal } = this.#options;
    return await orInterrupted(Promise.race([done.then(() => null), this.#died, this.#late]), signal);
  }

  #asNoFigure(happened: NoFigure | 'late', what: string): NoFigure {
    if (happened !== 'late') return happened;
    const { test, limitMs } = this.#options;
    return noFigure('stuck', `${test.id}: ${what} in ${Math.round(limitMs / 1000)} s`);
  }

  /** Resolves at the end of the transfer at the latest. */
  async #after(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#timer.signal }).catch(() => {});
  }
}

function noFigure(kind: NoFigure['kind'], what: string, detail = ''): NoFigure {
  return { kind, what, detail };
}
