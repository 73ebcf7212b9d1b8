// SPDX-License-Identifier: MIT
/**
 * Folders in the temporary folder that do not stay: what a killed process left is removed
 * by the next one. A process id would not tell which those are, for another container
 * may share the folder; so each holds a socket that is listened on while its owner lives.
 */
import { lstat, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

const PREFIX = 'respin-vm-';
const ALIVE = 'alive';
/** A folder without a socket is just being made, or its maker was killed just then. */
const MAKING_MS = 60_000;

/**
 * Makes a folder, its path short enough for sockets in it, and removes those whose owner is gone.
 * @throws RespinError TEMPORARY_FOLDER (machine)
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const place = tmpdir();
  let folder: string;
  try {
    await sweep(place);
    folder = await mkdtemp(path.join(place, PREFIX));
  } catch (cause) {
    throw temporaryTrouble(cause);
  }
  const server = createServer((socket) => socket.destroy()).unref();
  const remove = async (): Promise<void> => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await listenOn(server, path.join(folder, `${ALIVE}.new`));
    // Renamed: between its bind(2) and listen(2) it would look as if nobody were there.
    await rename(path.join(folder, `${ALIVE}.new`), path.join(folder, ALIVE));
  } catch (cause) {
    await remove();
    throw cause;
  }
  return { path: folder, [Symbol.asyncDispose]: remove };
}

/**
 * Listens on a socket in such a folder.
 * @throws RespinError TEMPORARY_FOLDER (machine), for instance when the path is too long
 */
export async function listenOn(server: Server, file: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      // Stays: a connection that cannot be taken later on is one that nobody sees come.
      server.on('error', reject);
      server.listen(file, () => resolve());
    });
  } catch (cause) {
    throw temporaryTrouble(cause);
  }
}

function temporaryTrouble(cause: unknown): RespinError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new RespinError({
    code: 'TEMPORARY_FOLDER',
    blame: 'machine',
    message: `the machines' sockets cannot be made in ${tmpdir()}: ${code ?? message}`,
    hint: 'set TMPDIR to a folder you may write to, on a disk with room, with a path of at most 70 bytes',
    cause,
  });
}

async function sweep(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const folder = path.join(place, name);
    // Best effort: what cannot be removed does not keep a machine from its start.
    if (name.startsWith(PREFIX) && (await isAbandoned(folder)))
      await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  if (found === null || !found.isDirectory() || found.uid !== process.getuid?.()) return false;
  const refusal = await whyRefused(path.join(folder, ALIVE));
  return refusal === 'ECONNREFUSED' || (refusal === 'ENOENT' && Date.now() - found.mtimeMs > MAKING_MS);
}

/** The error of connecting to a socket; null when somebody took the connection. */
function whyRefused(file: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(file);
    socket.once('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}
