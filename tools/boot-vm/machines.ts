// SPDX-License-Identifier: MIT
/**
 * Host and guest of one boot. Everything that can happen to them is a value, not an
 * exception: a machine that dies is a result. Only an interrupt and respin's own
 * trouble are thrown.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RespinEvent } from '../../core/events.ts';
import type { LogFolder } from '../../core/logs.ts';
import type { Machine, Splat } from '../../core/run.ts';
import { type RunResult, run } from '../../system/exec.ts';
import { orInterrupted } from '../../system/interruptible.ts';
import {
  byHand,
  GUEST_RELAYS,
  guestCommand,
  HOST_PORTS,
  type HostPort,
  hostCommand,
  type MachinePlan,
  type QemuProgram,
  shellLine,
} from '../build-vm/qemu-command.ts';
import { Agent, type Program } from './agent.ts';
import { Console } from './console.ts';
import { type Listening, listenFor } from './listen.ts';
import { pinVcpus } from './pin-vcpus.ts';
import { Qmp } from './qmp.ts';
import { SplatReader } from './splats.ts';
import { type Phase, phaseLimit, phaseMessage, slowness } from './time-outs.ts';

export interface BootImages {
  /** The kernel the host boots, on this machine. */
  hostKernel: string;
  /** The staged folder that becomes the host's root. */
  hostRoot: string;
}

export interface BootOptions {
  number: number;
  plan: MachinePlan;
  qemu: QemuProgram & { libraryPath: readonly string[] };
  images: BootImages;
  logs: LogFolder;
  emit: (event: RespinEvent) => void;
  signal: AbortSignal;
  /** Overrides a phase's limit, ms; for tests with a QEMU that hangs. */
  limit?: (phase: Phase, machine: Machine) => number;
}

/** What went wrong with a machine. */
export interface Trouble {
  kind: 'died' | 'timeout';
  machine: Machine;
  phase: Phase | 'test';
  what: string;
  /** The end of the console, or what QEMU said. */
  detail: string;
  /** The host's QEMU itself failed, or never came up: no kernel makes it end with an error status. */
  qemuFailed: boolean;
}

/** QEMU's output is kept in its log; this much of the end is for messages. */
const SAID_BYTES = 16 * 1024;
/** How long what a dead QEMU wrote may take to be read; its sockets are closed, so it ends. */
const DRAIN_MS = 2_000;
/** A host whose agent is gone is about to end; if its QEMU goes on, the agent is what failed. */
const GONE_MS = 5_000;

/** Host and guest VM of one boot, from QEMU's start to its end. */
export class Machines implements AsyncDisposable {
  readonly splats: Splat[] = [];
  /** Milliseconds from QEMU's start to each init. */
  readonly initMs: Record<Machine, number | null> = { host: null, guest: null };
  readonly #options: BootOptions;
  readonly #listening: Listening;
  readonly #stop = new AbortController();
  readonly #consoles: Record<Machine, Console>;
  readonly #agents: Partial<Record<Machine, Agent>> = {};
  readonly #qmp: Partial<Record<Machine, Qmp>> = {};
  readonly #started = performance.now();
  /** How the host's QEMU ended, or why it could not be run. Never rejects. */
  #qemu: Promise<RunResult | Error> = Promise.resolve(new Error('not started'));
  #qemuSaid = '';
  #guestQemu: Program | null = null;
  #poweringOff = false;
  #dying = false;
  #trouble: Trouble | null = null;
  #hasTrouble: (trouble: Trouble) => void = () => {};
  /** Resolves when a machine dies that was not told to. */
  readonly trouble: Promise<Trouble>;

  private constructor(options: BootOptions, listening: Listening) {
    this.#options = options;
    this.#listening = listening;
    this.trouble = new Promise((resolve) => {
      this.#hasTrouble = resolve;
    });
    this.#consoles = { host: this.#console('host'), guest: this.#console('guest') };
  }

  /** Starts QEMU for the host; the machines are not up yet: see `bringUpHost`. */
  static async start(options: BootOptions): Promise<Machines> {
    const listening = await listenFor(['console', 'qmp', ...HOST_PORTS]);
    try {
      const machines = new Machines(options, listening);
      machines.#startHost();
      return machines;
    } catch (error) {
      await listening[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** How much slower than usual this machine is at the moment, at least 1. */
  get slowness(): number {
    return this.initMs.host === null ? 1 : slowness(this.#options.plan.mode, this.initMs.host);
  }

  get host(): Agent {
    return this.#agent('host');
  }

  get guest(): Agent {
    return this.#agent('guest');
  }

  /** True when the machine's console has had a byte, whatever became of it then. */
  printed(machine: Machine): boolean {
    return this.#consoles[machine].printed;
  }

  /** Waits for the host's init. Gives null when it is there, else what happened. */
  async bringUpHost(): Promise<Trouble | null> {
    const notStarted = await this.#phase('start', 'host', this.#connect());
    if (notStarted !== null) return notStarted;
    this.#phaseEvent('host', 'started');
    return (
      (await this.#phase('first-byte', 'host', this.#consoles.host.firstByte)) ??
      (await this.#comeToInit('host', this.host))
    );
  }

  /** Starts the guest inside the host and waits for its init. */
  async bringUpGuest(): Promise<Trouble | null> {
    const words = guestCommand(this.#options.plan);
    const { emit } = this.#options;
    emit({ type: 'command', name: 'guest', line: shellLine(words) });
    emit({ type: 'command', name: "guest by hand, in the host's shell", line: shellLine(byHand(words)) });
    const log = this.#options.logs.log(this.#file('guest-qemu'));
    this.#guestQemu = this.host.start(words, {
      mode: 'pipe',
      relays: GUEST_RELAYS,
      onOutput: (data) => {
        log.write(data);
        this.#said(data.toString());
      },
    });
    void this.#guestQemu.end.then((end) => {
      log.close();
      // Lost with the host's agent: what became of the host says more.
      if (this.#poweringOff || this.host.lost !== null) return;
      const how =
        end.how === 'status'
          ? `status ${end.status}`
          : end.how === 'signal'
            ? `signal ${end.signal}`
            : end.why;
      this.#die('guest', `the guest's QEMU ended: ${how}`);
    });
    return (
      (await this.#phase('first-byte', 'guest', this.#consoles.guest.firstByte)) ??
      (await this.#comeToInit('guest', this.guest))
    );
  }

  /** True when `path` is there in the host. */
  async hostHas(path: string): Promise<boolean> {
    const { end } = await this.host.run(['/bin/busybox', 'test', '-e', path]);
    return end.how === 'status' && end.status === 0;
  }

  /** Keeps each vcpu of both on a CPU of its own; false where that cannot be done. Both are up. */
  async pinVcpus(): Promise<boolean> {
    const { host, guest } = this.#qmp;
    if (host === undefined || guest === undefined) return false;
    return await this.#orInterrupted(
      Promise.race([pinVcpus({ host, guest, agent: this.host }), this.trouble.then(() => false)]),
    );
  }

  /** Powers both machines off, the guest first. Gives how long it took, ms, or what happened. */
  async powerOff(): Promise<number | Trouble> {
    const began = performance.now();
    this.#poweringOff = true;
    if (this.#guestQemu !== null) {
      this.guest.powerOff();
      const trouble = await this.#phase('power-off', 'guest', this.#guestQemu.end);
      if (trouble !== null) return trouble;
      // The host went down under it: that it is off, too, is no power-off.
      if ((await this.#guestQemu.end).how === 'lost') return await this.#diedMeanwhile();
      this.#phaseEvent('guest', 'powered-off');
    }
    this.host.powerOff();
    const trouble = await this.#phase('power-off', 'host', this.#qemu);
    if (trouble !== null) return trouble;
    this.#phaseEvent('host', 'powered-off');
    return performance.now() - began;
  }

  /**
   * Asks a machine that no longer answers where it is: a serial break and the sysrq
   * keys w and l put the blocked tasks and each vcpu's stack on its console, and QEMU
   * adds the registers. Best effort: a dead machine says nothing.
   */
  async lastState(machine: Machine): Promise<void> {
    const qmp = this.#qmp[machine];
    if (qmp === undefined) return;
    const asked = (async () => {
      const port = await this.#connection(machine === 'host' ? 'console' : 'guest-console');
      for (const key of ['w', 'l']) {
        await qmp.execute('chardev-send-break', { id: 'console' });
        port.write(key);
        await sleep(500);
      }
      const registers = await qmp.execute('human-monitor-command', { 'command-line': 'info registers -a' });
      const log = this.#options.logs.log(this.#file(`${machine}-registers`));
      log.write(String(registers));
      log.close();
    })();
    const timer = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, timer.signal]);
    await Promise.race([
      asked.catch(() => {}),
      this.trouble,
      sleep(5_000, undefined, { signal }).catch(() => {}),
    ]);
    timer.abort();
  }

  consoleTail(machine: Machine, lines = 15): string {
    return this.#consoles[machine].tail(lines);
  }

  /** Ends what still runs and closes every log. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#poweringOff = true;
    this.#stop.abort();
    await this.#qemu;
    // A report may stand in the last lines, and QEMU has just written them.
    await this.#drained();
    await this.#listening[Symbol.asyncDispose]();
    this.#consoles.host.end();
    this.#consoles.guest.end();
  }

  #startHost(): void {
    const { plan, qemu, images, emit } = this.#options;
    const path = (name: string): string => this.#listening.path(name);
    const ports = Object.fromEntries(HOST_PORTS.map((name) => [name, path(name)])) as Record<
      HostPort,
      string
    >;
    const words = [
      ...(qemu.libraryPath.length > 0 ? ['env', `LD_LIBRARY_PATH=${qemu.libraryPath.join(':')}`] : []),
      ...hostCommand(qemu, plan, {
        kernel: images.hostKernel,
        root: images.hostRoot,
        console: path('console'),
        qmp: path('qmp'),
        ports,
      }),
    ];
    emit({ type: 'command', name: `host, ${plan.mode}`, line: shellLine(words) });
    emit({ type: 'command', name: 'host by hand', line: shellLine(byHand(words)) });
    const log = this.#options.logs.log(this.#file('host-qemu'));
    this.#qemu = run(words[0] as string, words.slice(1), {
      signal: this.#stop.signal,
      onLine: (line) => {
        this.#said(`${line}\n`);
        log.write(`${line}\n`);
      },
    })
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      .finally(() => log.close());
    void this.#qemu.then((result) => {
      if (this.#poweringOff) return;
      this.#die('host', `the host's QEMU ended (${howItEnded(result)})`, hasFailed(result));
    });
  }

  /** Takes each of QEMU's connections as it comes; it makes all of them when it starts. */
  async #connect(): Promise<void> {
    const take = async (name: string, use: (port: Socket) => void): Promise<void> =>
      use(await this.#listening.connection(name));
    const agent = (machine: Machine) => (port: Socket) => {
      const one = new Agent(port);
      this.#agents[machine] = one;
      void one.gone.then((why) => this.#agentGone(machine, why));
    };
    await Promise.all([
      take('console', (port) => this.#consoles.host.attach(port)),
      take('guest-console', (port) => this.#consoles.guest.attach(port)),
      take('qmp', (port) => {
        this.#qmp.host = new Qmp(port);
      }),
      take('guest-qmp', (port) => {
        this.#qmp.guest = new Qmp(port);
      }),
      take('agent', agent('host')),
      take('guest-agent', agent('guest')),
    ]);
  }

  /** Without its agent a machine can do nothing for us, even if its QEMU goes on. */
  async #agentGone(machine: Machine, why: string): Promise<void> {
    if (this.#poweringOff) return;
    const timer = new AbortController();
    await Promise.race([
      this.#qemu,
      sleep(GONE_MS, undefined, { signal: timer.signal, ref: false }).catch(() => {}),
    ]);
    timer.abort();
    if (!this.#poweringOff) this.#die(machine, `the ${machine}'s agent is lost: ${why}`);
  }

  #connection(name: string): ReturnType<Listening['connection']> {
    return this.#listening.connection(name);
  }

  #agent(machine: Machine): Agent {
    const agent = this.#agents[machine];
    if (agent === undefined) throw new Error(`the ${machine} was not started`);
    return agent;
  }

  async #comeToInit(machine: Machine, agent: Agent): Promise<Trouble | null> {
    this.#phaseEvent(machine, 'first-byte');
    const trouble = await this.#phase('init', machine, agent.ready);
    if (trouble !== null) return trouble;
    this.initMs[machine] = this.#elapsed();
    this.#phaseEvent(machine, 'init');
    return null;
  }

  /** Waits for `done`, for the phase's limit, or for a death, whichever is first. */
  async #phase(phase: Phase, machine: Machine, done: Promise<unknown>): Promise<Trouble | null> {
    if (this.#trouble !== null) return this.#trouble;
    const { plan, limit } = this.#options;
    const ms = limit?.(phase, machine) ?? phaseLimit(phase, plan.mode, machine) * this.slowness;
    const timer = new AbortController();
    let outcome: Trouble | 'timeout' | null;
    try {
      outcome = await this.#orInterrupted(
        Promise.race([
          done.then(
            () => null,
            // A port that closes: the death that closed it says more.
            () => this.trouble,
          ),
          this.trouble,
          sleep(ms, 'timeout' as const, { signal: timer.signal }).catch(() => null),
        ]),
      );
    } finally {
      timer.abort();
    }
    if (outcome !== 'timeout') return outcome;
    await this.lastState(machine);
    return {
      kind: 'timeout',
      machine,
      phase,
      what: phaseMessage(phase, machine, ms),
      detail: this.consoleTail(machine) || this.#qemuSaid.trim(),
      qemuFailed: phase === 'start',
    };
  }

  /** @throws RespinError INTERRUPTED */
  async #orInterrupted<T>(promise: Promise<T>): Promise<T> {
    return await orInterrupted(promise, this.#options.signal);
  }

  /** The first death counts; what follows from it is not another. */
  #die(machine: Machine, what: string, qemuFailed = false): void {
    if (this.#dying) return;
    this.#dying = true;
    const phase = this.initMs[machine] !== null ? 'test' : 'init';
    // What the consoles still hold must be read before anyone looks at it.
    void (machine === 'host' ? this.#drained() : new Promise(setImmediate)).then(() => {
      this.#trouble = {
        kind: 'died',
        machine,
        phase,
        what,
        detail: this.consoleTail(machine) || this.#qemuSaid.trim(),
        qemuFailed,
      };
      this.#phaseEvent(machine, 'died');
      this.#hasTrouble(this.#trouble);
    });
  }

  async #diedMeanwhile(): Promise<Trouble> {
    const late = await this.#phase('power-off', 'host', this.#qemu);
    if (late !== null) return late;
    const result = await this.#qemu;
    await this.#drained();
    return {
      kind: 'died',
      machine: 'host',
      phase: 'power-off',
      what: `the host's QEMU ended (${howItEnded(result)}) while the guest was to power off`,
      detail: this.consoleTail('host') || this.#qemuSaid.trim(),
      qemuFailed: hasFailed(result),
    };
  }

  /** Resolves when all that the host's QEMU wrote has been read; ask it once QEMU has ended. */
  async #drained(): Promise<void> {
    const timer = new AbortController();
    const agents = Object.values(this.#agents).map((agent) => agent.gone);
    await Promise.race([
      Promise.all([this.#consoles.host.closed, this.#consoles.guest.closed, ...agents]),
      sleep(DRAIN_MS, undefined, { signal: timer.signal }).catch(() => {}),
    ]);
    timer.abort();
  }

  #said(text: string): void {
    this.#qemuSaid = (this.#qemuSaid + text).slice(-SAID_BYTES);
  }

  #console(machine: Machine): Console {
    const { emit, logs, number } = this.#options;
    const log = `${this.#file(`${machine}-console`)}`;
    return new Console({
      log: logs.log(log),
      splats: new SplatReader({ machine, log, boot: number }),
      onLine: (line) => emit({ type: 'console', machine, line }),
      onSplat: (splat) => {
        this.splats.push(splat);
        emit({ type: 'splat', splat });
      },
    });
  }

  /** The first boot's logs have plain names; a later one's carry its number. */
  #file(name: string): string {
    return this.#options.number === 1 ? `${name}.log` : `boot-${this.#options.number}-${name}.log`;
  }

  #elapsed(): number {
    return performance.now() - this.#started;
  }

  #phaseEvent(machine: Machine, phase: 'started' | 'first-byte' | 'init' | 'powered-off' | 'died'): void {
    this.#options.emit({ type: 'machine', machine, phase, ms: this.#elapsed() });
  }
}

/** A kernel can make QEMU exit, but not with an error. */
function hasFailed(result: RunResult | Error): boolean {
  return result instanceof Error || result.signal !== null || result.exitCode !== 0;
}

function howItEnded(result: RunResult | Error): string {
  if (result instanceof Error) return result.message;
  return result.signal ?? `status ${result.exitCode}`;
}
