// SPDX-License-Identifier: MIT
/** For tests: machines without a machine in them, whose programs do what a script says. */
import type { Machine, Splat } from '../../core/run.ts';
import type { Agent, Program, ProgramEnd, StartOptions } from '../boot-vm/agent.ts';
import type { Trouble } from '../boot-vm/machines.ts';
import type { BootedMachines } from './boot.ts';

/** A program that was started, from the inside. */
export interface Ask {
  machine: Machine;
  words: readonly string[];
  server: boolean;
  /** Numbers of the cases it is told to leave out. */
  skips: readonly number[];
  say(text: string): void;
  end(status?: number): void;
  die(signal: number): void;
  onKill: () => void;
}

export interface FakeMachines extends BootedMachines {
  /** A machine goes away, and its programs with it; `qemuFailed` when it was not the kernel's doing. */
  kill(machine: Machine, qemuFailed?: boolean): void;
  disposed: boolean;
}

export interface Script {
  /** What happens when a program is started; `--list` is answered already. */
  run: (ask: Ask, machines: FakeMachines) => void;
  cases?: readonly string[];
  bringUp?: Partial<Record<Machine, () => Trouble | null | Promise<Trouble | null>>>;
  /** What has been on the host's console. */
  printed?: boolean;
  splats?: Splat[];
  /** What comes to light when the machines are off. */
  lateSplats?: Splat[];
  powerOff?: () => Promise<number | Trouble>;
  list?: (ask: Ask) => void;
}

export function trouble(parts: Partial<Trouble>): Trouble {
  return {
    kind: 'died',
    machine: 'host',
    phase: 'test',
    what: 'it died',
    detail: '',
    qemuFailed: false,
    ...parts,
  };
}

export function fakeMachines(script: Script): FakeMachines {
  const running = new Set<{ machine: Machine; lose: () => void }>();
  let hasTrouble: (what: Trouble) => void = () => {};
  const died = new Promise<Trouble>((resolve) => {
    hasTrouble = resolve;
  });
  const gone = new Set<Machine>();

  const agent = (machine: Machine): Pick<Agent, 'start'> => ({
    start(words, options: StartOptions = {}) {
      let settle: (end: ProgramEnd) => void = () => {};
      let over = false;
      const end = new Promise<ProgramEnd>((resolve) => {
        settle = resolve;
      });
      const one = { machine, lose: () => finish({ how: 'lost', why: 'the machine is gone' }) };
      const finish = (how: ProgramEnd): void => {
        if (over) return;
        over = true;
        running.delete(one);
        settle(how);
      };
      running.add(one);
      const ask: Ask = {
        machine,
        words,
        server: words.includes('--mode=server'),
        skips: words.flatMap((word) => (word.startsWith('--skip=') ? [Number(word.slice(7))] : [])),
        say: (text) => options.onOutput?.(Buffer.from(text)),
        end: (status = 0) => finish({ how: 'status', status }),
        die: (signal) => finish({ how: 'signal', signal }),
        onKill: () => finish({ how: 'signal', signal: 9 }),
      };
      if (gone.has(machine)) one.lose();
      else if (words.includes('--list')) {
        if (script.list === undefined) {
          (script.cases ?? []).forEach((name, id) => {
            ask.say(`${id}\t${name}\n`);
          });
          ask.end(1);
        } else script.list(ask);
      } else setImmediate(() => script.run(ask, machines));
      const program = { end, kill: () => ask.onKill(), input: () => {}, resize: () => {} };
      return program as unknown as Program;
    },
  });

  const machines: FakeMachines = {
    host: agent('host'),
    guest: agent('guest'),
    trouble: died,
    splats: [...(script.splats ?? [])],
    initMs: { host: null, guest: null },
    slowness: 1,
    disposed: false,
    printed: () => script.printed ?? true,
    consoleTail: () => '',
    lastState: async () => {},
    bringUpHost: async () => await bringUp('host'),
    bringUpGuest: async () => await bringUp('guest'),
    powerOff: async () => (await script.powerOff?.()) ?? 5,
    kill(machine, qemuFailed = false) {
      gone.add(machine);
      if (machine === 'host') gone.add('guest');
      for (const one of [...running]) if (gone.has(one.machine)) one.lose();
      // Programs are lost with the port; that QEMU is gone is known a little later.
      setTimeout(
        () => hasTrouble(trouble({ machine, what: `the ${machine}'s QEMU ended (status 0)`, qemuFailed })),
        5,
      );
    },
    async [Symbol.asyncDispose]() {
      machines.disposed = true;
      machines.splats.push(...(script.lateSplats ?? []));
    },
  };
  const bringUp = async (machine: Machine): Promise<Trouble | null> => {
    const happened = (await script.bringUp?.[machine]?.()) ?? null;
    if (happened === null) machines.initMs[machine] = 1000;
    return happened;
  };
  return machines;
}

/**
 * Server and client that run these cases against each other, in the words of vsock_test.
 * @param fails what the client says at a case instead of `ok`; both then end with 1
 */
export function passing(
  cases: readonly string[],
  fails: (name: string, ask: Ask) => string | null = () => null,
): Script['run'] {
  let server: Ask | null = null;
  return (ask) => {
    if (ask.server) {
      server = ask;
      ask.say('Control socket listening on 0.0.0.0:12345\n');
      return;
    }
    const sides = server === null ? [ask] : [server, ask];
    for (const [id, name] of cases.entries()) {
      if (ask.skips.includes(id)) {
        for (const side of sides) side.say(`${id} - ${name}...skipped\n`);
        continue;
      }
      const reason = fails(name, ask);
      if (reason !== null) {
        server?.say(`${id} - ${name}...recv: Connection reset by peer\n`);
        ask.say(`${id} - ${name}...${reason}\n`);
        for (const side of sides) side.end(1);
        return;
      }
      for (const side of sides) side.say(`${id} - ${name}...ok\n`);
    }
    for (const side of sides) {
      side.say('All tests have been executed. Waiting other peer...ok\n');
      side.end(0);
    }
  };
}
