// SPDX-License-Identifier: MIT
/** A side of a transfer that was started in its machine. */
import type { LogWriter } from '../../core/logs.ts';
import type { Agent, Program, ProgramEnd } from '../boot-vm/agent.ts';
import type { Role, Side } from './load-program.ts';

export interface RunningSide {
  role: Role;
  machine: Side['machine'];
  program: Program;
  /** Until now. */
  output: string;
  end: ProgramEnd | null;
  /** Its end was asked for, and says nothing. */
  stopped: boolean;
  /** Resolves when it has said that it listens, or has ended; at once when there is nothing to be said. */
  listens: Promise<void>;
}

export interface SideOptions extends Side {
  role: Role;
  mode: 'pipe' | 'pty';
  log: LogWriter;
  listening: string | null;
}

export function startSide(agent: Pick<Agent, 'start'>, options: SideOptions): RunningSide {
  const { role, machine, words, mode, log, listening } = options;
  let isListening: () => void = () => {};
  const listens = new Promise<void>((resolve) => {
    isListening = resolve;
  });
  if (listening === null) isListening();
  const side: RunningSide = {
    ...{ role, machine, output: '', end: null, stopped: false, listens },
    program: agent.start(words, {
      mode,
      onOutput: (data) => {
        side.output += data.toString();
        log.write(data);
        if (listening !== null && side.output.includes(listening)) isListening();
      },
    }),
  };
  void side.program.end.then((end) => {
    side.end = end;
    isListening();
  });
  return side;
}

export function endsBadly(end: ProgramEnd | null): boolean {
  return end === null || end.how !== 'status' || end.status !== 0;
}

export function howItEnded(end: ProgramEnd | null): string {
  if (end === null) return 'did not end';
  if (end.how === 'status') return `ended with status ${end.status}`;
  return end.how === 'signal' ? `was ended by signal ${end.signal}` : `was lost: ${end.why}`;
}
