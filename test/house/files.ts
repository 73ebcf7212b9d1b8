// SPDX-License-Identifier: MIT
/** What the house tests read: every file that is or would be committed. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Paths from the project's folder. */
export function projectFiles(): string[] {
  const args = ['-C', ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', args, { encoding: 'utf8' }).split('\0');
  // A file deleted but not yet committed is still listed.
  return names.filter((name) => name !== '' && existsSync(path.join(ROOT, name)));
}

export function projectText(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
