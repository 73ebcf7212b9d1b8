// SPDX-License-Identifier: MIT
import type { Context } from './command.ts';

/** The columns of the terminal that stdout is; undefined for a pipe, which has no right margin. */
export function terminalWidth({ stdout }: Context): number | undefined {
  return stdout.isTTY === true ? stdout.columns || 80 : undefined;
}
