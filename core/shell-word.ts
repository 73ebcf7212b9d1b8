// SPDX-License-Identifier: MIT

/** A word as a POSIX shell has to be given it: in quotes where it holds what a shell acts on. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
