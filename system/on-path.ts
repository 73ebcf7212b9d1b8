// SPDX-License-Identifier: MIT
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

/** The absolute path of the program that a shell would start by this name; null when there is none. */
export async function onPath(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    // What lies in the working folder is nobody's choice.
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    const isFile = await stat(file).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) continue;
    const mayRun = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (mayRun) return file;
  }
  return null;
}
