// SPDX-License-Identifier: MIT
/** For the tests of this folder: the shipped series as v1, and next versions made from it by editing its mails. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FileDiff, Patch } from '../../core/series.ts';
import { parseDiff } from '../../patches/diff.ts';
import { parseMail } from '../../patches/mail.ts';

const SHIPPED = path.resolve(import.meta.dirname, '../../patches/vsock-rx-buffers/v1');

/** Text → text of one mail; lines of its hunks may be put in and taken out, the counts follow. */
export type Edit = (mail: string) => string;

/** The mails of the four patches, by number from 1 on. */
function mailTexts(): string[] {
  return readdirSync(SHIPPED)
    .filter((name) => /^000[1-9]/.test(name))
    .sort()
    .map((name) => readFileSync(path.join(SHIPPED, name), 'utf8'));
}

/**
 * The patches of the shipped series.
 * @param edits by the patch's number
 */
export async function version(edits: Record<number, Edit> = {}): Promise<Patch[]> {
  return await Promise.all(mailTexts().map((text, at) => patchOf(edits[at + 1]?.(text) ?? text, at + 1)));
}

/** The files of one patch of the shipped series. */
export async function filesOf(number: number, edit: Edit = (text) => text): Promise<FileDiff[]> {
  return (await patchOf(edit(mailTexts()[number - 1] ?? ''), number)).files;
}

async function patchOf(mail: string, number: number): Promise<Patch> {
  // A diffstat would have to be edited, too.
  const text = recounted(mail.replace(/^---\n[\s\S]*?^diff /m, '---\n\ndiff '));
  const parsed = await parseMail(Buffer.from(text), `v1/${number}`);
  if (parsed.kind !== 'patch') throw new Error(`patch ${number} is none: ${JSON.stringify(parsed)}`);
  return parsed.patch;
}

/** Replaces what is there exactly once. */
export function swap(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`not there once: ${from}`);
  return text.replace(from, () => to);
}

/** One file, its hunks given as `@@ heading` and lines with their column. */
export function fileDiff(name: string, ...lines: string[]): FileDiff {
  const text = recounted(
    [
      `diff --git a/${name} b/${name}`,
      `--- a/${name}`,
      `+++ b/${name}`,
      ...lines.map((line) => line.replace(/^@@ ?(?!.*@@)/, '@@ -10,1 +10,1 @@ ')),
      '',
    ].join('\n'),
  );
  return parseDiff(text)[0] as FileDiff;
}

/** The text with the counts of its hunks set right, and the starts moved along within a file. */
function recounted(text: string): string {
  const lines = text.split('\n');
  let shift = 0;
  return lines
    .map((line, at) => {
      if (line.startsWith('diff ')) shift = 0;
      const header = /^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@(.*)$/.exec(line);
      if (header === null) return line;
      let [old, next] = [0, 0];
      for (const one of lines.slice(at + 1)) {
        if (!/^[ +\\-]/.test(one) || one === '-- ') break;
        if (/^[ -]/.test(one)) old++;
        if (/^[ +]/.test(one)) next++;
      }
      const start = Number(header[1]);
      const result = `@@ -${start},${old} +${start + shift},${next} @@${header[2]}`;
      shift += next - old;
      return result;
    })
    .join('\n');
}
