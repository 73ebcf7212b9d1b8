// SPDX-License-Identifier: MIT
/**
 * Which lines of a C source the configuration compiles. What the preprocessor left says it of single lines, but not of
 * all: of a macro's arguments over several lines only the first is left, of a comment or a #define none. So a
 * branch between `#if` and `#endif` counts as compiled when any of its lines is left, and then with all its lines.
 */

interface Branch {
  parent: number | null;
  built: boolean;
}

/** `#if`, `#ifdef`, `#ifndef` open, `#else` and `#elif` go on, `#endif` closes. */
const CONDITIONAL = /^\s*#\s*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b/;

/**
 * @param source the whole text
 * @param left the lines that the preprocessor left, 1-based
 * @returns by line, from 1 (index 0 is not used): false where another branch is compiled
 */
export function builtLines(source: string, left: ReadonlySet<number>): boolean[] {
  const lines = source.split('\n');
  const branches: Branch[] = [{ parent: null, built: left.size > 0 }];
  const owner: number[] = [0];
  let current = 0;
  for (const [index, code] of withoutComments(lines).entries()) {
    const word = CONDITIONAL.exec(code.text)?.[1];
    const directive = code.continued ? undefined : word;
    const parent = branches[current]?.parent ?? null;
    if (directive?.startsWith('if')) {
      // The line that asks is compiled whenever what is around it is.
      owner.push(current);
      branches.push({ parent: current, built: false });
      current = branches.length - 1;
    } else if (directive !== undefined && parent !== null) {
      owner.push(parent);
      current = parent;
      if (directive !== 'endif') {
        branches.push({ parent, built: false });
        current = branches.length - 1;
      }
    } else {
      owner.push(current);
    }
    if (left.has(index + 1)) markBuilt(branches, owner[index + 1] ?? 0);
  }
  for (const branch of emptyBranches(branches, owner, lines)) markBuilt(branches, branch);
  return owner.map((branch) => branches[branch]?.built === true);
}

/** A branch is compiled only within one that is. */
function markBuilt(branches: Branch[], from: number): void {
  for (let at: number | null = from; at !== null; at = branches[at]?.parent ?? null) {
    const branch = branches[at];
    if (branch === undefined || (branch.built && at !== 0)) return;
    branch.built = true;
  }
}

/** A branch of comments, blanks and directives alone leaves nothing, so nothing speaks against it. */
function emptyBranches(
  branches: readonly Branch[],
  owner: readonly number[],
  lines: readonly string[],
): number[] {
  const code = withoutComments([...lines]);
  const full = new Set<number>();
  for (const [index, { text, continued }] of code.entries()) {
    const branch = owner[index + 1] ?? 0;
    if (text.trim() !== '' && !continued && !/^\s*#/.test(text)) {
      for (let at: number | null = branch; at !== null; at = branches[at]?.parent ?? null) full.add(at);
    }
  }
  return branches.flatMap(({ parent, built }, at) => {
    if (built || full.has(at) || parent === null) return [];
    return branches[parent]?.built === true ? [at] : [];
  });
}

interface CodeLine {
  /** With a blank for each comment, without what is in strings. */
  text: string;
  /** The line before it ended in a backslash. */
  continued: boolean;
}

/** Comments of both kinds, strings and character constants are taken out; ISO C17 5.1.1.2 and 6.4.9. */
export function withoutComments(lines: readonly string[]): CodeLine[] {
  let inComment = false;
  let continued = false;
  let lineComment = false;
  return lines.map((line) => {
    let text = '';
    let quote: string | null = null;
    const was = continued;
    for (let at = 0; at < line.length; at++) {
      const char = line[at] as string;
      const two = line.slice(at, at + 2);
      if (lineComment) break;
      if (inComment) {
        if (two !== '*/') continue;
        inComment = false;
        text += ' ';
        at++;
      } else if (quote !== null) {
        if (char === '\\') at++;
        else if (char === quote) {
          quote = null;
          text += char;
        }
      } else if (two === '/*') {
        inComment = true;
        at++;
      } else if (two === '//') {
        lineComment = true;
      } else {
        if (char === '"' || char === "'") quote = char;
        text += char;
      }
    }
    continued = /\\\s*$/.test(line) && !inComment;
    if (!continued) lineComment = false;
    return { text, continued: was };
  });
}
