// SPDX-License-Identifier: MIT
/** Tells when what is shown has changed on disk: another terminal, another dashboard, an import, a checkout. */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';

/** Of a burst of changes only its end is told: a mail or a state is written as one file that is renamed. */
const QUIET_MS = 100;
/** What is being written, and what is no part of a series. */
const PASSING = /^\.|\.half-|~$/;
/** Folders of a series that its review is made from. */
const OF_SERIES = /^(?:mail|v\d+)$/;

interface Watched {
  watcher: FSWatcher;
  /** A folder that was removed and made again has another. */
  inode: number;
}

export class DiskWatch {
  readonly #patchesDir: string;
  readonly #changed: (series: string | null) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #waiting = new Map<string | null, NodeJS.Timeout>();

  /** @param changed with the name of the series; null: the list of them */
  constructor(patchesDir: string, changed: (series: string | null) => void) {
    this.#patchesDir = patchesDir;
    this.#changed = changed;
    this.#watch(patchesDir, () => this.#soon(null));
  }

  /** Those that are there now. */
  series(names: readonly string[]): void {
    this.#watch(this.#patchesDir, () => this.#soon(null));
    for (const name of names) this.#one(name);
  }

  /** Folders of records, and each record that begins meanwhile: its result is written last, into its own folder. */
  records(folders: readonly string[], changed: () => void): void {
    for (const folder of folders) {
      this.#watch(folder, (name) => {
        this.#watch(path.join(folder, name), () => this.#after(folder, changed));
        this.#after(folder, changed);
      });
    }
  }

  close(): void {
    for (const { watcher } of this.#watched.values()) watcher.close();
    for (const one of this.#waiting.values()) clearTimeout(one);
    this.#watched.clear();
    this.#waiting.clear();
  }

  #one(name: string): void {
    const folder = path.join(this.#patchesDir, name);
    const heard = (): void => {
      // It may have a folder more now, or another one of the same name.
      this.#one(name);
      this.#soon(name);
    };
    this.#watch(folder, heard);
    for (const inside of foldersIn(folder)) {
      if (OF_SERIES.test(inside)) this.#watch(path.join(folder, inside), heard);
    }
  }

  #watch(folder: string, heard: (file: string) => void): void {
    const inode = statSync(folder, { throwIfNoEntry: false })?.ino;
    const known = this.#watched.get(folder);
    if (known !== undefined && known.inode === inode) return;
    known?.watcher.close();
    this.#watched.delete(folder);
    if (inode === undefined) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, file) => {
        if (file === null || !PASSING.test(file)) heard(file ?? '');
      });
      // What is wrong with it shows when it is read.
      watcher.on('error', () => watcher.close());
      this.#watched.set(folder, { watcher, inode });
    } catch {
      // This machine has no watches left, or it is a file: then R reads it again.
    }
  }

  #soon(name: string | null): void {
    this.#after(name, () => {
      // Folders that have come, and those that were made again.
      if (name === null) this.#watch(this.#patchesDir, () => this.#soon(null));
      this.#changed(name);
    });
  }

  #after(key: string | null, then: () => void): void {
    clearTimeout(this.#waiting.get(key));
    const timer = setTimeout(() => {
      this.#waiting.delete(key);
      then();
    }, QUIET_MS);
    this.#waiting.set(key, timer);
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
