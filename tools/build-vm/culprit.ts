// SPDX-License-Identifier: MIT
/** Which patch and hunk of a series a line of the patched tree comes from. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AppliedPatch, AppliedSeries } from '../../core/tree.ts';
import { tryGit } from '../../kernel-tree/git.ts';
import { within } from '../../kernel-tree/slot.ts';
import type { CompilerError } from './compiler-errors.ts';

export interface Culprit {
  patch: AppliedPatch;
  /** 1-based place in the series. */
  index: number;
  total: number;
  path: string;
  /** The `@@` line of the hunk; null when only the file is known. */
  hunk: string | null;
}

/**
 * The patch that last touched the line, by `git blame` over the series' commits; null when
 * the line is the base's.
 */
export async function blameLine(
  applied: AppliedSeries,
  sourceDir: string,
  file: string,
  line: number,
): Promise<Culprit | null> {
  if (applied.patches.length === 0 || applied.commit === applied.tree.commit) return null;
  const range = `${applied.tree.commit}..${applied.commit}`;
  const args = ['blame', '-s', '--porcelain', '-L', `${line},${line}`, range, '--', file];
  const { exitCode, stdout } = await tryGit(within(sourceDir), args, { cwd: sourceDir });
  if (exitCode !== 0) return null;
  const [commit = '', original = ''] = stdout.split(/\s/);
  const index = applied.patches.findIndex((patch) => patch.commit === commit);
  const patch = applied.patches[index];
  if (patch === undefined) return null;
  // A renamed file has its name of that time in the porcelain output.
  const then = /^filename (.*)$/m.exec(stdout)?.[1] ?? file;
  const hunk = await hunkAt(sourceDir, commit, then, Number(original));
  return { patch, index: index + 1, total: applied.patches.length, path: then, hunk };
}

/** The last patch that touched a file at all. */
export async function blameFile(
  applied: AppliedSeries,
  sourceDir: string,
  file: string,
): Promise<Culprit | null> {
  if (applied.patches.length === 0 || applied.commit === applied.tree.commit) return null;
  const range = `${applied.tree.commit}..${applied.commit}`;
  const args = ['log', '-1', '--format=%H', range, '--', file];
  const { exitCode, stdout } = await tryGit(within(sourceDir), args, { cwd: sourceDir });
  const index = applied.patches.findIndex(({ commit }) => commit === stdout.trim());
  const patch = applied.patches[index];
  if (exitCode !== 0 || patch === undefined) return null;
  return { patch, index: index + 1, total: applied.patches.length, path: file, hunk: null };
}

async function hunkAt(sourceDir: string, commit: string, file: string, line: number): Promise<string | null> {
  const args = ['diff', '--no-color', '--no-ext-diff', '-U3', `${commit}^`, commit, '--', file];
  const { stdout } = await tryGit(within(sourceDir), args, { cwd: sourceDir });
  for (const match of stdout.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@.*$/gm)) {
    const start = Number(match[1]);
    if (line >= start && line < start + Number(match[2] ?? 1)) return match[0];
  }
  return null;
}

/** `2/3 vsock/virtio: post larger buffers` */
export function patchName({ index, total, patch }: Culprit): string {
  return `${index}/${total} ${patch.subject}`;
}

/** The error with its patch, hunk and the lines around it, to print below a message. */
export async function describeError(
  error: CompilerError,
  culprit: Culprit | null,
  sourceDir: string,
): Promise<string> {
  const place = error.line === null ? error.path : `${error.path}:${error.line}`;
  const lines = [`${place}: ${error.text}`];
  if (culprit !== null) {
    lines.push(`  patch ${patchName(culprit)}`);
    if (culprit.hunk !== null) lines.push(`  ${culprit.hunk}`);
  }
  if (error.line !== null) lines.push(...(await linesAround(sourceDir, error.path, error.line)));
  else lines.push(...error.context.slice(0, 6).map((line) => `  ${line}`));
  return lines.join('\n');
}

async function linesAround(sourceDir: string, file: string, line: number): Promise<string[]> {
  const whole = path.resolve(sourceDir, file);
  // A `#line` directive can name any file.
  if (!whole.startsWith(`${sourceDir}${path.sep}`)) return [];
  const text = await readFile(whole, 'utf8').catch(() => null);
  if (text === null) return [];
  const all = text.split('\n');
  const first = Math.max(1, line - 3);
  const width = String(line + 3).length;
  return all.slice(first - 1, line + 3).map((content, index) => {
    const number = first + index;
    return `  ${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${content}`;
  });
}
