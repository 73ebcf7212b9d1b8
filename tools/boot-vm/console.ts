// SPDX-License-Identifier: MIT
/** A machine's serial console: kept as it came, cut into lines, watched for splats. */
import type { Readable } from 'node:stream';
import type { LogWriter } from '../../core/logs.ts';
import type { Splat } from '../../core/run.ts';
import type { SplatReader } from './splats.ts';

const KEPT_LINES = 200;
/** A line longer than this is cut: a kernel's is 1 KiB at most. */
const LONGEST_LINE = 8192;

export interface ConsoleOptions {
  log: LogWriter;
  splats: SplatReader;
  onLine: (line: string) => void;
  onSplat: (splat: Splat) => void;
}

export class Console {
  readonly firstByte: Promise<void>;
  /** Resolves when the port has closed and all that came through it was read; at once when there was none. */
  closed: Promise<void> = Promise.resolve();
  readonly #options: ConsoleOptions;
  readonly #last: string[] = [];
  #partial = '';
  #sawByte: () => void = () => {};
  #printed = false;
  #ended = false;
  #silence: NodeJS.Timeout | undefined;

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.firstByte = new Promise((resolve) => {
      this.#sawByte = resolve;
    });
  }

  /** Reads from a port until `end` is called or the port closes. */
  attach(port: Readable): void {
    port.on('data', (chunk: Buffer) => this.take(chunk));
    this.closed = new Promise((resolve) => port.once('close', () => resolve()));
  }

  take(chunk: Uint8Array): void {
    if (this.#ended || chunk.byteLength === 0) return;
    this.#printed = true;
    this.#sawByte();
    this.#options.log.write(chunk);
    this.#partial += Buffer.from(chunk).toString('latin1');
    const lines = this.#partial.split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    if (this.#partial.length > LONGEST_LINE) {
      this.#line(this.#partial);
      this.#partial = '';
    }
    this.#listenForSilence();
  }

  get printed(): boolean {
    return this.#printed;
  }

  /** The last lines, for a message. */
  tail(count: number): string {
    return this.#last.slice(-count).join('\n');
  }

  /** Finishes the last line and report, and closes the log. */
  end(): void {
    if (this.#ended) return;
    clearTimeout(this.#silence);
    if (this.#partial !== '') this.#line(this.#partial);
    this.#ended = true;
    this.#closeReport();
    this.#options.log.close();
  }

  /** A report is told when its machine has said all of it, not when it says something else. */
  #listenForSilence(): void {
    clearTimeout(this.#silence);
    const ms = this.#options.splats.closesAfterMs;
    if (ms !== null) this.#silence = setTimeout(() => this.#closeReport(), ms);
  }

  #closeReport(): void {
    for (const splat of this.#options.splats.end()) this.#options.onSplat(splat);
  }

  #line(raw: string): void {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    this.#last.push(line);
    if (this.#last.length > KEPT_LINES) this.#last.shift();
    this.#options.onLine(line);
    for (const splat of this.#options.splats.push(line)) this.#options.onSplat(splat);
  }
}
