// SPDX-License-Identifier: MIT
/** For tests: machines without a machine in them, whose sender and receiver do what a script says. */
import type { Machine } from '../../core/run.ts';
import type { Agent, Program, ProgramEnd, StartOptions } from '../boot-vm/agent.ts';
import type { Trouble } from '../boot-vm/machines.ts';
import type { Role } from './load-program.ts';
import type { TransferMachines } from './transfer.ts';

/** A side that was started, from the inside. */
export interface FakeSide {
  machine: Machine;
  words: readonly string[];
  mode: StartOptions['mode'];
  /** Sides of this role that were started before it. */
  before: number;
  say(text: string): void;
  end(status?: number): void;
  die(signal: number): void;
  /** What it does when it is told to end; by default it does. */
  onKill: (signal: number) => void;
}

export interface FakeMachines extends TransferMachines {
  started: { role: Role; machine: Machine; words: readonly string[] }[];
  /** How each side ended, in order. */
  ends: ProgramEnd[];
  /** A machine goes away, its programs with it, and that is known a little later. */
  kill(machine: Machine): void;
}

/** Whoever is started first in a pair is the receiver: what is not in `isSender` is one. */
export function fakeMachines(
  script: Record<Role, (side: FakeSide, machines: FakeMachines) => void>,
  isSender: (words: readonly string[]) => boolean,
): FakeMachines {
  const running = new Map<object, { machine: Machine; finish: (end: ProgramEnd) => void }>();
  let hasTrouble: (trouble: Trouble) => void = () => {};
  const agent = (machine: Machine): Pick<Agent, 'start'> => ({
    start(words, options: StartOptions = {}) {
      const role = isSender(words) ? 'sender' : 'receiver';
      const before = machines.started.filter((one) => one.role === role).length;
      machines.started.push({ role, machine, words });
      let settle: (end: ProgramEnd) => void = () => {};
      const end = new Promise<ProgramEnd>((resolve) => {
        settle = resolve;
      });
      const key = {};
      const finish = (how: ProgramEnd): void => {
        if (!running.delete(key)) return;
        machines.ends.push(how);
        settle(how);
      };
      running.set(key, { machine, finish });
      const side: FakeSide = {
        ...{ machine, words, mode: options.mode, before },
        say: (text) => options.onOutput?.(Buffer.from(text)),
        end: (status = 0) => finish({ how: 'status', status }),
        die: (signal) => finish({ how: 'signal', signal }),
        onKill: (signal) => finish({ how: 'signal', signal }),
      };
      setImmediate(() => script[role](side, machines));
      return { end, kill: (signal: number) => side.onKill(signal) } as unknown as Program;
    },
  });
  const machines: FakeMachines = {
    ...{ host: agent('host'), guest: agent('guest'), started: [], ends: [] },
    trouble: new Promise((resolve) => {
      hasTrouble = resolve;
    }),
    kill(machine) {
      const gone = machine === 'host' ? ['host', 'guest'] : ['guest'];
      for (const one of [...running.values()]) {
        if (gone.includes(one.machine)) one.finish({ how: 'lost', why: 'the machine is gone' });
      }
      const what = `the ${machine}'s QEMU ended (status 0)`;
      setTimeout(
        () => hasTrouble({ kind: 'died', machine, phase: 'test', what, detail: 'Oops', qemuFailed: false }),
        5,
      );
    },
  };
  return machines;
}
