// SPDX-License-Identifier: MIT
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../../core/errors.ts';
import { run, tail } from '../../../system/exec.ts';
import { temporaryFolder } from '../../../system/temporary-folder.ts';
import { newWarnings, type Warning } from '../builds/new-warnings.ts';
import { atWarning } from '../builds/places.ts';
import { pathOf } from '../places.ts';
import type { CheckTree, Rule } from '../rule.ts';

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
    const [tree, scripts] = await Promise.all([input.tree(), input.scripts()]);
    await using folder = await temporaryFolder();
    const texts = new TextFolder(folder.path, tree);
    const patches = [];
    for (const patch of input.series.patches) {
      const names = patch.files.map(pathOf).filter(isSource);
      const before = await texts.of(tree.before(patch.index), names);
      const after = await texts.of(tree.after(patch.index), names);
      patches.push({ patch, before, after });
    }
    const warnings = await kernelDocWarnings(texts, scripts, input.signal);
    const said = (of: readonly string[]): Warning[] => of.flatMap((text) => warnings.get(text) ?? []);
    return patches.flatMap(({ patch, before, after }) =>
      newWarnings(said(before), said(after), patch).map((warning) => atWarning(patch, warning)),
    );
  },
};

function isSource(name: string): boolean {
  return /\.[ch]$/.test(name) && !name.startsWith('tools/');
}

/** Files of many commits in one folder, each text of a file once: `3/net/vmw_vsock/af_vsock.c`. */
class TextFolder {
  readonly path: string;
  readonly #tree: CheckTree;
  readonly #known = new Map<string, string>();

  constructor(path: string, tree: CheckTree) {
    this.path = path;
    this.#tree = tree;
  }

  get names(): string[] {
    return [...this.#known.values()];
  }

  /** @returns where they are in the folder; those that the commit has */
  async of(commit: string, names: readonly string[]): Promise<string[]> {
    const there: string[] = [];
    for (const name of names) {
      const text = await this.#tree.file(commit, name);
      if (text === null) continue;
      const key = `${name}\n${text}`;
      let place = this.#known.get(key);
      if (place === undefined) {
        place = `${this.#known.size}/${name}`;
        this.#known.set(key, place);
        const file = path.join(this.path, place);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      there.push(place);
    }
    return there;
  }
}

const WARNING = /^(?:[Ww]arning: |[Ee]rror: )?(\d+\/([^\s:]+)):(\d+):? (?:warning|error): (.*)$/;

/** One run over all of them: the script takes longer to start than to read a file. */
async function kernelDocWarnings(
  texts: TextFolder,
  scripts: string,
  signal: AbortSignal,
): Promise<Map<string, Warning[]>> {
  const warnings = new Map<string, Warning[]>();
  if (texts.names.length === 0) return warnings;
  const script = path.join(scripts, 'scripts', 'kernel-doc');
  const { exitCode, stderr, stdout } = await run(script, ['-none', ...texts.names], {
    ...{ cwd: texts.path, signal },
  });
  for (const line of `${stdout}\n${stderr}`.split('\n')) {
    const [, place, name, at, text] = WARNING.exec(line) ?? [];
    if (place === undefined || name === undefined) continue;
    const list = warnings.get(place) ?? [];
    list.push({ path: name, line: Number(at), text: text ?? '' });
    warnings.set(place, list);
  }
  // It ends with the number of errors; without any words something else is wrong.
  if (exitCode === 0 || warnings.size > 0) return warnings;
  throw new RespinError({
    code: 'KERNEL_DOC_FAILED',
    blame: 'machine',
    message: `scripts/kernel-doc of the tree ended with ${exitCode}: ${tail(stderr, 3)}`,
  });
}
