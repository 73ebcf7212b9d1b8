// SPDX-License-Identifier: MIT
/** The agent of a machine, from this side of its port. */
import type { Duplex } from 'node:stream';
import type { HostPort } from '../build-vm/qemu-command.ts';
import { FrameReader } from './frames.ts';

export type ProgramEnd =
  | { how: 'status'; status: number }
  | { how: 'signal'; signal: number }
  /** The machine went away, or the program could not be started. */
  | { how: 'lost'; why: string };

export interface StartOptions {
  /** pty: line by line, as to a terminal; terminal: for a person, with echo; pipe: bytes as they are. */
  mode?: 'pty' | 'terminal' | 'pipe';
  relays?: readonly HostPort[];
  /** Gets stdout and stderr, merged, as it comes. */
  onOutput?: (data: Buffer) => void;
}

export class Program {
  /** Never rejects. */
  readonly end: Promise<ProgramEnd>;
  readonly #agent: Agent;
  readonly #id: number;

  constructor(agent: Agent, id: number, end: Promise<ProgramEnd>) {
    this.#agent = agent;
    this.#id = id;
    this.end = end;
  }

  kill(signal: number): void {
    this.#agent.send(`kill ${this.#id} ${signal}\n`);
  }

  input(data: Uint8Array): void {
    this.#agent.send(`input ${this.#id} ${data.byteLength}\n`);
    this.#agent.send(data);
  }

  resize(rows: number, columns: number): void {
    this.#agent.send(`resize ${this.#id} ${rows} ${columns}\n`);
  }
}

interface Running {
  onOutput: ((data: Buffer) => void) | undefined;
  end: (end: ProgramEnd) => void;
}

/** Starts programs in a machine and hears how they end. */
export class Agent {
  /** The kernel's release, once the machine's init has come to the agent. Rejects when the port closes first. */
  readonly ready: Promise<string>;
  /** Resolves with the reason when nothing more can come from it. */
  readonly gone: Promise<string>;
  readonly #port: Duplex;
  readonly #running = new Map<number, Running>();
  #nextId = 1;
  #lost: string | null = null;

  constructor(port: Duplex) {
    this.#port = port;
    const reader = new FrameReader();
    let becomeReady: (release: string) => void;
    let neverReady: (error: Error) => void;
    this.ready = new Promise((resolve, reject) => {
      becomeReady = resolve;
      neverReady = reject;
    });
    this.ready.catch(() => {});
    let becomeGone: (why: string) => void;
    this.gone = new Promise((resolve) => {
      becomeGone = resolve;
    });
    const lose = (why: string): void => {
      if (this.#lost !== null) return;
      this.#lost = why;
      neverReady(new Error(why));
      for (const running of this.#running.values()) running.end({ how: 'lost', why });
      this.#running.clear();
      becomeGone(why);
    };
    port.on('data', (chunk: Buffer) => {
      try {
        for (const frame of reader.push(chunk)) {
          if (frame.type === 'ready') becomeReady(frame.data.toString());
          else this.#take(frame.type, frame.id, frame.data);
        }
      } catch (error) {
        lose((error as Error).message);
        port.destroy();
      }
    });
    port.on('error', (error) => lose(error.message));
    port.on('close', () => lose('the machine is gone'));
  }

  /** Why nothing more can come from it; null as long as it is there. */
  get lost(): string | null {
    return this.#lost;
  }

  /** Starts `words[0]` with the rest as its arguments. */
  start(words: readonly string[], options: StartOptions = {}): Program {
    const id = this.#nextId++;
    const relays = options.relays ?? [];
    for (const word of [...words, ...relays]) {
      if (word.includes('\n'))
        throw new Error(`a word of a command line has a line end: ${JSON.stringify(word)}`);
    }
    const end = new Promise<ProgramEnd>((resolve) => {
      if (this.#lost !== null) resolve({ how: 'lost', why: this.#lost });
      else this.#running.set(id, { onOutput: options.onOutput, end: resolve });
    });
    this.send(
      `${[`start ${id} ${options.mode ?? 'pty'} ${relays.length} ${words.length}`, ...relays, ...words].join('\n')}\n`,
    );
    return new Program(this, id, end);
  }

  /** Runs a program to its end and gives its output as text. */
  async run(words: readonly string[]): Promise<{ output: string; end: ProgramEnd }> {
    const chunks: Buffer[] = [];
    const program = this.start(words, { mode: 'pipe', onOutput: (data) => chunks.push(data) });
    const end = await program.end;
    return { output: Buffer.concat(chunks).toString(), end };
  }

  powerOff(): void {
    this.send('poweroff\n');
  }

  send(data: string | Uint8Array): void {
    if (this.#port.writable) this.#port.write(data);
  }

  #take(type: 'output' | 'exit' | 'error', id: number, data: Buffer): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    if (type === 'output') {
      running.onOutput?.(data);
      return;
    }
    this.#running.delete(id);
    const [how, number] = data.toString().split(' ');
    if (type === 'error') running.end({ how: 'lost', why: data.toString() });
    else if (how === 'signal') running.end({ how: 'signal', signal: Number(number) });
    else running.end({ how: 'status', status: Number(number) });
  }
}
