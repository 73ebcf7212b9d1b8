// SPDX-License-Identifier: MIT
/** A text as a TOML basic string (toml.io v1.0.0, "String"). */

/** In quotes and on one line, whatever is in it: control characters are escaped, lone surrogates replaced. */
export function tomlString(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (char) => {
    const known: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };
    return known[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  // A lone surrogate is no text: TOML files are UTF-8.
  return `"${escaped.toWellFormed()}"`;
}
