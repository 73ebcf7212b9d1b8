// SPDX-License-Identifier: MIT
/** Stack traces to file:line, by the tree's own scripts/decode_stacktrace.sh. */
import path from 'node:path';
import type { Splat } from '../../core/run.ts';
import { run } from '../../system/exec.ts';

export interface DebugFiles {
  vmlinux: string;
  /** The folder with the tree's decode_stacktrace.sh. */
  scripts: string;
}

const LIMIT_MS = 60_000;
const FRAME = /\b([\w.]+)\+0x[0-9a-f]+\/0x[0-9a-f]+/;

/**
 * The splat with `function+0x1c/0x80` turned into `function (file.c:12)`; as it was
 * where the script cannot tell (it is an aid, a verdict does not hang on it).
 */
export async function resolveSplat(splat: Splat, files: DebugFiles, signal: AbortSignal): Promise<Splat> {
  if (!FRAME.test(splat.text)) return splat;
  const result = await run('bash', [path.join(files.scripts, 'decode_stacktrace.sh'), files.vmlinux], {
    input: `${splat.text}\n`,
    timeout: LIMIT_MS,
    signal,
  });
  if (result.exitCode !== 0 || result.stdout.trim() === '') return splat;
  const text = result.stdout.trimEnd();
  return { ...splat, text, where: resolvedPlace(splat.where, text) ?? splat.where };
}

/** `func+0x1/0x2` as the script resolved it: `func (net/a.c:12)`; null when it did not. */
export function resolvedPlace(where: string | null, text: string): string | null {
  const name = where === null ? null : (FRAME.exec(where)?.[1] ?? where);
  if (name === null) return null;
  for (const line of text.split('\n')) {
    const match = /\b([\w.]+) \(([\w./-]+:\d+)[^)]*\)/.exec(line);
    if (match !== null && match[1] === name) return `${name} (${match[2]})`;
  }
  return null;
}
