// SPDX-License-Identifier: MIT
/**
 * The functions of a hunk. It begins and ends anywhere, so braces are not counted: by the kernel's
 * own style only functions and types open and close one in the first column.
 */
import type { CLine } from './c-lines.ts';

/** A function with its body, as far as the hunk shows it. */
export interface Definition {
  name: string;
  /** The lines from its first word to the one before the brace, or the line that has all. */
  head: readonly CLine[];
  /** The head in one line. */
  text: string;
  /** Where in `lines` the body opens, and where it closes; null when the hunk ends before. */
  open: number;
  close: number | null;
}

/** What a macro is called that stands where a function's name could. */
const ATTRIBUTE =
  /^__(?:attribute__|printf|scanf|must_hold|acquires?|releases?|cond_acquires|aligned|alloc_size|section|format\w*|no_sanitize\w*|nonnull|bpf_\w+|releases_shared|acquires_shared|guarded_by)$/;
const MOST_HEAD_LINES = 20;

/** The functions whose body opens in these lines, in order. */
export function definitions(lines: readonly CLine[]): Definition[] {
  const found: Definition[] = [];
  for (const [open, { code, directive }] of lines.entries()) {
    if (directive || !code.includes('{') || /^\s/.test(code)) continue;
    const own = code.slice(0, code.indexOf('{'));
    const first = own === '' || /^\s/.test(own) ? headBegin(lines, open - 1) : oneLine(own, lines, open);
    if (first === null) continue;
    const last = own === '' ? open : open + 1;
    const head = lines.slice(first, last);
    const text = [...lines.slice(first, open).map((one) => one.code.trim()), own.trim()].join(' ').trim();
    const name = nameOf(text);
    if (name !== null) found.push({ name, head, text, open, close: closeOf(lines, open) });
  }
  return found;
}

/** A head whose brace stands at its own end: it may have begun some lines above. */
function oneLine(own: string, lines: readonly CLine[], open: number): number | null {
  if (!own.trimEnd().endsWith(')')) return null;
  return own.includes('(') && own.indexOf('(') < own.indexOf(')') ? open : headBegin(lines, open);
}

function headBegin(lines: readonly CLine[], last: number): number | null {
  let first = last + 1;
  while (first > 0 && last - first < MOST_HEAD_LINES) {
    const above = lines[first - 1];
    if (above === undefined || above.directive || /^$|[;}{]$/.test(above.code.trimEnd().slice(-1))) break;
    first--;
  }
  const begins = lines[first];
  return first > last || begins === undefined || !/^[A-Za-z_]/.test(begins.code) ? null : first;
}

function nameOf(text: string): string | null {
  if (/^(?:typedef|extern)\b/.test(text)) return null;
  let depth = 0;
  let name: string | null = null;
  for (const { 0: token, index } of text.matchAll(/[A-Za-z_]\w*|[()=]/g)) {
    if (token === '=' && depth === 0) return null;
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (depth === 0 && name === null && !ATTRIBUTE.test(token)) {
      const behind = text.slice(index + token.length, index + token.length + 2);
      if (/^ ?\(/.test(behind)) name = token;
    }
  }
  return name;
}

function closeOf(lines: readonly CLine[], open: number): number | null {
  if (lines[open]?.code.trimEnd().endsWith('}')) return open;
  for (let at = open + 1; at < lines.length; at++) {
    // A body that never closes before the next thing begins is no reason to read to the end each time.
    if (isEdge(lines[at])) return lines[at]?.code.startsWith('}') ? at : null;
  }
  return null;
}

/** What git prints of a function; of a type or variable it would have no bracket. */
const HEADING = /^[A-Za-z_][^;={]*\(/;
const STATEMENT =
  /^\s+(?:(?:if|for|while|switch|do|return|goto|break|continue)\b|[\w.>[\]-]{1,80}(?:\([^;]{0,200}\);| [-+|&^]?= .{0,200};)\s*$)/;

/**
 * For each line whether it is in a function's body. Where the hunk shows neither its beginning nor
 * its end, what git printed as heading and a statement must speak for it.
 */
export function inFunctions(lines: readonly CLine[], heading: string): boolean[] {
  let inside: boolean | null = null;
  const states = lines.map(({ code, directive }, at): boolean | null => {
    if (directive || !/^[A-Za-z_{}]/.test(code) || isLabel(code)) return inside;
    if (code.startsWith('{')) {
      const above = lines[at - 1];
      inside =
        above === undefined ? HEADING.test(heading) : /\)[\s\w()]*$/.test(above.code.trimEnd().slice(-80));
    } else inside = /\) ?\{$/.test(code.trimEnd().slice(-3)) && !code.includes('=');
    return code.startsWith('}') ? null : inside;
  });
  // A brace that closes says what it closed only to what stands above it, and nothing is above the first.
  const edge = states.findIndex((_, at) => isEdge(lines[at]));
  const head = edge < 0 ? lines : lines.slice(0, edge);
  const closes = edge >= 0 && /^\}\s*$/.test(lines[edge]?.code ?? '');
  const spoken = edge < 0 && HEADING.test(heading) && head.some(({ code }) => STATEMENT.test(code));
  return states.map((state, at) => (edge < 0 || at < edge ? closes || spoken : (state ?? false)));
}

function isEdge(one: CLine | undefined): boolean {
  return one !== undefined && !one.directive && /^[A-Za-z_{}]/.test(one.code) && !isLabel(one.code);
}

function isLabel(code: string): boolean {
  return /^\w+:(?!:)\s*$/.test(code.slice(0, 120));
}
