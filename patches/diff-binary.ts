// SPDX-License-Identifier: MIT
/** The `GIT binary patch` part of a diff: only checked for being whole, git reads it. */
import { damaged, truncated } from './diff-errors.ts';

/**
 * Goes over the one or two blocks (forward, and backward if git wrote it).
 * Format: git's diff.c emit_binary_diff_body: `literal N` or `delta N`, then lines of a length
 * letter (A-Z is 1 to 26 bytes, a-z 27 to 52) and base85 text, then an empty line.
 * @param at the line behind `GIT binary patch`
 * @returns the line behind the blocks
 */
export function checkBinaryLines(lines: readonly string[], at: number, file: string): number {
  let line = at;
  for (let block = 0; block < 2; block++) {
    if (!/^(literal|delta) \d+\r?$/.test(lines[line] ?? '')) {
      if (block === 0) throw truncated(`the binary patch of ${file} has no data`);
      return line;
    }
    line++;
    for (; ; line++) {
      const text = lines[line]?.replace(/\r$/, '');
      if (text === undefined) throw truncated(`the binary patch of ${file} ends in the middle`);
      if (text === '') break;
      const code = text.charCodeAt(0);
      const bytes = code >= 97 && code <= 122 ? code - 70 : code >= 65 && code <= 90 ? code - 64 : 0;
      if (bytes === 0 || text.length !== 1 + Math.ceil(bytes / 4) * 5) {
        const say = lines[line + 1] === undefined ? truncated : damaged;
        throw say(`the binary patch of ${file} has a line that is not whole`);
      }
    }
    line++;
  }
  return line;
}
