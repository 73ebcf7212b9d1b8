// SPDX-License-Identifier: MIT
/** A command line as it can be pasted into a shell. */
import { shellWord } from '../../core/shell-word.ts';

/** Quotes where the shell needs it; variables that are only unset are left out. */
export function pasteable(
  command: string,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): string {
  const set = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${shellWord(value)}`],
  );
  return [...set, shellWord(command), ...args.map(quoteArgument)].join(' ');
}

function quoteArgument(argument: string): string {
  const assignment = /^([\w]+)=(.*)$/s.exec(argument);
  return assignment ? `${assignment[1]}=${shellWord(assignment[2] ?? '')}` : shellWord(argument);
}
