// SPDX-License-Identifier: MIT
/** Bytes put aside in a file while a process runs: what is read once more later need not be in memory. */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileTrouble, makeFolder } from './file-trouble.ts';
import { cachePath } from './paths.ts';

export class PutAside implements Disposable {
  readonly #fd: number;
  readonly #folder: string;
  #end = 0;

  private constructor(fd: number, folder: string) {
    this.#fd = fd;
    this.#folder = folder;
  }

  /** @throws RespinError NO_SPACE, NOT_WRITABLE (machine) */
  static async make(): Promise<PutAside> {
    const folder = cachePath('put-aside');
    await makeFolder(folder);
    const file = path.join(folder, String(process.pid));
    try {
      const fd = openSync(file, 'w+', 0o600);
      // Without a name it is gone with the process, however that ends.
      unlinkSync(file);
      return new PutAside(fd, folder);
    } catch (cause) {
      throw fileTrouble(cause, file);
    }
  }

  /**
   * @returns what gives the bytes back
   * @throws RespinError NO_SPACE (machine)
   */
  add(bytes: Uint8Array): () => Uint8Array {
    const at = this.#end;
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#fd, bytes, done, undefined, at + done);
    } catch (cause) {
      throw fileTrouble(cause, this.#folder);
    }
    const { length } = bytes;
    this.#end += length;
    return () => {
      const back = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) done += readSync(this.#fd, back, done, length - done, at + done);
      return back;
    };
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
