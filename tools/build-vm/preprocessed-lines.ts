// SPDX-License-Identifier: MIT
/** Which lines of a source the preprocessor left: what the configuration compiles, and what it does not. */

/** `# 12 "net/vmw_vsock/af_vsock.c" 1 3`: a linemarker, "Preprocessor Output" in the manual of cpp. */
const LINEMARKER = /^# (\d+) "((?:[^"\\]|\\.)*)"/;

/**
 * Reads a `.i` file.
 * @param place a path as a linemarker has it → the path in the tree; null for one that is not wanted
 * @returns path in the tree → its lines that have something on them, 1-based
 */
export function preprocessedLines(
  text: string,
  place: (printed: string) => string | null,
): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>();
  const places = new Map<string, string | null>();
  let file: string | null = null;
  let number = 0;
  for (const line of text.split('\n')) {
    const marker = line.startsWith('#') ? LINEMARKER.exec(line) : null;
    if (marker !== null) {
      const printed = (marker[2] ?? '').replace(/\\(.)/g, '$1');
      if (!places.has(printed)) places.set(printed, place(printed));
      file = places.get(printed) ?? null;
      number = Number(marker[1]);
      continue;
    }
    if (file !== null && line.trim() !== '') {
      const known = lines.get(file);
      if (known === undefined) lines.set(file, new Set([number]));
      else known.add(number);
    }
    number++;
  }
  return lines;
}
