// SPDX-License-Identifier: MIT
/**
 * Host and guest of one boot. Everything that can happen to them is a value, not an
 * exception: a machine that dies is a result. Only an interrupt and respin's own
 * trouble are thrown.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RespinEvent } from '../../core/events.ts';
import type { LogFolder } from '../../core/logs.ts';
import type { Machine, Splat } from '../../core/run.ts';
import { type RunResult, run } from '../../system/exec.ts';
import { orInterrupted } from '../../system/interruptible.ts';
import {
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
}

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
  #qemu: Promise<RunResult | null> = Promise.resolve(null);
  #qemuSaid = '';
  #guestQemu: Program | null = null;
  #poweringOff = false;
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
    const machines = new Machines(options, listening);
    await machines.#startHost();
    return machines;
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

  /** Waits for the host's init. Gives null when it is there, else what happened. */
  async bringUpHost(): Promise<Trouble | null> {
    this.#consoles.host.attach(await this.#orInterrupted(this.#connection('console')));
    return (
      (await this.#phase('first-byte', 'host', this.#consoles.host.firstByte)) ??
      (await this.#comeToInit('host', this.host))
    );
  }

  /** Starts the guest inside the host and waits for its init. */
  async bringUpGuest(): Promise<Trouble | null> {
    const words = guestCommand(this.#options.plan);
    this.#options.emit({ type: 'command', name: 'guest', line: shellLine(words) });
    const log = this.#options.logs.log(this.#file('guest-qemu'));
    this.#guestQemu = this.host.start(words, {
      mode: 'pipe',
      relays: GUEST_RELAYS,
      onOutput: (data) => {
        log.write(data);
        this.#qemuSaid += data.toString();
      },
    });
    void this.#guestQemu.end.then((end) => {
      log.close();
      if (this.#poweringOff) return;
      const how =
        end.how === 'status'
          ? `status ${end.status}`
          : end.how === 'signal'
            ? `signal ${end.signal}`
            : end.why;
      this.#die('guest', `the guest's QEMU ended: ${how}`);
    });
    this.#agents.guest = new Agent(await this.#connection('guest-agent'));
    this.#qmp.guest = new Qmp(await this.#connection('guest-qmp'));
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

  /** Powers both machines off, the guest first. Gives how long it took, ms, or what happened. */
  async powerOff(): Promise<number | Trouble> {
    const began = performance.now();
    this.#poweringOff = true;
    if (this.#guestQemu !== null) {
      this.guest.powerOff();
      const trouble = await this.#phase('power-off', 'guest', this.#guestQemu.end);
      if (trouble !== null) return trouble;
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
    await Promise.race([
      asked.catch(() => {}),
      sleep(5_000, undefined, { signal: this.#options.signal }).catch(() => {}),
    ]);
  }

  consoleTail(machine: Machine, lines = 15): string {
    return this.#consoles[machine].tail(lines);
  }

  /** Ends what still runs and closes every log. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#poweringOff = true;
    this.#stop.abort();
    await this.#qemu;
    await this.#listening[Symbol.asyncDispose]();
    this.#consoles.host.end();
    this.#consoles.guest.end();
  }

  async #startHost(): Promise<void> {
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
    emit({ type: 'command', name: 'host', line: shellLine(words) });
    const log = this.#options.logs.log(this.#file('host-qemu'));
    this.#qemu = run(words[0] as string, words.slice(1), {
      guarded: true,
      signal: this.#stop.signal,
      onLine: (line) => {
        this.#qemuSaid += `${line}\n`;
        log.write(`${line}\n`);
      },
    })
      .catch(() => null)
      .finally(() => log.close());
    void this.#qemu.then((result) => {
      if (this.#poweringOff) return;
      const how =
        result === null
          ? ''
          : result.signal !== null
            ? ` (${result.signal})`
            : ` (status ${result.exitCode})`;
      this.#die('host', `the host's QEMU ended${how}`);
    });
    const connected = (async () => {
      this.#consoles.guest.attach(await this.#connection('guest-console'));
      this.#qmp.host = new Qmp(await this.#connection('qmp'));
      this.#agents.host = new Agent(await this.#connection('agent'));
      return null;
    })();
    await this.#orInterrupted(Promise.race([connected, this.trouble]));
    this.#phaseEvent('host', 'started');
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
    const outcome = await this.#orInterrupted(
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
    timer.abort();
    if (outcome !== 'timeout') return outcome;
    await this.lastState(machine);
    return {
      kind: 'timeout',
      machine,
      phase,
      what: phaseMessage(phase, machine, ms),
      detail: this.consoleTail(machine) || this.#qemuSaid,
    };
  }

  /** @throws RespinError INTERRUPTED */
  async #orInterrupted<T>(promise: Promise<T>): Promise<T> {
    return await orInterrupted(promise, this.#options.signal);
  }

  #die(machine: Machine, what: string): void {
    if (this.#trouble !== null) return;
    const phase = this.initMs[machine] !== null ? 'test' : 'init';
    // What the console still holds must be read before anyone looks at it.
    setImmediate(() => {
      this.#trouble = {
        kind: 'died',
        machine,
        phase,
        what,
        detail: this.consoleTail(machine) || this.#qemuSaid.trim(),
      };
      this.#phaseEvent(machine, 'died');
      this.#hasTrouble(this.#trouble);
    });
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
