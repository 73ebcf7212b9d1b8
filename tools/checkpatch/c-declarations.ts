// SPDX-License-Identifier: MIT
/** The declarations at the top of a block, as far as they can be told from statements by their look. */
import { inFunctions } from './c-functions.ts';
import type { CLine } from './c-lines.ts';

export interface Declaration {
  /** Its first line. */
  line: CLine;
  names: string[];
  /** Words that stand in its initialisers and sizes. */
  uses: Set<string>;
  /** Columns of its line; null for one that has no place in the order: over several lines, static, a macro, with a comment. */
  width: number | null;
  /** A line that is none stands above it: a comment. */
  apart: boolean;
}

const STATEMENTS = new Set(
  'return goto else case default break continue if while for do switch typedef sizeof extern asm'.split(' '),
);
const MACRO = /^(?:DECLARE_|DEFINE_|CLASS|[HL]?LIST_HEAD|BPF_|VLAIS)/;
const TAB = 8;
/** What is longer is no list of declarations that anybody orders, and to read on would have no end in hostile text. */
const MOST_LINES = 100;

/** The blocks of declarations that the hunk shows from the brace above to what follows them. */
export function declarationBlocks(lines: readonly CLine[], heading: string): Declaration[][] {
  const inside = inFunctions(lines, heading);
  const blocks: Declaration[][] = [];
  for (const [at, { code, directive }] of lines.entries()) {
    if (directive || inside[at + 1] !== true || !opensBlock(code)) continue;
    const block = blockAt(lines, at + 1);
    if (block !== null) blocks.push(block);
  }
  return blocks;
}

/** The declaration in a line of its own; null when it is none. */
export function declarationIn(line: CLine): Declaration | null {
  return declared(line, line.code.trim(), [line], false);
}

function opensBlock(code: string): boolean {
  return /(?:^|\) ?|\belse |\bdo |: )\{$/.test(code.trimEnd().slice(-8));
}

function blockAt(lines: readonly CLine[], from: number): Declaration[] | null {
  const block: Declaration[] = [];
  let apart = false;
  for (let at = from; at < lines.length && at - from < MOST_LINES; at++) {
    const line = lines[at] as CLine;
    if (line.code.trim() === '' && line.comment) {
      apart = true;
      continue;
    }
    const all: CLine[] = [];
    let code = '';
    do {
      const next = lines[at + all.length];
      if (next === undefined || at + all.length - from > MOST_LINES) return null;
      all.push(next);
      code += ` ${next.code.trim()}`;
    } while (looksDeclared(line.code.trim()) && !isWhole(code));
    const one = declared(line, code.trim(), all, apart);
    if (one === null) return block;
    block.push(one);
    apart = false;
    at += all.length - 1;
  }
  return null;
}

function isWhole(code: string): boolean {
  // Braces of an initialiser have semicolons in none of its lines, a statement expression has.
  return code.endsWith(';');
}

function looksDeclared(code: string): boolean {
  if (MACRO.test(code)) return true;
  const words = typed(code);
  return words.length > 1 && !STATEMENTS.has(words[0] as string);
}

/** The words in front of the first `=`, `;`, `,`, `[`, `(` or `:`, when nothing but stars is between them. */
function typed(code: string): string[] {
  const end = code.search(/[=;,[(:]/);
  const head = end < 0 ? code : code.slice(0, end);
  // Without what ends it, it goes on in the next line: only a type does.
  return /^[\w\s*]+$/.test(head) ? (head.match(/\w+/g) ?? []) : [];
}

function declared(line: CLine, code: string, all: readonly CLine[], apart: boolean): Declaration | null {
  if (!looksDeclared(code) || !code.endsWith(';')) return null;
  const macro = MACRO.test(code);
  const outOfOrder = macro || /^static\b/.test(code) || all.length > 1 || line.comment;
  const names = macro ? (code.match(/\w+/g) ?? []) : namesOf(code);
  const rest = code.slice(code.search(/[=[(;]/));
  return {
    line,
    names,
    uses: new Set(rest.match(/[A-Za-z_]\w*/g) ?? []),
    width: outOfOrder ? null : columns(line.code.trimEnd()),
    apart,
  };
}

/** `int a = f(x, y), *b[2];` → a, b */
function namesOf(code: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let name = '';
  let value = false;
  for (const { 0: token } of code.matchAll(/\w+|[^\w\s]/g)) {
    if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    else if (depth === 0 && (token === ',' || token === ';')) {
      if (name !== '') names.push(name);
      name = '';
      value = false;
    } else if (depth === 0 && token === '=') value = true;
    else if (!value && depth <= 1 && /^[A-Za-z_]/.test(token)) {
      // A function pointer has its name in the first bracket; what follows a name in one is an argument or an attribute's.
      if (depth === 0 ? !token.startsWith('__') : name === '' || /^(?:int|void|bool)$/.test(name))
        name = token;
    }
  }
  return names;
}

function columns(text: string): number {
  let width = 0;
  for (const char of text) width += char === '\t' ? TAB - (width % TAB) : 1;
  return width;
}
