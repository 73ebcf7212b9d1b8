// SPDX-License-Identifier: MIT
/** Making files and folders so that they are there whole or not at all. */
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileTrouble, makeFolder } from './file-trouble.ts';
import { acquireLock, type OnWait, tryLock } from './lock.ts';

export { fileTrouble };

const HALF_MADE = '.half-';

/** Replaces a file in one step; a reader sees the old text or the new, never a part. */
export async function writeWhole(file: string, data: string | Uint8Array): Promise<void> {
  await makeFolder(path.dirname(file));
  const half = `${file}${HALF_MADE}${process.pid}`;
  try {
    const handle = await open(half, 'w');
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(half, file);
  } catch (cause) {
    await rm(half, { force: true });
    throw fileTrouble(cause, file);
  }
}

/**
 * Makes the folder `final` with `make`, which fills a folder of another name; it is
 * renamed when `make` returns. Two processes that want the same folder: one makes
 * it, the other waits. What killed processes left half-made is removed, here and beside it: nobody may
 * ever want that one again. So is a folder that `isWhole` does not find whole, but only under the lock:
 * it may be another's new one.
 * @returns whether it was made now or was there already
 */
export async function makeWhole(
  final: string,
  make: (half: string) => Promise<void>,
  options: { onWait?: OnWait; signal?: AbortSignal; isWhole?: () => Promise<boolean> } = {},
): Promise<'made' | 'there'> {
  const isThere = async (): Promise<boolean> =>
    existsSync(final) && (options.isWhole === undefined || (await options.isWhole()));
  if (await isThere()) return 'there';
  await using _lock = await acquireLock(`${final}.lock`, options.onWait, options.signal);
  if (await isThere()) return 'there';
  await rm(final, { recursive: true, force: true });
  await removeHalfMade(final);
  const half = `${final}${HALF_MADE}${process.pid}`;
  try {
    await makeFolder(half);
    await make(half);
    await rename(half, final);
  } catch (cause) {
    await rm(half, { recursive: true, force: true });
    throw fileTrouble(cause, final);
  }
  return 'made';
}

/** Removes what `makeWhole` made, when nobody makes it just now. Who uses it has to be known by the caller. */
export async function removeWhole(final: string, signal?: AbortSignal): Promise<void> {
  await using _lock = await acquireLock(`${final}.lock`, undefined, signal);
  await rm(final, { recursive: true, force: true });
}

/** All that is half-made where `final` will be, whose lock the caller holds: not what another is making just now. */
async function removeHalfMade(final: string): Promise<void> {
  const folder = path.dirname(final);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [, name] = /^(.+)\.half-\d+$/.exec(entry.name) ?? [];
    if (name === undefined || !entry.isDirectory()) continue;
    const half = path.join(folder, entry.name);
    if (name === path.basename(final)) {
      await rm(half, { recursive: true, force: true });
      continue;
    }
    // One without a lock was not made here.
    const lock = path.join(folder, `${name}.lock`);
    await using held = existsSync(lock) ? await tryLock(lock) : null;
    if (held === null) continue;
    // Another's, or of a file system that has gone read-only: it is in nobody's way.
    await rm(half, { recursive: true, force: true }).catch(() => {});
  }
}
