// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../../core/errors.ts';
import { run, tail } from '../../../system/exec.ts';
import { temporaryFolder } from '../../../system/temporary-folder.ts';
import { newWarnings, type Warning } from '../builds/new-warnings.ts';
import { atWarning } from '../builds/places.ts';
import { pathOf } from '../places.ts';
import type { CheckTree, Found, Rule } from '../rule.ts';

export const kernelDoc: Rule = {
  id: 'kernel-doc',
  kind: 'build',
  severity: 'warning',
  title: 'no patch brings a new warning of scripts/kernel-doc',
  explanation: `A comment that begins with /** is kernel-doc: it names every parameter and member, and "the kernel-doc
tool" checks that it does. It is run on the C files and headers a patch touches, before and after.`,
  link: 'https://docs.kernel.org/doc-guide/kernel-doc.html',
  needs: 'tree',
  advice: 'describe what is missing, or begin the comment with /* when it is no kernel-doc',
  check: async (input) => {
    const touched = input.series.patches.some((patch) => patch.files.some((file) => isSource(pathOf(file))));
    if (!touched) return { notForThis: 'it touches no C file and no header' };
    const tree = await input.tree();
    const scripts = await tree.scripts();
    const found: Found[] = [];
    for (const patch of input.series.patches) {
      const names = patch.files.map(pathOf).filter(isSource);
      if (names.length === 0) continue;
      const before = await kernelDocWarnings(tree, tree.before(patch.index), names, scripts, input.signal);
      const after = await kernelDocWarnings(tree, tree.after(patch.index), names, scripts, input.signal);
      found.push(...newWarnings(before, after, patch).map((warning) => atWarning(patch, warning)));
    }
    return found;
  },
};

function isSource(name: string): boolean {
  return /\.[ch]$/.test(name) && !name.startsWith('tools/');
}

const WARNING = /^(?:[Ww]arning: |[Ee]rror: )?([^\s:]+):(\d+):? (?:warning|error): (.*)$/;

async function kernelDocWarnings(
  tree: CheckTree,
  commit: string,
  names: readonly string[],
  scripts: string,
  signal: AbortSignal,
): Promise<Warning[]> {
  await using folder = await temporaryFolder();
  const there: string[] = [];
  for (const name of names) {
    const text = await tree.file(commit, name);
    if (text === null) continue;
    const place = path.join(folder.path, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
    there.push(name);
  }
  if (there.length === 0) return [];
  const script = path.join(scripts, 'scripts', 'kernel-doc');
  const { exitCode, stderr, stdout } = await run(script, ['-none', ...there], { cwd: folder.path, signal });
  const warnings = `${stdout}\n${stderr}`.split('\n').flatMap((line) => {
    const found = WARNING.exec(line);
    return found ? [{ path: found[1] ?? '', line: Number(found[2]), text: found[3] ?? '' }] : [];
  });
  // It ends with the number of errors; without any words something else is wrong.
  if (exitCode === 0 || warnings.length > 0) return warnings;
  throw new RespinError({
    code: 'KERNEL_DOC_FAILED',
    blame: 'machine',
    message: `scripts/kernel-doc of the tree ended with ${exitCode}: ${tail(stderr, 3)}`,
  });
}
