// SPDX-License-Identifier: MIT
/** A terminal that keys are sent to and whose screen is read: tmux, with a server of the test's own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export const noTmux = spawnSync('tmux', ['-V']).status !== 0;

/** More than any answer takes on a busy machine. */
const PATIENCE_MS = 30_000;

export class Terminal implements Disposable {
  readonly #socket: string;
  readonly #env: NodeJS.ProcessEnv;

  /**
   * @param world where the shell stands and what it knows; the server's socket is there
   * @param words a shell's line
   * @param size columns and rows
   */
  constructor(
    world: { folder: string; env: NodeJS.ProcessEnv },
    words: string,
    [columns, rows]: readonly [number, number],
    env: NodeJS.ProcessEnv = {},
  ) {
    this.#socket = `${world.folder}/tmux-${Math.random().toString(36).slice(2)}`;
    const all = {
      ...world.env,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      SHELL: '/bin/sh',
      TMUX: undefined,
      ...env,
    };
    this.#env = all;
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'test', ...size, '-c', world.folder, words);
    this.#tmux('set-option', '-g', 'remain-on-exit', 'on');
    this.#tmux('set-option', '-g', 'status', 'off');
  }

  [Symbol.dispose](): void {
    spawnSync('tmux', ['-S', this.#socket, 'kill-server']);
  }

  /** Keys as tmux names them: `Enter`, `C-d`, `j`. */
  keys(...keys: string[]): void {
    this.#tmux('send-keys', '-t', 'test', ...keys);
  }

  type(text: string): void {
    this.#tmux('send-keys', '-t', 'test', '-l', text);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 'test', '-x', String(columns), '-y', String(rows));
  }

  get screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'test');
  }

  /** Its rows with the sequences of their colours. */
  get colored(): string[] {
    return this.#tmux('capture-pane', '-e', '-N', '-p', '-t', 'test').replace(/\n$/, '').split('\n');
  }

  /** Waits until the program has ended. */
  async ends(timeout = PATIENCE_MS): Promise<void> {
    const dead = (): string => this.#tmux('display-message', '-p', '-t', 'test', '#{pane_dead}').trim();
    await this.#until(() => (dead() === '1' ? true : null), 'it does not end', timeout);
  }

  get rows(): string[] {
    return this.screen.replace(/\n$/, '').split('\n');
  }

  /** Waits until the screen is such. @throws Error with what it shows */
  async shows(what: string | RegExp, timeout = PATIENCE_MS): Promise<string> {
    const fits = (screen: string): boolean =>
      typeof what === 'string' ? screen.includes(what) : what.test(screen);
    return await this.#until(() => (fits(this.screen) ? this.screen : null), `not shown: ${what}`, timeout);
  }

  async #until<T>(look: () => T | null, trouble: string, timeout: number): Promise<T> {
    const end = performance.now() + timeout;
    for (;;) {
      const found = look();
      if (found !== null) return found;
      if (performance.now() > end) throw new Error(`${trouble}\n${this.screen}`);
      await sleep(50);
    }
  }

  /** The process that the terminal was started with. */
  get pid(): number {
    return Number(this.#tmux('display-message', '-p', '-t', 'test', '#{pane_pid}'));
  }

  /** Whether the program draws on the other screen, which leaves what was there. */
  get alternate(): boolean {
    return this.#tmux('display-message', '-p', '-t', 'test', '#{alternate_on}').trim() === '1';
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], { env: this.#env, encoding: 'utf8' });
  }
}
