// SPDX-License-Identifier: MIT
/**
 * What `gcov --json-format --stdout` prints → counts by line. The format is in gcov(1) under --json-format: a document for
 * each notes file, with the files the object was made from, and a line once for each function that has it.
 */

/** File as gcov names it → line → how often it ran. A line that is not there has no code. */
export type LineCounts = Map<string, Map<number, number>>;

interface GcovFile {
  file: string;
  lines: { line_number: number; count: number }[];
}

/**
 * The counts of all documents together.
 * @throws Error for text that is not gcov's JSON
 */
export function readGcovJson(text: string): LineCounts {
  const counts: LineCounts = new Map();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    for (const file of filesOf(line)) {
      const known = counts.get(file.file) ?? new Map<number, number>();
      counts.set(file.file, known);
      for (const { line_number: number, count } of file.lines) {
        known.set(number, (known.get(number) ?? 0) + Math.max(0, count));
      }
    }
  }
  return counts;
}

function filesOf(json: string): GcovFile[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error('gcov printed something that is not JSON', { cause });
  }
  const files = (value as { files?: unknown } | null)?.files;
  if (!Array.isArray(files) || !files.every(isFile)) throw new Error("gcov's JSON has no files with lines");
  return files;
}

function isFile(value: unknown): value is GcovFile {
  const { file, lines } = (value ?? {}) as { file?: unknown; lines?: unknown };
  return typeof file === 'string' && Array.isArray(lines) && lines.every(isLine);
}

function isLine(value: unknown): boolean {
  const { line_number: number, count } = (value ?? {}) as { line_number?: unknown; count?: unknown };
  return Number.isInteger(number) && typeof count === 'number';
}
