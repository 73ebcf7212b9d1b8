// SPDX-License-Identifier: MIT
import { RespinError } from '../../../core/errors.ts';
import type { Warning } from '../builds/new-warnings.ts';
import { versionOf } from '../builds/shop.ts';
import { semanticPatchReports } from '../coccinelle.ts';
import { placeInSeries } from '../final-place.ts';
import { pathOf } from '../places.ts';
import type { CheckTree, Rule } from '../rule.ts';

export const coccicheck: Rule = {
  id: 'coccicheck',
  kind: 'build',
  severity: 'warning',
  title: 'no new report of the semantic patches in scripts/coccinelle',
  explanation: `The tree's semantic patches find misuse of an API that compiles well: a lock that is not released, a
reference that is dropped twice, an allocation that is cleared by hand. They are run in report mode on the C files of
the series, as make coccicheck would, on the base and with all patches applied; what is new is told at the line that
brought it. "Please check for false positives in the output before submitting a patch."`,
  link: 'https://docs.kernel.org/dev-tools/coccinelle.html',
  needs: 'build',
  advice: 'see the head of the semantic patch for what it looks for; waive a false positive with the reason',
  check: async (input) => {
    const files = new Set(input.series.patches.flatMap(({ files }) => files.map(pathOf)));
    const sources = [...files].filter((name) => name.endsWith('.c') && !name.startsWith('tools/'));
    if (sources.length === 0) return { notForThis: 'it touches no C file of the kernel' };
    const version = await versionOf('spatch');
    if (version === null) {
      throw new RespinError({
        code: 'TOOL_MISSING',
        blame: 'machine',
        message: 'coccinelle (spatch) is not installed',
        hint: 'apt install coccinelle',
      });
    }
    const tree = await input.tree();
    const { commit } = tree.applied;
    const base = tree.applied.tree.commit;
    const [texts, baseTexts] = [await textsOf(tree, commit, sources), await textsOf(tree, base, sources)];
    const scripts = await input.scripts();
    const before = await semanticPatchReports(scripts, baseTexts, version, input.signal);
    const after = await semanticPatchReports(scripts, texts, version, input.signal);
    const found = newReports(before.warnings, after.warnings).map(({ path, line, text }) => {
      const own = line === null ? '' : (texts.get(path)?.split('\n')[line - 1] ?? '');
      const { place, quote } = placeInSeries(input.series, path, own);
      return { place, quote, text: place.on === 'line' ? text : `${path}:${line}: ${text}` };
    });
    return after.failed.length === 0
      ? found
      : { found, unknown: `semantic patches that did not run: ${after.failed.join('; ')}` };
  },
};

async function textsOf(
  tree: CheckTree,
  commit: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const name of names) {
    const text = await tree.file(commit, name);
    if (text !== null) texts.set(name, text);
  }
  return texts;
}

/** By file and words; the line numbers that some reports have in their words do not count. */
function newReports(before: readonly Warning[], after: readonly Warning[]): Warning[] {
  const keyOf = ({ path, text }: Warning): string => `${path}\0${text.replace(/\d+/g, 'N')}`;
  const left = new Map<string, number>();
  for (const one of before) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return after.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}
