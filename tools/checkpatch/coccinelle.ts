// SPDX-License-Identifier: MIT
/**
 * The tree's semantic patches (scripts/coccinelle/**.cocci) on single files, as `make coccicheck
 * MODE=report` calls them: scripts/coccicheck cannot be had for one file without a build, and stops at the
 * first semantic patch that needs a compiler for OCaml.
 */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { inParallel } from '../../core/in-parallel.ts';
import { run } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { temporaryFolder } from '../../system/temporary-folder.ts';
import { writeWhole } from '../../system/whole.ts';
import type { Warning } from './builds/new-warnings.ts';

/** One semantic patch on the files of a series. */
const LIMIT_MS = 120_000;

export interface Reports {
  warnings: Warning[];
  /** Semantic patches that did not come to an end, with the reason. */
  failed: string[];
}

/**
 * What the semantic patches report of the files.
 * @param scripts a folder with the tree's scripts/
 * @param texts path in the tree → content
 */
export async function semanticPatchReports(
  scripts: string,
  texts: ReadonlyMap<string, string>,
  version: string,
  signal: AbortSignal,
): Promise<Reports> {
  if (texts.size === 0) return { warnings: [], failed: [] };
  const patches = await semanticPatches(path.join(scripts, 'scripts', 'coccinelle'));
  const key = createHash('sha256').update(
    JSON.stringify([1, version, [...texts], patches.map(({ text }) => text)]),
  );
  const file = cachePath('warnings', `cocci-${key.digest('hex').slice(0, 40)}.json`);
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return JSON.parse(kept) as Reports;
  await using folder = await temporaryFolder();
  for (const [name, text] of texts) {
    const place = path.join(folder.path, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
  }
  const failed: string[] = [];
  const results = await inParallel(patches, availableParallelism(), async ({ name, options }) => {
    const args = ['-D', 'report', '--no-show-diff', '--very-quiet', '--cocci-file', name, ...options];
    const result = await run('spatch', [...args, ...texts.keys()], {
      cwd: folder.path,
      signal,
      timeout: LIMIT_MS,
    });
    if (result.exitCode === 0) return parseReport(result.stdout);
    failed.push(`${path.basename(name)}: ${whyFailed(result.stderr)}`);
    return [];
  });
  const reports = { warnings: results.flat(), failed: failed.sort() };
  // One that ran out of time on a busy machine may come to its end the next time.
  if (failed.length === 0) await writeWhole(file, JSON.stringify(reports));
  return reports;
}

interface SemanticPatch {
  /** Absolute. */
  name: string;
  text: string;
  options: string[];
}

/** Those that can report, with the options their head asks for (`// Options: …`). */
async function semanticPatches(folder: string): Promise<SemanticPatch[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.cocci')).sort();
  const found: SemanticPatch[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const text = await readFile(file, 'utf8');
    if (!/^virtual\b.*\breport\b/m.test(text)) continue;
    // An OCaml compiler is 200 MB, for two of 73; one of them is about a single driver.
    if (/^@\s*(?:script|initialize):\s*ocaml\b/m.test(text)) continue;
    const options = /^\/\/[/#]? *Options: *(.*)$/m.exec(text)?.[1] ?? '';
    found.push({ name: file, text, options: options.split(/\s+/).filter((word) => word.startsWith('--')) });
  }
  return found;
}

const REPORT = /^(?:\.\/)?([^\s:]+):(\d+):\d+-\d+: ?(.*)$/;

/** `net/x.c:12:3-10: WARNING: …`, as the semantic patches' report mode prints it. */
export function parseReport(output: string): Warning[] {
  const warnings: Warning[] = [];
  for (const line of output.split('\n')) {
    const found = REPORT.exec(line);
    if (found) warnings.push({ path: found[1] ?? '', line: Number(found[2]), text: (found[3] ?? '').trim() });
  }
  return warnings;
}

function whyFailed(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return (
    lines.findLast((line) => /error|exception|failed|no ocaml/i.test(line)) ??
    lines.at(-1) ??
    'no reason given'
  );
}
