// SPDX-License-Identifier: MIT
/**
 * Records: a folder each, in a folder of `$XDG_STATE_HOME/respin` for their kind. The file with
 * the result is written last and whole, so a folder without one is a run that goes on or was
 * killed. While a run goes on it holds a lock in its folder, which the kernel gives back when it dies.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { fileTrouble, makeFolder } from '../system/file-trouble.ts';
import { acquireLock, isLocked } from '../system/lock.ts';
import { statePath } from '../system/paths.ts';
import { writeWhole } from '../system/whole.ts';

export interface LogStream {
  /**
   * Appends at once, so that a killed run keeps what was written. A failure is told by `close`.
   * After the record's end it does nothing: a machine's last words may come late.
   */
  write(chunk: string | Uint8Array): void;
  /** @throws RespinError NO_SPACE and the like, when a write failed */
  close(): void;
}

/** What all records have. */
interface AnyRecord {
  id: string;
  /** ISO 8601, UTC. */
  started: string;
}

/** A kind of record and how it is told. */
export interface RecordKind<T extends AnyRecord> {
  /** In the state folder: `runs`. */
  folder: string;
  /** `run.json` */
  file: string;
  /** `run`, in messages. */
  noun: string;
  /** The command that lists them. */
  list: string;
  /** Whether it is of less than a whole: how many of these there are pushes none of the others out. */
  isPart?(record: T): boolean;
  /** The record in a file's text, or what is wrong with it in one line. */
  parse(json: string): Promise<{ record: T } | { trouble: string }>;
}

export interface OpenRecord<T> {
  readonly id: string;
  readonly dir: string;
  /** Adds a file, whole. `name` may hold folders: `logs/plan.txt`. */
  addFile(name: string, data: string | Uint8Array): Promise<void>;
  /** Opens a log; the same name again goes on with it. */
  log(name: string): LogStream;
  /**
   * Closes all logs and writes the result: the run is over, and nothing more can be added.
   * @throws RespinError when a log or the result could not be written; the record stays unfinished
   */
  finish(record: T): Promise<void>;
  /** Gives the lock back without finishing, for a run that ends by an error that cannot be recorded. */
  abandon(): Promise<void>;
}

/** What touches the disk; tests put a full one in its place. */
export interface RecordDisk {
  writeWhole(file: string, data: string | Uint8Array): Promise<void>;
  append(fd: number, chunk: Uint8Array): void;
}

export interface ListedRecord<T> {
  id: string;
  dir: string;
  state: 'finished' | 'running' | 'unfinished' | 'damaged';
  record: T | null;
  trouble: string | null;
}

const LOCK = '.lock';
const GONE = '.gone-';
const ID = /^\d{8}-\d{6}-[a-z0-9._-]+-[0-9a-f]{4}$/;

const DISK: RecordDisk = {
  writeWhole,
  append: (fd, chunk) => {
    for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
  },
};

/** All records of a kind. */
export class RecordStore<T extends AnyRecord> {
  readonly #kind: RecordKind<T>;
  /** By their folders: a dashboard looks at all of them again and again, and they hardly ever change. */
  readonly #read = new Map<string, { stamp: string; finished: ListedRecord<T> }>();

  constructor(kind: RecordKind<T>) {
    this.#kind = kind;
  }

  /** The folder that holds all of them. */
  get dir(): string {
    return statePath(this.#kind.folder);
  }

  /**
   * Begins a record.
   * @param series goes into its id, `20261122-111500-<series>-<4 hex>`
   * @throws RespinError NO_SPACE, NOT_WRITABLE
   */
  async open(series: string, options: { now?: Date; disk?: RecordDisk } = {}): Promise<OpenRecord<T>> {
    const { file, noun } = this.#kind;
    const { id, dir } = await recordFolder(this.dir, series, options.now ?? new Date());
    const disk = options.disk ?? DISK;
    // Waits: a listing may look at the lock of a record just as it is made.
    const lock = await acquireLock(path.join(dir, LOCK));
    const logs = new Map<string, Log>();
    let over = false;
    const open = (): void => {
      if (over) throw new Error(`the ${noun} ${id} has ended and is not written any more`);
    };
    const release = async (): Promise<void> => {
      over = true;
      await lock.release();
      await rm(path.join(dir, LOCK), { force: true });
    };
    return {
      id,
      dir,
      async addFile(name, data) {
        open();
        await disk.writeWhole(inside(dir, name, file), data);
      },
      log(name) {
        open();
        const known = logs.get(name);
        if (known !== undefined) return known;
        const log = new Log(inside(dir, name, file), disk);
        logs.set(name, log);
        return log;
      },
      async finish(record) {
        open();
        for (const log of logs.values()) log.endForGood();
        for (const log of logs.values()) log.close();
        await disk.writeWhole(path.join(dir, file), `${JSON.stringify({ ...record, id }, null, 2)}\n`);
        await release();
      },
      async abandon() {
        if (over) return;
        for (const log of logs.values()) log.endForGood();
        await release();
      },
    };
  }

  /** All records, newest first. One that cannot be read is named as such; the others are listed. */
  async list(): Promise<ListedRecord<T>[]> {
    const found: ListedRecord<T>[] = [];
    for (const id of await this.#ids()) found.push(await this.#look(id));
    const dirs = new Set(found.map(({ dir }) => dir));
    for (const dir of this.#read.keys()) if (!dirs.has(dir)) this.#read.delete(dir);
    return found.sort(newestFirst);
  }

  /**
   * Reads a finished record.
   * @param which its id, the beginning of one, or `last`
   * @throws RespinError NO_SUCH_RUN, AMBIGUOUS_RUN (usage); RUN_UNFINISHED (usage); RECORD_DAMAGED (machine)
   */
  async load(which: string): Promise<{ dir: string; record: T }> {
    const { noun } = this.#kind;
    if (which === 'last') {
      const last = (await this.list()).find((one) => one.record !== null);
      if (last?.record == null) throw this.#noSuchRun(`there is no finished ${noun} yet`);
      return { dir: last.dir, record: last.record };
    }
    const names = await this.#ids();
    const matches = names.includes(which)
      ? [which]
      : names.filter((name) => which !== '' && name.startsWith(which));
    const id = matches[0];
    if (id === undefined) throw this.#noSuchRun(`there is no ${noun} ${which}`);
    if (matches.length > 1) {
      throw new RespinError({
        code: 'AMBIGUOUS_RUN',
        blame: 'usage',
        message: `${matches.length} ${noun}s begin with ${which}`,
        detail: matches.sort().slice(0, 20).join('\n'),
        hint: 'write more of the id',
      });
    }
    const found = await this.#look(id);
    if (found.record !== null) return { dir: found.dir, record: found.record };
    const damaged = found.state === 'damaged';
    throw new RespinError({
      code: damaged ? 'RECORD_DAMAGED' : 'RUN_UNFINISHED',
      blame: damaged ? 'machine' : 'usage',
      message: `the ${noun} ${id} has no result: ${found.trouble}`,
      hint: `what there is of it lies in ${found.dir}`,
    });
  }

  /**
   * Removes all but the `keep` newest records, those of a part counted apart; a run that goes on is never touched.
   * @param also ids that stay whatever their age
   * @returns the ids of what was removed
   */
  async prune(keep: number, also: ReadonlySet<string> = new Set()): Promise<string[]> {
    if (!Number.isInteger(keep) || keep < 0) throw new RangeError(`cannot keep ${keep} records`);
    const idle = (await this.list()).filter((one) => one.state !== 'running' && !also.has(one.id));
    const removed: string[] = [];
    const { isPart } = this.#kind;
    const parts = idle.filter(({ record }) => record !== null && isPart?.(record) === true);
    const others = idle.filter((one) => !parts.includes(one));
    for (const { id, dir } of [...others.slice(keep), ...parts.slice(keep)]) {
      // Renamed first: a prune that is killed leaves nothing that looks like a record.
      const gone = path.join(this.dir, `${GONE}${id}`);
      try {
        await rename(dir, gone);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') continue;
        throw fileTrouble(cause, dir);
      }
      removed.push(id);
    }
    for (const name of await namesIn(this.dir))
      if (name.startsWith(GONE)) await rm(path.join(this.dir, name), { recursive: true, force: true });
    return removed;
  }

  async #ids(): Promise<string[]> {
    return (await namesIn(this.dir)).filter((name) => ID.test(name));
  }

  async #look(id: string): Promise<ListedRecord<T>> {
    const { file } = this.#kind;
    const dir = path.join(this.dir, id);
    let unreadable: string | null = null;
    const read = async (): Promise<string | null> => {
      try {
        return await readFile(path.join(dir, file), 'utf8');
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code;
        if (code === 'ENOENT') return null;
        unreadable = `${file} cannot be read: ${code}`;
        return '';
      }
    };
    const known = await this.#known(id, path.join(dir, file));
    if (known !== null) return known;
    const stamp = await stampOf(path.join(dir, file));
    let json = await read();
    if (json === null) {
      // Only looked at: a record is not written after its end, not even its lock.
      if (await isLocked(path.join(dir, LOCK))) {
        return { id, dir, state: 'running', record: null, trouble: 'it goes on' };
      }
      // It may have ended between the two looks.
      json = await read();
    }
    if (json === null) {
      return { id, dir, state: 'unfinished', record: null, trouble: 'it was ended before it was through' };
    }
    if (unreadable !== null) return { id, dir, state: 'damaged', record: null, trouble: unreadable };
    const parsed = await this.#kind.parse(json);
    if (!('record' in parsed)) return { id, dir, state: 'damaged', record: null, trouble: parsed.trouble };
    const finished = { id, dir, state: 'finished', record: parsed.record, trouble: null } as const;
    if (stamp !== null) this.#read.set(dir, { stamp, finished });
    return finished;
  }

  /** What was read before, where the file is still the same. */
  async #known(id: string, file: string): Promise<ListedRecord<T> | null> {
    const known = this.#read.get(path.join(this.dir, id));
    return known !== undefined && known.stamp === (await stampOf(file)) ? known.finished : null;
  }

  #noSuchRun(message: string): RespinError {
    return new RespinError({
      code: 'NO_SUCH_RUN',
      blame: 'usage',
      message,
      hint: `${this.#kind.list} shows them`,
    });
  }
}

class Log implements LogStream {
  readonly #file: string;
  readonly #disk: RecordDisk;
  #fd: number | null = null;
  #trouble: unknown = null;
  #over = false;

  constructor(file: string, disk: RecordDisk) {
    this.#file = file;
    this.#disk = disk;
    this.#try(() => {
      this.#open();
    });
  }

  write(chunk: string | Uint8Array): void {
    if (this.#over) return;
    this.#try(() => {
      const fd = this.#fd ?? this.#open();
      this.#disk.append(fd, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    });
  }

  close(): void {
    this.#end();
    const trouble = this.#trouble;
    if (trouble !== null) throw fileTrouble(trouble, this.#file);
  }

  /** Closes for good, without telling what went wrong: `close` does. */
  endForGood(): void {
    this.#end();
    this.#over = true;
  }

  #end(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #open(): number {
    mkdirSync(path.dirname(this.#file), { recursive: true });
    this.#fd = openSync(this.#file, 'a');
    return this.#fd;
  }

  /** The first failure counts: a log with a hole in it is not written on. */
  #try(work: () => void): void {
    if (this.#trouble !== null) return;
    try {
      work();
    } catch (cause) {
      this.#trouble = cause;
    }
  }
}

/** What of a series' name is in the ids of its records. */
export function idName(series: string): string {
  return (
    series
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 40) || 'run'
  );
}

/** The same out of an id: between the time and the last four digits. */
export function nameInId(id: string): string {
  return id.slice('20261122-111500-'.length, -'-730a'.length);
}

/** What a file has another of as soon as it is written anew; null where it cannot be seen. */
async function stampOf(file: string): Promise<string | null> {
  const seen = await stat(file).catch(() => null);
  return seen === null ? null : `${seen.ino} ${seen.size} ${seen.mtimeMs}`;
}

async function recordFolder(all: string, series: string, now: Date): Promise<{ id: string; dir: string }> {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const name = idName(series);
  try {
    await makeFolder(all);
    for (;;) {
      const id = `${stamp}-${name}-${randomBytes(2).toString('hex')}`;
      const dir = path.join(all, id);
      try {
        // Not recursive: of two runs that draw the same id only one may have the folder.
        await mkdir(dir);
        await mkdir(path.join(dir, 'logs'));
        return { id, dir };
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      }
    }
  } catch (cause) {
    throw fileTrouble(cause, all);
  }
}

/** A path below the record's folder; anything else is a bug, and the result is not for others to write. */
function inside(dir: string, name: string, result: string): string {
  const file = path.resolve(dir, name);
  const relative = path.relative(dir, file);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative) || relative === result)
    throw new Error(`not a file name for a record: ${name}`);
  return file;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileTrouble(cause, folder);
  }
}

function newestFirst<T extends AnyRecord>(a: ListedRecord<T>, b: ListedRecord<T>): number {
  const second = (one: ListedRecord<T>): string => one.id.slice(0, 15);
  return (
    second(b).localeCompare(second(a)) ||
    (b.record?.started ?? '').localeCompare(a.record?.started ?? '') ||
    b.id.localeCompare(a.id)
  );
}
