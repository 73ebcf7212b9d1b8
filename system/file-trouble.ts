// SPDX-License-Identifier: MIT
/** What the disk says no to, as an error a user can act on. */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';

/** Turns a full disk or a missing permission into an error with a hint; lets all else pass. */
export function fileTrouble(cause: unknown, file: string): unknown {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RespinError({
      code: 'NO_SPACE',
      blame: 'machine',
      message: `no space left for ${file}`,
      hint: `make room there, or set XDG_CACHE_HOME to a folder on a larger disk`,
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new RespinError({
      code: 'NOT_WRITABLE',
      blame: 'machine',
      message: `cannot write ${file}: ${code}`,
      hint: 'set XDG_CACHE_HOME and XDG_STATE_HOME to folders you may write to',
      cause,
    });
  }
  return cause;
}

const WRONG_PATH: Record<string, string> = {
  ENOENT: 'there is no such folder, or nothing can be made in it',
  ENOTDIR: 'something above it is no folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EINVAL: 'it is no name for a file',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is on a disk that is only read',
  ENOTSUP: 'no file can be made there',
};

/** The same for a path that the user has named, as with `--out`: it is the path that is wrong. */
export function outTrouble(cause: unknown, file: string): unknown {
  const why = WRONG_PATH[(cause as NodeJS.ErrnoException | null)?.code ?? ''];
  if (why === undefined) return fileTrouble(cause, file);
  return new RespinError({
    code: 'OUT_PATH',
    blame: 'usage',
    message: `cannot write ${printable(file)}: ${why}`,
    hint: 'name a place with --out that is there and that you may write to',
    cause,
  });
}

/**
 * Makes a folder and those above it.
 * @throws RespinError NO_SPACE, NOT_WRITABLE
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw fileTrouble(await plainCause(cause, folder), folder);
  }
}

/** Node says ENOENT of a recursive mkdir on a read-only disk: the nearest folder there is knows better. */
async function plainCause(cause: unknown, folder: string): Promise<unknown> {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') return cause;
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    try {
      await access(above, constants.W_OK);
      return cause;
    } catch (why) {
      const { code } = why as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || above === path.dirname(above)) return why;
    }
  }
}
