// SPDX-License-Identifier: MIT
/** Tells when what is shown has changed on disk: another terminal, another dashboard, an import. */
import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** Of a burst of changes only its end is told: a mail or a state is written as one file that is renamed. */
const QUIET_MS = 100;
/** What is being written, and what is no part of a series. */
const PASSING = /^\.|\.half-|~$/;

export class DiskWatch {
  readonly #patchesDir: string;
  readonly #changed: (series: string | null) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #waiting = new Map<string | null, NodeJS.Timeout>();

  /** @param changed with the name of the series; null: the list of them */
  constructor(patchesDir: string, changed: (series: string | null) => void) {
    this.#patchesDir = patchesDir;
    this.#changed = changed;
    this.#watch(patchesDir, null);
  }

  /** Those that are there now. */
  series(names: readonly string[]): void {
    for (const name of names) {
      const folder = path.join(this.#patchesDir, name);
      this.#watch(folder, name);
      this.#watch(path.join(folder, 'mail'), name);
    }
  }

  close(): void {
    for (const one of this.#watchers.values()) one.close();
    for (const one of this.#waiting.values()) clearTimeout(one);
    this.#watchers.clear();
    this.#waiting.clear();
  }

  #watch(folder: string, name: string | null): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, file) => {
        if (file !== null && PASSING.test(file)) return;
        this.#soon(name);
      });
      // The folder is gone: its list tells.
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // It is not there, or this machine has no watches left: then a key reads it again.
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #soon(name: string | null): void {
    clearTimeout(this.#waiting.get(name));
    const timer = setTimeout(() => {
      this.#waiting.delete(name);
      this.#changed(name);
    }, QUIET_MS);
    this.#waiting.set(name, timer);
  }
}
