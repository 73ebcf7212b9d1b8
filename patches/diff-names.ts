// SPDX-License-Identifier: MIT
/** File names as diffs spell them: C-quoted, with `a/` and `b/` in front, with a tab behind. */

const SIMPLE_ESCAPES: Record<string, number> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/**
 * Reads a C-quoted name as git writes it (quote.c): octal escapes are bytes of UTF-8.
 * @param text begins with the opening quote
 * @returns the name and what follows the closing quote; null when it is not well formed
 */
export function readQuoted(text: string): { name: string; rest: string } | null {
  if (!text.startsWith('"')) return null;
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let at = 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') {
      return {
        name: new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts)),
        rest: text.slice(at + 1),
      };
    }
    if (char !== '\\') {
      let end = at;
      while (end < text.length && text[end] !== '"' && text[end] !== '\\') end++;
      parts.push(encoder.encode(text.slice(at, end)));
      at = end;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4));
    const simple = SIMPLE_ESCAPES[text.charAt(at + 1)];
    if (octal) {
      parts.push(Uint8Array.of(Number.parseInt(octal[0], 8)));
      at += 4;
    } else if (simple !== undefined) {
      parts.push(Uint8Array.of(simple));
      at += 2;
    } else {
      return null;
    }
  }
  return null;
}

/** Takes the first folder off (`patch -p1`, as `git am` does); null when there is none. */
export function stripFirst(name: string): string | null {
  const slash = name.indexOf('/');
  return slash < 0 || slash === name.length - 1 ? null : name.slice(slash + 1);
}

/** A name as it stands behind `rename from` and the like: maybe quoted, nothing to strip. */
export function wholeName(text: string): string | null {
  if (!text.startsWith('"')) return text === '' ? null : text;
  return readQuoted(text)?.name ?? null;
}

/**
 * The name behind `--- ` or `+++ `, without its first folder.
 * @returns `name` null for /dev/null; null when there is no name in it
 */
export function sideName(text: string): { name: string | null } | null {
  if (text.startsWith('"')) {
    const quoted = readQuoted(text);
    const name = quoted === null ? null : stripFirst(quoted.name);
    return name === null ? null : { name };
  }
  // diff(1) puts the date behind a tab, git a lone tab behind a name with spaces in it.
  const bare = text.split('\t', 1)[0]?.trimEnd() ?? '';
  if (bare === '/dev/null' || /^\/dev\/null\s/.test(bare)) return { name: null };
  const name = stripFirst(bare.replace(/ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( [+-]\d{4})?$/, ''));
  // An absolute name stays as it is, to be refused by its own name.
  if (bare.startsWith('/')) return { name: bare };
  return name === null ? null : { name };
}

/**
 * The two names of a `diff --git` line. git quotes each by itself; unquoted names can
 * hold spaces, so only equal halves can be told apart. Renames name their files again.
 * @param text what follows `diff --git `
 */
export function gitLineNames(text: string): { old: string; new: string } | null {
  const first = readName(text);
  if (first !== null) {
    const second = first.rest.startsWith(' ') ? readName(first.rest.slice(1), true) : null;
    const names = second && [stripFirst(first.name), stripFirst(second.name)];
    if (names?.[0] && names[1]) return { old: names[0], new: names[1] };
  }
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) {
    // Only one place can make halves of the same length behind prefixes of the same length.
    if (Math.abs(at - (text.length - at - 1)) > 64) continue;
    const old = stripFirst(text.slice(0, at));
    const second = text.slice(at + 1);
    const other = second.startsWith('"') ? readQuoted(second)?.name : second;
    const next = other === undefined ? null : stripFirst(other);
    if (old !== null && old === next) return { old, new: next };
  }
  // A rename: the names differ. The last ` b/` is the usual border.
  const border = text.lastIndexOf(' b/');
  if (border < 0) return null;
  const old = stripFirst(text.slice(0, border));
  const next = stripFirst(text.slice(border + 1));
  return old === null || next === null ? null : { old, new: next };
}

/** A quoted name, or (`toEnd`) all of an unquoted one. */
function readName(text: string, toEnd = false): { name: string; rest: string } | null {
  if (text.startsWith('"')) return readQuoted(text);
  return toEnd ? { name: text, rest: '' } : null;
}
