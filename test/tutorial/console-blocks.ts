// SPDX-License-Identifier: MIT
/**
 * The commands of a Markdown page with what they print, as readers see them:
 *
 *     ```console
 *     $ respin series list      # exit status 1, where it is not 0
 *     a line that is printed
 *     …                         any lines, or none
 *     pass 31  … in a line      any text; how many blanks are between words does not matter
 *     ```
 *
 * A command without a line below it may print what it likes.
 */

export interface ConsoleCommand {
  /** 1-based, in the page. */
  line: number;
  /** For a shell. */
  command: string;
  status: number;
  /** Null: not looked at. */
  output: string[] | null;
}

const STATUS = /\s+# exit status (\d+)$/;

/** @throws Error for a block that does not begin with a command */
export function consoleCommands(page: string): ConsoleCommand[] {
  const commands: ConsoleCommand[] = [];
  let inside = false;
  for (const [at, line] of page.split('\n').entries()) {
    if (line === '```console' || (inside && line === '```')) {
      inside = line === '```console';
      if (inside) commands.push({ line: at + 1, command: '', status: 0, output: null });
      continue;
    }
    if (!inside) continue;
    const last = commands.at(-1);
    if (line.startsWith('$ ')) {
      const status = Number(STATUS.exec(line)?.[1] ?? 0);
      commands.push({ line: at + 1, command: line.slice(2).replace(STATUS, ''), status, output: null });
    } else if (last === undefined || last.command === '') {
      throw new Error(`line ${at + 1}: a block begins with a command`);
    } else if (last.command.endsWith('\\') && last.output === null) {
      last.command += `\n${line}`;
    } else {
      last.output = [...(last.output ?? []), line];
    }
  }
  return commands.filter(({ command }) => command !== '');
}

/** Why the text is not what the lines say; null when it is. */
export function mismatch(expected: readonly string[], text: string): string | null {
  const printed = text.replace(/\n$/, '').split('\n');
  // reached[i]: after so many printed lines the expected ones so far can have been seen.
  let reached = new Set([0]);
  for (const [at, line] of expected.entries()) {
    const next = new Set<number>();
    for (const from of reached) {
      if (line.trim() === '…') for (let to = from; to <= printed.length; to++) next.add(to);
      else if (from < printed.length && lineMatches(line, printed[from] ?? '')) next.add(from + 1);
    }
    if (next.size === 0) {
      const near = [...reached].map((from) => printed[from] ?? '(the end)').slice(0, 3);
      return `line ${at + 1} of what is expected is not there:\n  ${line}\nthere is:\n  ${near.join('\n  ')}`;
    }
    reached = next;
  }
  return reached.has(printed.length) ? null : `more is printed:\n  ${printed.at(-1)}`;
}

/** Blanks that align columns are one: a cell may be wider elsewhere. */
function lineMatches(expected: string, line: string): boolean {
  const [wanted, is] = [expected, line].map((text) => text.trimEnd().replace(/(?<=\S) +/g, ' ')) as [
    string,
    string,
  ];
  if (patternOf(wanted).test(is)) return true;
  // An emulated machine may stumble once: what passes only when it is repeated is said to be flaky.
  const at = wanted.indexOf('pass');
  return at >= 0 && is.includes('flaky') && patternOf(`${wanted.slice(0, at)}…`).test(is);
}

function patternOf(text: string): RegExp {
  const parts = text.split(/ ?… ?/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}
