// SPDX-License-Identifier: MIT
/** A command line as it can be pasted into a shell. */

/** Quotes where the shell needs it; variables that are only unset are left out. */
export function pasteable(
  command: string,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): string {
  const set = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quote(value)}`],
  );
  return [...set, quote(command), ...args.map(quoteArgument)].join(' ');
}

function quoteArgument(argument: string): string {
  const assignment = /^([\w]+)=(.*)$/s.exec(argument);
  return assignment ? `${assignment[1]}=${quote(assignment[2] ?? '')}` : quote(argument);
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) || text === '' ? text || "''" : `'${text.replaceAll("'", "'\\''")}'`;
}
