// SPDX-License-Identifier: MIT
/** QEMU's machine protocol (docs/interop/qmp-spec in QEMU): JSON, a line each. */
import type { Duplex } from 'node:stream';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Waiting {
  resolve: (value: Json) => void;
  reject: (error: Error) => void;
}

const LONGEST_LINE = 1 << 20;

export class Qmp {
  readonly #port: Duplex;
  readonly #waiting = new Map<number, Waiting>();
  readonly #greeted: Promise<void>;
  #greet: () => void = () => {};
  #neverGreeted: (error: Error) => void = () => {};
  #nextId = 1;
  #closed = false;
  /** Called for SHUTDOWN, RESET, GUEST_PANICKED and the like. */
  onEvent: (name: string, data: Json) => void = () => {};

  constructor(port: Duplex) {
    this.#port = port;
    this.#greeted = new Promise((resolve, reject) => {
      this.#greet = resolve;
      this.#neverGreeted = reject;
    });
    this.#greeted.catch(() => {});
    let text = '';
    port.setEncoding('utf8');
    port.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > LONGEST_LINE) {
        port.destroy(new Error('QMP line too long'));
        return;
      }
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end).trim();
        text = text.slice(end + 1);
        if (line !== '') this.#take(line);
      }
    });
    port.on('error', () => {});
    port.on('close', () => {
      this.#closed = true;
      this.#neverGreeted(new Error('QEMU is gone'));
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('QEMU is gone'));
      this.#waiting.clear();
    });
  }

  /**
   * Runs a command and gives what it returns.
   * @throws Error when QEMU refuses, or is gone
   */
  async execute(command: string, args?: Record<string, Json>): Promise<Json> {
    await this.#greeted;
    if (this.#closed) throw new Error('QEMU is gone');
    return await this.#send(command, args);
  }

  #send(command: string, args?: Record<string, Json>): Promise<Json> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.write(`${JSON.stringify({ execute: command, id, ...(args && { arguments: args }) })}\n`);
    });
  }

  #take(line: string): void {
    let message: Json;
    try {
      message = JSON.parse(line);
    } catch {
      return;
    }
    // Not QMP: whoever writes there has no answer for us.
    if (message === null || typeof message !== 'object' || Array.isArray(message)) return;
    if ('QMP' in message) {
      this.#send('qmp_capabilities').then(this.#greet, () => {});
      return;
    }
    if (typeof message['event'] === 'string') {
      this.onEvent(message['event'], message['data'] ?? null);
      return;
    }
    const waiting = this.#waiting.get(Number(message['id']));
    this.#waiting.delete(Number(message['id']));
    if ('error' in message) waiting?.reject(new Error(String((message['error'] as { desc?: Json })?.desc)));
    else waiting?.resolve(message['return'] ?? null);
  }
}
