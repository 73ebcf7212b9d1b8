// SPDX-License-Identifier: MIT
import type { Severity } from '../../../core/check.ts';
import { inFunctions } from '../c-functions.ts';
import { type AddedCode, addedCode, type CLine, removedCalls, removedTexts } from '../c-lines.ts';
import { atLine } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

/** The document's table: what is not to be used, what to use instead, and how sure it is that it is wrong. */
const CALLS: Record<string, { instead: string; severity: Severity }> = {
  strcpy: { instead: 'use strscpy()', severity: 'warning' },
  strlcpy: { instead: 'use strscpy(), and mind what it gives back', severity: 'warning' },
  // Right for what is not ended by a NUL, which only its reader knows.
  strncpy: { instead: 'use strscpy(), strscpy_pad() or strtomem()', severity: 'note' },
  simple_strtol: { instead: 'use kstrtol()', severity: 'warning' },
  simple_strtoll: { instead: 'use kstrtoll()', severity: 'warning' },
  simple_strtoul: { instead: 'use kstrtoul()', severity: 'warning' },
  simple_strtoull: { instead: 'use kstrtoull()', severity: 'warning' },
};
const CALL = /(?<![\w.>])(?:str[ln]?cpy|simple_strtou?ll?)(?=\()/g;

/** Which argument is the size, and the form with two factors. */
const ALLOCATORS: Record<string, { size: number; instead: string }> = {
  kmalloc: { size: 0, instead: 'kmalloc_array()' },
  kzalloc: { size: 0, instead: 'kcalloc()' },
  kmalloc_node: { size: 0, instead: 'kmalloc_array_node()' },
  kzalloc_node: { size: 0, instead: 'kcalloc_node()' },
  kvmalloc: { size: 0, instead: 'kvmalloc_array()' },
  kvzalloc: { size: 0, instead: 'kvcalloc()' },
  krealloc: { size: 1, instead: 'krealloc_array()' },
  vmalloc: { size: 0, instead: 'vmalloc_array()' },
  vzalloc: { size: 0, instead: 'vcalloc()' },
  devm_kmalloc: { size: 1, instead: 'devm_kmalloc_array()' },
  devm_kzalloc: { size: 1, instead: 'devm_kcalloc()' },
  dma_alloc_coherent: { size: 1, instead: 'array_size()' },
};
const ALLOCATOR = new RegExp(`(?<![\\w.>])(?:${Object.keys(ALLOCATORS).join('|')})(?=\\()`, 'g');
const MOST_LINES = 6;
const MOST_CHARACTERS = 500;
const POINTER = /%[-0-9 #]{0,8}p(?![A-Za-z0-9])/;
const EMPTY_ARRAY = /^\s+(?:struct |unsigned |const )?\w+[\s*]+(\w+)\[0\];$/;

export const deprecatedApi: Rule = {
  id: 'deprecated-api',
  kind: 'source',
  severity: 'warning',
  title: 'new code uses nothing that is deprecated',
  explanation: `The kernel keeps a list of interfaces and habits that are no longer to be used, "to educate developers
about what has been deprecated and why". From it this rule knows strcpy(), strlcpy(), strncpy() where the string ends
with a NUL, simple_strtol() and its kin, a multiplication in the size given to an allocator, plain %p in a format, and
arrays of length [0] at the end of a structure. BUG() is a rule of its own; for variable-length arrays and switch cases
that fall through the compiler warns.

Lines that only move or change are left out.`,
  link: 'https://docs.kernel.org/process/deprecated.html',
  needs: 'mails',
  advice: 'use what the document names instead',
  check: ({ series }) => {
    const before = new Map(series.patches.map((patch) => [patch, formerly(patch)]));
    const scopes = new WeakMap<readonly CLine[], boolean[]>();
    return [...addedCode(series)].flatMap((one): Found[] => {
      const former = before.get(one.patch);
      if (former === undefined || former.texts.has(one.line.text.trim())) return [];
      const place = { place: atLine(one), quote: one.line.text };
      const inside = scopes.get(one.lines) ?? inFunctions(one.lines, one.hunk.heading);
      scopes.set(one.lines, inside);
      return [...calls(one), ...products(one, former), ...pointers(one, former), ...arrays(one, inside)].map(
        (found) => ({ ...place, ...found }),
      );
    });
  },
};

/** What a patch takes away: to have it again is nothing new. */
interface Former {
  texts: Set<string>;
  products: Set<string>;
  pointer: boolean;
}

function formerly(patch: AddedCode['patch']): Former {
  const texts = removedTexts(patch);
  const products = new Set(
    [...texts].flatMap((text) => productsIn(text, text).map(({ product }) => product)),
  );
  return { texts, products, pointer: [...texts].some((text) => POINTER.test(text)) };
}

type Said = Pick<Found, 'text' | 'advice' | 'severity'>;

function calls({ code, directive, hunk }: AddedCode): Said[] {
  // In the first column stands the function itself.
  if (directive || /^\S/.test(code)) return [];
  const known = removedCalls(hunk);
  const names = [...code.matchAll(CALL)].map(([name]) => name).filter((name) => !known.has(name));
  return names.map((name) => {
    const { instead = '', severity = 'warning' } = CALLS[name] ?? {};
    return { text: `${name}() is deprecated`, advice: instead, severity };
  });
}

function products({ lines, index, code, directive }: AddedCode, former: Former): Said[] {
  if (directive || /^\S/.test(code)) return [];
  const below = lines.slice(index + 1, index + MOST_LINES).map((line) => line.code.trim());
  return productsIn(code, [code, ...below].join(' '))
    .filter(({ product }) => !former.products.has(product))
    .map(({ name, product }) => ({
      text: `${name}() is given a size that is multiplied: ${product}`,
      advice: `use ${ALLOCATORS[name]?.instead}, or struct_size(), array_size() and size_mul()`,
    }));
}

/** Of the calls in a line; `all` is the line and what their arguments go on in. */
function productsIn(code: string, all: string): { name: string; product: string }[] {
  return [...code.matchAll(ALLOCATOR)].flatMap(({ 0: name, index }) => {
    const begin = index + name.length + 1;
    const argument = argumentsOf(all.slice(begin, begin + MOST_CHARACTERS))[ALLOCATORS[name]?.size ?? 0];
    const product = productIn(argument?.trim() ?? '');
    return product === null ? [] : [{ name, product }];
  });
}

/** The arguments of a call, from behind its bracket to the one that ends it; as far as the text goes. */
function argumentsOf(text: string): string[] {
  const all: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    if (depth < 0 || (depth === 0 && char === ',')) {
      all.push(text.slice(begin, at));
      begin = at + 1;
    }
    if (depth < 0) break;
  }
  return all;
}

/** A product of two values of which one at least is no constant: for two the compiler warns. */
function productIn(argument: string): string | null {
  const plain = withoutBrackets(argument);
  for (const { index } of plain.matchAll(/\*/g)) {
    const left = /[\w.>[\]()-]{1,80}\s?$/.exec(plain.slice(Math.max(0, index - 80), index))?.[0].trim();
    const right = /^\s?[\w.>[\]()-]{1,80}/.exec(plain.slice(index + 1, index + 81))?.[0].trim();
    // `sizeof *a` multiplies nothing.
    if (left === undefined || right === undefined || left === 'sizeof') continue;
    if (![left, right].every((word) => /^(?:sizeof\(\)|\d\w*|[A-Z][A-Z0-9_]*)$/.test(word))) {
      return `${left} * ${right}`;
    }
  }
  return null;
}

/** `sizeof(*a) * (b + 1)` → `sizeof() * _`: what is in brackets is one value. */
function withoutBrackets(text: string): string {
  let depth = 0;
  let plain = '';
  for (const char of text) {
    if (char === ')') depth--;
    if (depth === 0 && char !== ')' && char !== '(') plain += char;
    if (char === '(' && depth++ === 0) plain += /\w\s?$/.test(plain.slice(-2)) ? '()' : '_';
  }
  return plain;
}

function pointers({ strings }: AddedCode, former: Former): Said[] {
  if (former.pointer || !POINTER.test(strings)) return [];
  const advice = 'leave the pointer out, or use %pS for a function';
  return [{ text: 'a plain %p prints a hash that says nothing', advice, severity: 'note' }];
}

function arrays({ code, index, directive }: AddedCode, inside: readonly boolean[]): Said[] {
  const name = EMPTY_ARRAY.exec(code.trimEnd().slice(0, 200))?.[1];
  if (name === undefined || directive || inside[index] === true) return [];
  const advice = `make it a flexible array: ${name}[]`;
  return [{ text: `${name}[0] is an array of no length`, advice }];
}
